-- Where rows come from: for each table, batch and file the number of its rows and the lines of the file they stand on.
-- For one row, ask its table for _file, _line and _batch; lakehouse report and the ledger name the file of a _file.
SELECT 'products' AS table_name, _batch AS batch, _file AS file_id, count(*) AS table_rows, min(_line) AS first_line, max(_line) AS last_line
FROM products
GROUP BY _batch, _file
UNION ALL
SELECT 'orders' AS table_name, _batch AS batch, _file AS file_id, count(*) AS table_rows, min(_line) AS first_line, max(_line) AS last_line
FROM orders
GROUP BY _batch, _file
UNION ALL
SELECT 'order_items' AS table_name, _batch AS batch, _file AS file_id, count(*) AS table_rows, min(_line) AS first_line, max(_line) AS last_line
FROM order_items
GROUP BY _batch, _file
ORDER BY batch DESC, table_name, file_id
