"""The SQL of ``lakehouse diff``, by the TypeScript that the command itself runs."""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from instances import PROJECT

_BUILD = """
const { columnsSql, countsSql, rowsSql } = require(process.argv[1]);
const { roles, before, after, limit } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const present = { before, after };
process.stdout.write(JSON.stringify({
  columns: columnsSql('before'), counts: countsSql(roles, present), rows: rowsSql(roles, present, limit),
}));
"""


@dataclass(frozen=True)
class Roles:
    """Columns by what they are for (src/contract/columnRoles.ts)."""

    key: list[str]
    values: list[str]
    lineage: list[str]


@dataclass(frozen=True)
class DiffSql:
    """The three queries of a diff."""

    columns: str
    counts: str
    rows: str


def diff_sql(toolchain: Path, roles: Roles, before: list[str], after: list[str], limit: int) -> DiffSql:
    """The queries for versions that have the columns ``before`` and ``after``."""
    node = json.loads(toolchain.read_text())["node"]
    request = {"roles": asdict(roles), "before": before, "after": after, "limit": limit}
    finished = subprocess.run(
        [node, "--require", "tsx/cjs", "-e", _BUILD, str(PROJECT / "src" / "cli" / "diff" / "sql.ts")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    return DiffSql(**json.loads(finished.stdout))
