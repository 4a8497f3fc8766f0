SELECT 'orders_primary_key_unique' AS name, count(*) - count(DISTINCT "order_id") AS violations FROM orders
UNION ALL
SELECT 'orders_required_present' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM orders WHERE "order_num" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "order_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "user_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "order_timestamp" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "total_amount" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "date" IS NULL
)
UNION ALL
SELECT 'orders_within_range' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM orders WHERE "order_timestamp" < TIMESTAMP '2000-01-01 00:00:00'
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "total_amount" < 0
)
UNION ALL
SELECT 'products_primary_key_unique' AS name, count(*) - count(DISTINCT "product_id") AS violations FROM products
UNION ALL
SELECT 'products_required_present' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM products WHERE "product_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM products WHERE "department_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM products WHERE "department" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM products WHERE "product_name" IS NULL
)
UNION ALL
SELECT 'order_items_primary_key_unique' AS name, count(*) - count(DISTINCT "id") AS violations FROM order_items
UNION ALL
SELECT 'order_items_required_present' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM order_items WHERE "id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "order_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "user_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "product_id" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "add_to_cart_order" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "reordered" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "order_timestamp" IS NULL
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "date" IS NULL
)
UNION ALL
SELECT 'order_items_within_range' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM order_items WHERE "days_since_prior_order" < 0
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "add_to_cart_order" < 1
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "order_timestamp" < TIMESTAMP '2000-01-01 00:00:00'
)
UNION ALL
SELECT 'order_items_order_id_exists' AS name, count(*) AS violations FROM order_items c LEFT JOIN orders p ON c."order_id" = p."order_id" WHERE p."order_id" IS NULL
UNION ALL
SELECT 'order_items_product_id_exists' AS name, count(*) AS violations FROM order_items c LEFT JOIN products p ON c."product_id" = p."product_id" WHERE p."product_id" IS NULL
