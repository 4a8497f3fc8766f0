-- Trend of the data's quality: for each batch and dataset the rows that it left in the table and the lines that it rejected.
-- A row that a later batch replaced counts for that one, so old batches shrink; rejects stay with their batch.
WITH written AS (
  SELECT 'products' AS dataset, _batch AS batch, count(*) AS table_rows FROM products GROUP BY _batch
  UNION ALL
  SELECT 'orders' AS dataset, _batch AS batch, count(*) AS table_rows FROM orders GROUP BY _batch
  UNION ALL
  SELECT 'order_items' AS dataset, _batch AS batch, count(*) AS table_rows FROM order_items GROUP BY _batch
),
rejected AS (
  SELECT 'products' AS dataset, batch, count(*) AS rejected_lines FROM products_rejects GROUP BY batch
  UNION ALL
  SELECT 'orders' AS dataset, batch, count(*) AS rejected_lines FROM orders_rejects GROUP BY batch
  UNION ALL
  SELECT 'order_items' AS dataset, batch, count(*) AS rejected_lines FROM order_items_rejects GROUP BY batch
)
SELECT
  coalesce(w.batch, r.batch) AS batch,
  coalesce(w.dataset, r.dataset) AS dataset,
  coalesce(w.table_rows, 0) AS table_rows,
  coalesce(r.rejected_lines, 0) AS rejected_lines,
  round(
    CAST(coalesce(r.rejected_lines, 0) AS double) / (coalesce(w.table_rows, 0) + coalesce(r.rejected_lines, 0)),
    4
  ) AS rejected_share
FROM written w
FULL OUTER JOIN rejected r ON r.dataset = w.dataset AND r.batch = w.batch
ORDER BY batch DESC, dataset
