-- How long customers wait until they order again: order lines by the days since their order before.
-- Lines without that number are first orders; they stand at the end.
SELECT
  days_since_prior_order,
  count(*) AS order_lines,
  count(DISTINCT order_id) AS orders,
  round(CAST(count(*) AS double) / sum(count(*)) OVER (), 4) AS share
FROM order_items
GROUP BY days_since_prior_order
ORDER BY days_since_prior_order NULLS LAST
