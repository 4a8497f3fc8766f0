-- Size and value of the baskets of each day: lines per order, value per line, share of orders with a single line.
-- Orders without any line are counted as baskets of zero lines, so that missing items show.
WITH baskets AS (
  SELECT o.date AS day, o.order_id, o.total_amount, count(i.id) AS order_lines
  FROM orders o
  LEFT JOIN order_items i ON i.order_id = o.order_id AND i.date = o.date
  GROUP BY o.date, o.order_id, o.total_amount
)
SELECT
  day,
  count(*) AS orders,
  round(avg(CAST(order_lines AS double)), 2) AS average_lines,
  max(order_lines) AS most_lines,
  round(sum(total_amount) / nullif(sum(order_lines), 0), 2) AS value_per_line,
  round(avg(CASE WHEN order_lines = 1 THEN 1e0 ELSE 0e0 END), 3) AS single_line_share
FROM baskets
GROUP BY day
ORDER BY day DESC
