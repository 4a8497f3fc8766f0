-- When customers order: orders and revenue by weekday (1 is Monday) and hour of the day, in UTC.
SELECT
  day_of_week(order_timestamp) AS weekday,
  hour(order_timestamp) AS hour_of_day,
  count(*) AS orders,
  sum(total_amount) AS revenue
FROM orders
GROUP BY day_of_week(order_timestamp), hour(order_timestamp)
ORDER BY weekday, hour_of_day
