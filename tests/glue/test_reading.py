"""From bytes to lines: what is a line, which number it has, and which column a value belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data import ORDER_COLUMNS, outcome, outcomes, products
from lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_columns_are_read_by_name_in_any_order_also_in_one_batch(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    swapped = lake.land("products", "product_name,department,product_id,department_id\nApple,Food,1,7\n")
    usual = lake.land("products", "product_id,department_id,department,product_name\n2,8,Drinks,Tea\n")
    lake.load(swapped, usual)
    assert lake.rows("products", "product_id", "department_id", "department", "product_name") == [
        ("1", 7, "Food", "Apple"),
        ("2", 8, "Drinks", "Tea"),
    ]


def test_a_byte_order_mark_line_ends_and_blank_lines_are_no_data(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    header, row = "product_id,department_id,department,product_name", "{},1,Food,x"
    endings = ["\n", "\r\n", "\r"]
    files = [
        lake.land(
            "products",
            ("\ufeff" + end.join([header, row.format(n), "", "  \t", row.format(f"{n}b")])).encode(),
        )
        for n, end in enumerate(endings)
    ]
    result = lake.load(*files)["products"]
    assert outcomes(result) == {file.file_id: {"read": 2, "inserted": 2} for file in files}
    assert lake.rows("products", "product_id", "_line") == [
        ("0", 2), ("0b", 5), ("1", 2), ("1b", 5), ("2", 2), ("2b", 5)
    ]  # fmt: skip


def test_a_quoted_line_break_costs_the_lines_it_cuts_and_no_other(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    body = products(("1", '"a, ""b"""'), ("2", '"cut'), ("3", 'here"'), ("4", '"open'), ("5", "fine"))
    result = lake.load(lake.land("products", body))["products"]
    assert outcome(result) == {"read": 5, "inserted": 2, "rejected": 3}
    assert lake.rows("products", "product_id", "product_name") == [("1", 'a, "b"'), ("5", "fine")]
    assert lake.rows("products_rejects", "line", "reasons[0].rule") == [(n, "MALFORMED") for n in (3, 4, 5)]


def test_text_is_trimmed_outside_and_otherwise_kept_as_it_is_written(
    spark: SparkSession, tmp_path: Path
) -> None:
    written = {
        "007": "=1+1",
        "0070": "@SUM(A1:A9)",
        "01": "-cmd|' /C calc'!A0",
        "02": "<script>alert(1)</script>",
        "03": "Cr\u00e8me bru\u0302le\u0301e \U0001f36e \u202eabc",
        "04": "two  spaces\tand a tab",
        "05": "null",
        "06": "1e3",
        "07": "\\N \\n \\",
        "08": '"comma, and ""quotes"""',
        "09": "\u3000 outside \u00a0",
        "1e1": "# no comment",
    }
    kept = {**written, "08": 'comma, and "quotes"', "09": "outside"}
    lake = Lake(spark, tmp_path)
    result = lake.load(lake.land("products", products(*written.items())))["products"]
    assert outcome(result) == {"read": len(written), "inserted": len(written)}
    assert dict(lake.rows("products", "product_id", "product_name")) == kept


def test_bytes_that_are_not_utf8_reject_their_line_and_are_shown_as_replacement(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    body = products(("1", "M\u00fcsli")).encode() + b"2,1,Food,M\xfcsli\n3,1,Food,\xed\xa0\x80\n"
    file = lake.land("products", body)
    assert outcome(lake.load(file)["products"]) == {"read": 3, "inserted": 1, "rejected": 2}
    (first, *_) = lake.rows("products_rejects", "raw", "reasons[0].rule", "file", "file_id", "line", "batch")
    assert first == ("2,1,Food,M\ufffdsli", "ENCODING", file.key, file.file_id, 3, 1)


def test_lines_keep_their_numbers_when_files_are_read_in_several_blocks(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    spark.conf.set("spark.sql.files.maxPartitionBytes", "700")
    try:
        names = [f"{'x' * (number % 37)}{number}" for number in range(150)]
        files = [
            lake.land("products", products(*((f"{f}-{n}", name) for n, name in enumerate(names))))
            for f in "ab"
        ]
        result = lake.load(*files)["products"]
    finally:
        spark.conf.unset("spark.sql.files.maxPartitionBytes")
    assert [file["rows"]["inserted"] for file in result["files"]] == [150, 150]
    found = {row[0]: row[1] for row in lake.rows("products", "product_id", "_line")}
    assert found == {f"{f}-{n}": n + 2 for f in "ab" for n in range(150)}


def test_a_line_of_megabytes_or_thousands_of_columns_costs_only_itself(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    lines = [
        ORDER_COLUMNS,
        "," * 30_000,
        "1,2,u," + '"' + '""' * 500_000 + '",1,2025-04-01',
        "1,3,u,2025-04-01T10:00,1,2025-04-01",
    ]
    assert outcome(lake.load(lake.land("orders", "\n".join(lines)))["orders"]) == {
        "read": 3,
        "inserted": 1,
        "rejected": 2,
    }
