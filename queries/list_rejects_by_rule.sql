-- How often each rule rejected a line, per dataset and batch, with one line as an example.
-- The first thing to look at when a batch reports rejects. A line counts once under each rule that it breaks.
WITH rejects AS (
  SELECT 'products' AS dataset, batch, reasons, raw FROM products_rejects
  UNION ALL
  SELECT 'orders' AS dataset, batch, reasons, raw FROM orders_rejects
  UNION ALL
  SELECT 'order_items' AS dataset, batch, reasons, raw FROM order_items_rejects
)
SELECT r.dataset, r.batch, broken.rule, count(*) AS rejected_lines, min(r.raw) AS example
FROM rejects r
CROSS JOIN UNNEST(array_distinct(transform(r.reasons, reason -> reason.rule))) AS broken (rule)
GROUP BY r.dataset, r.batch, broken.rule
ORDER BY r.batch DESC, rejected_lines DESC, r.dataset, broken.rule
