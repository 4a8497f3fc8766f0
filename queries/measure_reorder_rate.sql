-- Share of order lines that a customer had bought before, by day, and of orders that hold at least one such line.
WITH baskets AS (
  SELECT date AS day, order_id, count(*) AS order_lines, count_if(reordered) AS reordered_lines
  FROM order_items
  GROUP BY date, order_id
)
SELECT
  day,
  sum(order_lines) AS order_lines,
  sum(reordered_lines) AS reordered_lines,
  round(CAST(sum(reordered_lines) AS double) / sum(order_lines), 3) AS reorder_rate,
  round(CAST(count_if(reordered_lines > 0) AS double) / count(*), 3) AS orders_with_reorder
FROM baskets
GROUP BY day
ORDER BY day DESC
