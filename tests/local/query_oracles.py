"""What each query of queries/ has to answer, from CSV rows in plain Python: no SQL, no project code."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Answer = list[list[Any]]


def half_up(value: float | Decimal, digits: int) -> Decimal:
    """Rounded as SQL does; Python's round would go to the even digit."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def share(part: int, whole: int, digits: int = 3) -> Decimal:
    return half_up(part / whole, digits)


def grouped(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def distinct(rows: Iterable[Row], column: str) -> int:
    return len({row[column] for row in rows})


def bought(rows: list[Row]) -> int:
    return sum(row["reordered"].lower() in ("1", "true") for row in rows)


def days_after(day: str, days: int) -> str:
    return datetime.fromordinal(datetime.fromisoformat(day).toordinal() + days).date().isoformat()


def compare_departments(tables: Tables) -> Answer:
    department = {row["product_id"]: row["department"] for row in tables["products"]}
    sold = [{**row, "department": department[row["product_id"]]} for row in tables["order_items"]]
    answer = [
        [
            name,
            distinct(rows, "product_id"),
            len(rows),
            share(bought(rows), len(rows)),
            half_up(sum(int(row["add_to_cart_order"]) for row in rows) / len(rows), 2),
        ]
        for (name,), rows in grouped(sold, "department").items()
    ]
    return sorted(answer, key=lambda row: (-row[2], row[0]))


def find_items_dated_apart(tables: Tables) -> Answer:
    dates = {row["order_id"]: row["date"] for row in tables["orders"]}
    apart = [
        {**row, "ordered": dates[row["order_id"]]}
        for row in tables["order_items"]
        if dates[row["order_id"]] != row["date"]
    ]
    answer = [
        [
            ordered,
            date,
            (datetime.fromisoformat(date) - datetime.fromisoformat(ordered)).days,
            len(rows),
            min(row["id"] for row in rows),
        ]
        for (ordered, date), rows in grouped(apart, "ordered", "date").items()
    ]
    return sorted(answer, key=lambda row: (-row[3], row[0], row[1]))[:100]


def list_rejects_by_rule(tables: Tables) -> Answer:
    broken: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for dataset in ("products", "orders", "order_items"):
        for row in tables[f"{dataset}_rejects"]:
            for rule in {reason["rule"] for reason in row["reasons"]}:
                broken[dataset, int(row["batch"]), rule].append(row["raw"])
    answer = [[*key, len(lines), min(lines)] for key, lines in broken.items()]
    return sorted(answer, key=lambda row: (-row[1], -row[3], row[0], row[2]))


def measure_baskets(tables: Tables) -> Answer:
    lines = Counter((row["order_id"], row["date"]) for row in tables["order_items"])
    answer = []
    for (day,), orders in grouped(tables["orders"], "date").items():
        sizes = [lines[order["order_id"], day] for order in orders]
        total = sum(Decimal(order["total_amount"]) for order in orders)
        answer.append(
            [
                day,
                len(orders),
                half_up(sum(sizes) / len(sizes), 2),
                max(sizes),
                half_up(total / sum(sizes), 2) if sum(sizes) else None,
                share(sizes.count(1), len(sizes)),
            ]
        )
    return sorted(answer, key=lambda row: str(row[0]), reverse=True)


def rank_products(tables: Tables) -> Answer:
    products = {row["product_id"]: row for row in tables["products"]}
    answer = [
        [
            identity,
            products[identity]["product_name"],
            products[identity]["department"],
            len(rows),
            distinct(rows, "user_id"),
            share(bought(rows), len(rows)),
        ]
        for (identity,), rows in grouped(tables["order_items"], "product_id").items()
    ]
    return sorted(answer, key=lambda row: (-row[3], row[0]))[:50]


def report_revenue_by_day(tables: Tables) -> Answer:
    days = {day: rows for (day,), rows in grouped(tables["orders"], "date").items()}
    revenue = {day: sum(Decimal(row["total_amount"]) for row in rows) for day, rows in days.items()}
    answer: Answer = []
    for day in sorted(days, reverse=True):
        before = revenue.get(days_after(day, -7))
        change = None if before is None else revenue[day] - before
        average = half_up(revenue[day] / len(days[day]), 2)
        answer.append([day, len(days[day]), distinct(days[day], "user_id"), revenue[day], average, change])
    return answer


def report_lines_by_department(tables: Tables) -> Answer:
    department = {row["product_id"]: row["department"] for row in tables["products"]}
    sold = [{**row, "department": department[row["product_id"]]} for row in tables["order_items"]]
    of_day = Counter(row["date"] for row in sold)
    answer = [
        [
            day,
            name,
            len(rows),
            distinct(rows, "order_id"),
            distinct(rows, "user_id"),
            share(len(rows), of_day[day]),
        ]
        for (day, name), rows in grouped(sold, "date", "department").items()
    ]
    answer.sort(key=lambda row: (-row[2], row[1]))
    return sorted(answer, key=lambda row: str(row[0]), reverse=True)


def measure_reorder_rate(tables: Tables) -> Answer:
    answer = []
    for (day,), rows in grouped(tables["order_items"], "date").items():
        orders = grouped(rows, "order_id").values()
        again = sum(bought(order) > 0 for order in orders)
        answer.append(
            [day, len(rows), bought(rows), share(bought(rows), len(rows)), share(again, len(orders))]
        )
    return sorted(answer, key=lambda row: str(row[0]), reverse=True)


def measure_days_between_orders(tables: Tables) -> Answer:
    items = tables["order_items"]
    answer = [
        [int(days) if days else None, len(rows), distinct(rows, "order_id"), share(len(rows), len(items), 4)]
        for (days,), rows in grouped(items, "days_since_prior_order").items()
    ]
    return sorted(answer, key=lambda row: (row[0] is None, row[0] or 0))


def find_products_bought_together(tables: Tables) -> Answer:
    names = {row["product_id"]: row["product_name"] for row in tables["products"]}
    baskets = [
        sorted({row["product_id"] for row in rows})
        for rows in grouped(tables["order_items"], "order_id").values()
    ]
    sold = Counter(product for basket in baskets for product in basket)
    pairs = Counter(pair for basket in baskets for pair in combinations(basket, 2))
    answer = [
        [first, names[first], second, names[second], both, share(both, sold[first])]
        for (first, second), both in pairs.items()
    ]
    return sorted(answer, key=lambda row: (-row[4], row[0], row[2]))[:50]


def report_orders_by_hour(tables: Tables) -> Answer:
    groups: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for row in tables["orders"]:
        moment = datetime.fromisoformat(row["order_timestamp"])
        groups[moment.isoweekday(), moment.hour].append(Decimal(row["total_amount"]))
    return [[*key, len(amounts), sum(amounts)] for key, amounts in sorted(groups.items())]


def list_waiting_rows(tables: Tables) -> Answer:
    waiting = [{**row, "missing": ", ".join(row["_missing"])} for row in tables["order_items_orphans"]]
    return [
        [
            *key,
            len(rows),
            distinct(rows, "order_id"),
            min(row["_waiting_since"] for row in rows) + ".000 UTC",
            min(row["id"] for row in rows),
        ]
        for key, rows in sorted(grouped(waiting, "date", "missing").items())
    ]


def report_quality_by_batch(tables: Tables) -> Answer:
    answer = []
    for dataset in ("products", "orders", "order_items"):
        written = Counter(int(row["_batch"]) for row in tables[dataset])
        rejected = Counter(int(row["batch"]) for row in tables[f"{dataset}_rejects"])
        for batch in written.keys() | rejected.keys():
            whole = written[batch] + rejected[batch]
            answer.append([batch, dataset, written[batch], rejected[batch], share(rejected[batch], whole, 4)])
    return sorted(answer, key=lambda row: (-int(row[0]), str(row[1])))


def trace_rows(tables: Tables) -> Answer:
    answer = []
    for dataset in ("products", "orders", "order_items"):
        for (batch, file), rows in grouped(tables[dataset], "_batch", "_file").items():
            lines = [int(row["_line"]) for row in rows]
            answer.append([dataset, int(batch), file, len(rows), min(lines), max(lines)])
    return sorted(answer, key=lambda row: (-int(row[1]), str(row[0]), str(row[2])))


ORACLES: dict[str, Callable[[Tables], Answer]] = {
    oracle.__name__: oracle
    for oracle in (
        *(compare_departments, find_items_dated_apart, list_rejects_by_rule, measure_baskets),
        *(rank_products, report_revenue_by_day, report_lines_by_department, measure_reorder_rate),
        *(measure_days_between_orders, find_products_bought_together, report_orders_by_hour),
        *(list_waiting_rows, report_quality_by_batch, trace_rows),
    )
}
