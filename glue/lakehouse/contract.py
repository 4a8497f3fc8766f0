"""A dataset's contract (schemas/datasets/*.schema.json) as the jobs use it, and the columns the service
adds."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from lakehouse.errors import ContractInvalid
from lakehouse.schema_files import read_schema_file

Kind = Literal["string", "integer", "boolean", "decimal", "date-time", "date"]


@dataclass(frozen=True)
class Column:
    """One column of a contract. Lengths are code points, limits are inclusive, None means no limit."""

    name: str
    kind: Kind
    nullable: bool
    description: str
    pii: bool = False
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    precision: int = 0
    scale: int = 0
    earliest: str | None = None
    days_after_arrival: int = 0
    date_of: str | None = None

    @property
    def sql_type(self) -> str:
        """The Spark and Glue Data Catalog type."""
        return {
            "string": "string",
            "integer": "int",
            "boolean": "boolean",
            "decimal": f"decimal({self.precision},{self.scale})",
            "date-time": "timestamp",
            "date": "date",
        }[self.kind]


@dataclass(frozen=True)
class ForeignKey:
    """A column whose value must be the primary key of a row of another dataset."""

    column: str
    dataset: str
    parent_key: str


@dataclass(frozen=True)
class SystemColumn:
    """A column that the service adds (schemas/tables/system-columns.json)."""

    name: str
    sql_type: str
    description: str
    pii: bool


@dataclass(frozen=True)
class Contract:
    """What a dataset's rows are. `subject`: the column that says which person a row is about."""

    dataset: str
    primary_key: str
    partition_by: str | None
    foreign_keys: tuple[ForeignKey, ...]
    columns: tuple[Column, ...]
    subject: str | None = None

    @property
    def names(self) -> list[str]:
        """Column names in the contract's order."""
        return [column.name for column in self.columns]

    @property
    def key_names(self) -> set[str]:
        """Primary key and foreign keys."""
        return {self.primary_key, *(key.column for key in self.foreign_keys)}

    @property
    def rejects_table(self) -> str:
        """Name of the table of rejected lines."""
        return f"{self.dataset}_rejects"

    @property
    def orphans_table(self) -> str | None:
        """Name of the table of rows that wait for a parent; None without foreign keys."""
        return f"{self.dataset}_orphans" if self.foreign_keys else None

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def load_contract(dataset: str) -> Contract:
    """Read the contract of a dataset.

    Raises:
        ContractInvalid: naming the file and what it lacks. (The full check against the meta schema runs in
        CI.)
    """
    name = f"datasets/{dataset}.schema.json"
    document = read_schema_file(name)
    try:
        return parse_contract(dataset, document)
    except (KeyError, TypeError, ValueError) as error:
        raise ContractInvalid(
            f"schemas/{name}: {type(error).__name__} {error}; npm run check names the place"
        ) from error


def parse_contract(dataset: str, document: dict[str, Any]) -> Contract:
    """Turn a contract document into a Contract; a missing field raises KeyError, an unknown one
    ValueError."""
    columns = tuple(_column(name, fields) for name, fields in document["properties"].items())
    names = {column.name for column in columns}
    keys = tuple(
        ForeignKey(key["column"], key["dataset"], _primary_key(key["dataset"]))
        for key in document["x-foreignKeys"]
    )
    referred = {
        document["x-primaryKey"],
        *(key.column for key in keys),
        *filter(None, [document["x-partitionBy"], document.get("x-subject")]),
    }
    referred |= {column.date_of for column in columns if column.date_of}
    if referred - names:
        raise ValueError(f"refers to unknown columns {sorted(referred - names)}")
    return Contract(
        dataset=dataset,
        primary_key=document["x-primaryKey"],
        partition_by=document["x-partitionBy"],
        foreign_keys=keys,
        columns=columns,
        subject=document.get("x-subject"),
    )


def load_system_columns(group: Literal["lineage", "orphans", "rejects"]) -> tuple[SystemColumn, ...]:
    """Read one group of the columns that the service adds."""
    rows = read_schema_file("tables/system-columns.json")[group]
    return tuple(
        SystemColumn(row["name"], row["sqlType"], row["description"], row.get("pii", False)) for row in rows
    )


def _primary_key(dataset: str) -> str:
    return str(read_schema_file(f"datasets/{dataset}.schema.json")["x-primaryKey"])


def _column(name: str, fields: dict[str, Any]) -> Column:
    types = fields["type"] if isinstance(fields["type"], list) else [fields["type"]]
    kind = fields.get("format", types[0])
    kind = "integer" if kind == "int32" else kind
    if kind not in ("string", "integer", "boolean", "decimal", "date-time", "date"):
        raise ValueError(f"column {name}: unknown type or format {kind!r}")
    allowed = fields.get("x-timestampRange", {})
    return Column(
        name=name,
        kind=cast(Kind, kind),
        nullable="null" in types,
        description=fields["description"],
        pii=fields.get("x-classification") == "pii",
        max_length=fields.get("maxLength"),
        minimum=fields.get("minimum"),
        maximum=fields.get("maximum"),
        precision=fields["x-precision"] if kind == "decimal" else 0,
        scale=fields["x-scale"] if kind == "decimal" else 0,
        earliest=allowed.get("earliest"),
        days_after_arrival=allowed.get("daysAfterArrival", 0),
        date_of=fields.get("x-dateOf"),
    )
