-- Sales of each day by department: order lines, orders, customers, and the department's share of the day's lines.
-- The data has no price per line, so sales are counted in lines; report_revenue_by_day has the money.
WITH sales AS (
  SELECT
    i.date AS day,
    p.department,
    count(*) AS order_lines,
    count(DISTINCT i.order_id) AS orders,
    count(DISTINCT i.user_id) AS customers
  FROM order_items i
  JOIN products p ON p.product_id = i.product_id
  GROUP BY i.date, p.department
)
SELECT
  s.day,
  s.department,
  s.order_lines,
  s.orders,
  s.customers,
  round(CAST(s.order_lines AS double) / sum(s.order_lines) OVER (PARTITION BY s.day), 3) AS share_of_day
FROM sales s
ORDER BY s.day DESC, s.order_lines DESC, s.department
