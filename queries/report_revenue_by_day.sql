-- Revenue, orders and average order value of each day, with the change against the same weekday a week before.
-- Reads the partitions of the last 90 days of data only.
WITH last_day AS (
  SELECT max(date) AS day FROM orders
),
days AS (
  SELECT o.date AS day, count(*) AS orders, count(DISTINCT o.user_id) AS customers, sum(o.total_amount) AS revenue
  FROM orders o
  CROSS JOIN last_day l
  WHERE o.date > date_add('day', -90, l.day)
  GROUP BY o.date
)
SELECT
  d.day,
  d.orders,
  d.customers,
  d.revenue,
  round(d.revenue / d.orders, 2) AS average_order,
  d.revenue - w.revenue AS change_to_week_before
FROM days d
LEFT JOIN days w ON w.day = date_add('day', -7, d.day)
ORDER BY d.day DESC
