"""A clean file, from text to table."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ORDERS = """order_num,order_id,user_id,order_timestamp,total_amount,date
1,0007,u1,2025-04-01T11:27:00,12.5,2025-04-01
2,8,u2,2025-04-02 23:30:00-02:00,7,2025-04-02
"""


def test_a_clean_file_is_loaded_with_its_values_and_its_origin(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, new=True)
    file = lake.land("orders", ORDERS)
    result = lake.load(file)["orders"]
    rows = {"read": 2, "inserted": 2, "updated": 0, "unchanged": 0, "superseded": 0, "duplicate": 0}
    assert result["files"] == [{"fileId": file.file_id, "rows": {**rows, "rejected": 0, "orphaned": 0}}]
    assert lake.rows("orders", "order_id", "total_amount", "date", "_file", "_line", "_batch") == [
        ("0007", Decimal("12.50"), datetime.date(2025, 4, 1), file.file_id, 2, 1),
        ("8", Decimal("7.00"), datetime.date(2025, 4, 2), file.file_id, 3, 1),
    ]
    stored = lake.table("orders").selectExpr("order_id", "cast(order_timestamp as string) t").collect()
    assert {row["order_id"]: row["t"] for row in stored}["8"] == "2025-04-03 01:30:00"
    assert [(table["name"], table["version"], table["rows"]) for table in result["tables"]] == [
        ("orders", 1, 2),
        ("orders_rejects", 0, 0),
    ]
