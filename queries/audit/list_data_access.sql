-- Who read, wrote or deleted data in the last seven days, by folder, from the audit trail's data events.
-- A role counts as one, whatever its sessions are called. CloudTrail delivers most events within minutes.
SELECT
  coalesce(regexp_extract(a.useridentity.arn, '^[^/]+/[^/]+'), a.useridentity.invokedby) AS who,
  a.eventname AS action,
  regexp_extract(accessed.arn, ':::([^/]+/[^/]+)', 1) AS folder,
  count(*) AS requests,
  count_if(a.errorcode IS NOT NULL) AS refused,
  min(a.eventtime) AS first_at,
  max(a.eventtime) AS last_at
FROM audit_events a
CROSS JOIN UNNEST(transform(a.resources, resource -> resource.arn)) AS accessed (arn)
WHERE a.day >= date_format(date_add('day', -7, now()), '%Y/%m/%d')
  AND accessed.arn LIKE '%:::%/%'
GROUP BY 1, 2, 3
ORDER BY requests DESC, who, action, folder
