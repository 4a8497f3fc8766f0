-- Order lines whose date is not the date of their order: late bookings, or a source that stamps lines on its own.
-- Worth a look when many, because queries that join by date lose such lines.
SELECT
  o.date AS order_date,
  i.date AS item_date,
  date_diff('day', o.date, i.date) AS days_apart,
  count(*) AS order_lines,
  min(i.id) AS example
FROM order_items i
JOIN orders o ON o.order_id = i.order_id
WHERE i.date <> o.date
GROUP BY o.date, i.date
ORDER BY order_lines DESC, order_date, item_date
LIMIT 100
