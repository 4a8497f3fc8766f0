-- Late data: order lines that wait for an order or a product that has not arrived, by day and what is missing.
-- They enter the table by themselves when the parent comes; those that wait too long become rejects.
SELECT
  date AS day,
  array_join(_missing, ', ') AS missing,
  count(*) AS waiting_lines,
  count(DISTINCT order_id) AS orders,
  min(_waiting_since) AS oldest_since,
  min(id) AS example
FROM order_items_orphans
GROUP BY date, array_join(_missing, ', ')
ORDER BY day, missing
