#!/usr/bin/env bash
# Puts the rules of the repository in force: who may change main, and who lets a deploy into which environment.
# Run it again after a change here; it sets, it does not add.
#   .github/protect.sh OWNER/NAME REVIEWER_TEAM_ID
# Needs the GitHub CLI, logged in as an administrator of the repository. The id: gh api orgs/OWNER/teams/TEAM --jq .id
set -euo pipefail
repository=${1:?OWNER/NAME of the repository}
reviewers=${2:?id of the team that approves deploys to prod}

# main: a reviewed pull request with a green ci, no way around it for administrators, a linear history.
gh api --method PUT "repos/$repository/branches/main/protection" --input - <<'JSON'
{
  "required_status_checks": { "strict": true, "contexts": ["test"] },
  "enforce_admins": true,
  "required_pull_request_reviews": {
    "required_approving_review_count": 1,
    "require_code_owner_reviews": true,
    "dismiss_stale_reviews": true,
    "require_last_push_approval": true
  },
  "restrictions": null,
  "required_linear_history": true,
  "allow_force_pushes": false,
  "allow_deletions": false,
  "required_conversation_resolution": true
}
JSON

# Environments: only main deploys; prod waits for somebody who did not start it. The watchers need nobody.
environment() {
  gh api --method PUT "repos/$repository/environments/$1" --input - <<JSON
{ "reviewers": $2, "prevent_self_review": $3, "deployment_branch_policy": { "protected_branches": true, "custom_branch_policies": false } }
JSON
}
environment staging null false
environment prod "[{ \"type\": \"Team\", \"id\": $reviewers }]" true
environment staging-watch null false
environment prod-watch null false

# Workflows get a read-only token unless a job asks for more, and actions are taken by commit only.
gh api --method PUT "repos/$repository/actions/permissions/workflow" --input - <<'JSON'
{ "default_workflow_permissions": "read", "can_approve_pull_request_reviews": false }
JSON
