-- The fifty pairs of products that most orders hold both of, with how often the second is in a basket with the first.
-- Joins order_items with itself by order: on years of data add a condition on date.
WITH baskets AS (
  SELECT DISTINCT order_id, product_id FROM order_items
),
sold AS (
  SELECT product_id, count(*) AS orders FROM baskets GROUP BY product_id
),
pairs AS (
  SELECT a.product_id AS first_id, b.product_id AS second_id, count(*) AS orders_with_both
  FROM baskets a
  JOIN baskets b ON b.order_id = a.order_id AND b.product_id > a.product_id
  GROUP BY a.product_id, b.product_id
)
SELECT
  p.first_id,
  f.product_name AS first_name,
  p.second_id,
  s.product_name AS second_name,
  p.orders_with_both,
  round(CAST(p.orders_with_both AS double) / o.orders, 3) AS share_of_first
FROM pairs p
JOIN sold o ON o.product_id = p.first_id
JOIN products f ON f.product_id = p.first_id
JOIN products s ON s.product_id = p.second_id
ORDER BY p.orders_with_both DESC, p.first_id, p.second_id
LIMIT 50
