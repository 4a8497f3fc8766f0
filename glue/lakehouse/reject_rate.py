"""Files of which too many rows break a rule: they are rejected as a whole, before anything is merged.

Only rows that break a rule count. Duplicates, orphans and orphans that expire are sound rows.
"""

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

RULE = "REJECT_RATE"
_RULES_SHOWN = 5


@dataclass(frozen=True)
class BrokenRows:
    """Rows of a file that break a rule: all of them, and how many break each rule."""

    rejected: int
    by_rule: dict[str, int]


def count_broken(judged: DataFrame) -> dict[str, BrokenRows]:
    """Count the broken rows of each file that has some, by file id. `judged` comes from judge. One Spark
    action."""
    rules = F.array_distinct(F.transform("_reasons", lambda reason: reason["rule"]))
    # Null stands for the row itself, which counts once however many rules it breaks.
    named = F.concat(F.array(F.lit(None).cast("string")), rules)
    rows = (
        judged.where(F.col("_reasons").isNotNull())
        .select("_file", F.explode(named).alias("rule"))
        .groupBy("_file", "rule")
        .count()
        .collect()
    )
    rejected = {row["_file"]: row["count"] for row in rows if row["rule"] is None}
    return {
        file: BrokenRows(
            total, {row["rule"]: row["count"] for row in rows if row["_file"] == file and row["rule"]}
        )
        for file, total in rejected.items()
    }


def files_over_rate(broken: dict[str, BrokenRows], read: dict[str, int], max_rate: float) -> dict[str, str]:
    """Return, by file id, why the file is over the rate; a file at the rate is not. `read` counts the data
    lines of the files that are measured."""
    return {
        file: _message(found, read[file], max_rate)
        for file, found in sorted(broken.items())
        if file in read and found.rejected / read[file] > max_rate
    }


def _message(found: BrokenRows, read: int, max_rate: float) -> str:
    by_frequency = sorted(found.by_rule.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{rule} in {rows}" for rule, rows in by_frequency[:_RULES_SHOWN])
    more = len(by_frequency) - _RULES_SHOWN
    rest = f" and {more} more rules" if more > 0 else ""
    return (
        f"found {found.rejected} of {read} rows that break a rule ({shown}{rest}), expected a share of at "
        f"most {max_rate}; no row was loaded: correct the rows and upload the file again"
    )
