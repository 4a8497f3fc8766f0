-- What each department sells and how often customers come back for it.
-- Grouped by the department's name: an id may carry several names in the source.
SELECT
  p.department,
  count(DISTINCT p.product_id) AS products_sold,
  count(*) AS order_lines,
  round(avg(CASE WHEN i.reordered THEN 1e0 ELSE 0e0 END), 3) AS reorder_rate,
  round(avg(CAST(i.add_to_cart_order AS double)), 2) AS average_cart_position
FROM order_items i
JOIN products p ON p.product_id = i.product_id
GROUP BY p.department
ORDER BY order_lines DESC, p.department
