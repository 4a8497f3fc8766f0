SELECT 'orders_primary_key_unique' AS name, count(*) - count(DISTINCT t."order_id") AS violations FROM orders t JOIN (SELECT DISTINCT "order_id" FROM orders WHERE "_batch" = :batch) b ON t."order_id" = b."order_id"
UNION ALL
SELECT 'orders_required_present' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("order_num" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("order_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("user_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("order_timestamp" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("total_amount" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("date" IS NULL)
)
UNION ALL
SELECT 'orders_within_range' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("order_timestamp" < TIMESTAMP '2000-01-01 00:00:00')
  UNION ALL
  SELECT count(*) AS cells FROM orders WHERE "_batch" = :batch AND ("total_amount" < 0)
)
UNION ALL
SELECT 'products_primary_key_unique' AS name, count(*) - count(DISTINCT t."product_id") AS violations FROM products t JOIN (SELECT DISTINCT "product_id" FROM products WHERE "_batch" = :batch) b ON t."product_id" = b."product_id"
UNION ALL
SELECT 'products_required_present' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM products WHERE "_batch" = :batch AND ("product_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM products WHERE "_batch" = :batch AND ("department_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM products WHERE "_batch" = :batch AND ("department" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM products WHERE "_batch" = :batch AND ("product_name" IS NULL)
)
UNION ALL
SELECT 'order_items_primary_key_unique' AS name, count(*) - count(DISTINCT t."id") AS violations FROM order_items t JOIN (SELECT DISTINCT "id" FROM order_items WHERE "_batch" = :batch) b ON t."id" = b."id"
UNION ALL
SELECT 'order_items_required_present' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("order_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("user_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("product_id" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("add_to_cart_order" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("reordered" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("order_timestamp" IS NULL)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("date" IS NULL)
)
UNION ALL
SELECT 'order_items_within_range' AS name, sum(cells) AS violations FROM (
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("days_since_prior_order" < 0)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("add_to_cart_order" < 1)
  UNION ALL
  SELECT count(*) AS cells FROM order_items WHERE "_batch" = :batch AND ("order_timestamp" < TIMESTAMP '2000-01-01 00:00:00')
)
UNION ALL
SELECT 'order_items_order_id_exists' AS name, sum(keys) AS violations FROM (
  SELECT count(DISTINCT "order_id") AS keys FROM order_items WHERE "_batch" = :batch
  UNION ALL
  SELECT -count(DISTINCT p."order_id") AS keys FROM orders p JOIN (SELECT DISTINCT "order_id" FROM order_items WHERE "_batch" = :batch) b ON p."order_id" = b."order_id"
)
UNION ALL
SELECT 'order_items_product_id_exists' AS name, sum(keys) AS violations FROM (
  SELECT count(DISTINCT "product_id") AS keys FROM order_items WHERE "_batch" = :batch
  UNION ALL
  SELECT -count(DISTINCT p."product_id") AS keys FROM products p JOIN (SELECT DISTINCT "product_id" FROM order_items WHERE "_batch" = :batch) b ON p."product_id" = b."product_id"
)
