-- The fifty products that are on most order lines, with the share of lines that were reorders.
-- Counts lines, not pieces: the data has no quantity.
SELECT
  p.product_id,
  p.product_name,
  p.department,
  count(*) AS order_lines,
  count(DISTINCT i.user_id) AS customers,
  round(avg(CASE WHEN i.reordered THEN 1e0 ELSE 0e0 END), 3) AS reorder_rate
FROM order_items i
JOIN products p ON p.product_id = i.product_id
GROUP BY p.product_id, p.product_name, p.department
ORDER BY order_lines DESC, p.product_id
LIMIT 50
