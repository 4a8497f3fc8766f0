"""The row rules of a contract (glue/lakehouse/rules.py) as SQL of DuckDB."""

from __future__ import annotations

from lakehouse.contract import Column, Contract

# Space, tab and Unicode's other space separators, as the service trims them.
_SPACE = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_CONTROL = r"[\x{0}-\x{8}\x{a}-\x{1f}\x{7f}-\x{9f}]"
_QUOTED = '"(?:[^"]|"")*"'
_VALUE = f'[ \\t]*(?:{_QUOTED}[ \\t]*|[^",]*)'
_INTEGER = "[+-]?[0-9]+"
_DECIMAL = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIMESTAMP = (
    rf"{_DATE}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
)


def judged(contract: Contract, header: list[str]) -> str:
    """A query on `lines` (line, _file, _sequence, _arrived, _line): the contract's typed columns, those of
    `lines`, and `reasons`, the rules that the line breaks."""
    place = {name: header.index(name) + 1 for name in contract.names}
    texts = ", ".join(
        f"CASE WHEN sound THEN nullif(trim(fields[{place[name]}], '{_SPACE}'), '') END AS text_{name}"
        for name in contract.names
    )
    values = ", ".join(f"{_value(column)} AS {column.name}" for column in contract.columns)
    repeated = " AND ".join(f"text_{name} IS NOT DISTINCT FROM '{name}'" for name in contract.names)
    of_columns = [
        (f"sound AND NOT repeated AND ({broken})", f"{rule}:{column.name}")
        for column in contract.columns
        for rule, broken in _checks(column, contract)
    ]
    checks = [("NOT coalesce(sound, false)", "MALFORMED"), ("repeated", "REPEATED_HEADER"), *of_columns]
    reasons = ", ".join(f"CASE WHEN {broken} THEN '{rule}' END" for broken, rule in checks)
    return f"""
        WITH parts AS (SELECT *, {_fields()} AS fields FROM lines),
        checked AS (SELECT *, coalesce(len(fields) = {len(header)}, false) AS sound FROM parts),
        texts AS (SELECT *, {texts} FROM checked),
        typed AS (SELECT *, {values}, ({repeated}) AS repeated FROM texts)
        SELECT {", ".join(contract.names)}, line, _file, _sequence, _line,
               list_filter([{reasons}], lambda reason: reason IS NOT NULL) AS reasons
        FROM typed"""


def _fields() -> str:
    value = f"({_VALUE})"
    trimmed = "trim(field, ' \t')"
    unquoted = (
        f"CASE WHEN starts_with({trimmed}, '\"') "
        f"THEN replace(substr({trimmed}, 2, length({trimmed}) - 2), '\"\"', '\"') ELSE field END"
    )
    return f"""CASE WHEN NOT contains(line, '"') THEN string_split(line, ',')
        WHEN regexp_full_match(line, '{_VALUE}(?:,{_VALUE})*')
        THEN list_transform(regexp_extract_all(',' || line, ',{value}', 1), lambda field: {unquoted}) END"""


def _value(column: Column) -> str:
    text = f"text_{column.name}"
    if column.kind == "integer":
        return f"CASE WHEN regexp_full_match({text}, '{_INTEGER}') THEN TRY_CAST({text} AS INTEGER) END"
    if column.kind == "decimal":
        fits = f"regexp_full_match({text}, '{_DECIMAL}') AND NOT {_more_decimals(column)}"
        return f"CASE WHEN {fits} THEN TRY_CAST({text} AS {column.sql_type}) END"
    if column.kind == "boolean":
        return f"CASE WHEN {text} IN ('true', '1') THEN true WHEN {text} IN ('false', '0') THEN false END"
    if column.kind == "date":
        return f"CASE WHEN regexp_full_match({text}, '{_DATE}') THEN TRY_CAST({text} AS DATE) END"
    if column.kind == "date-time":
        with_seconds = f"{text}[:16] || ':00' || coalesce({text}[17:], '')"
        full = f"CASE WHEN {text}[17] = ':' THEN {text} ELSE {with_seconds} END"
        return f"CASE WHEN regexp_full_match({text}, '{_TIMESTAMP}') THEN TRY_CAST({full} AS TIMESTAMPTZ) END"
    return text


def _more_decimals(column: Column) -> str:
    return rf"regexp_matches(text_{column.name}, '\.[0-9]{{{column.scale + 1},}}$')"


def _checks(column: Column, contract: Contract) -> list[tuple[str, str]]:
    text, value = f"text_{column.name}", column.name
    checks = [("CONTROL_CHARACTER", f"regexp_matches({text}, '{_CONTROL}')")]
    if not column.nullable:
        name = "NULL_KEY" if column.name in contract.key_names else "NULL_VALUE"
        checks.append((name, f"{text} IS NULL"))
    if column.max_length is not None:
        checks.append(("TOO_LONG", f"length({text}) > {column.max_length}"))
    unreadable = f"{text} IS NOT NULL AND {value} IS NULL"
    if column.kind == "decimal":
        plain, digits = f"regexp_full_match({text}, '{_DECIMAL}')", column.precision - column.scale
        checks += [
            ("BAD_DECIMAL", f"NOT {plain}"),
            ("SCALE", f"{plain} AND {_more_decimals(column)}"),
            ("RANGE", f"{plain} AND regexp_matches({text}, '^[+-]?0*[0-9]{{{digits + 1},}}')"),
        ]
        if column.minimum == 0:
            checks.append(("NEGATIVE", f"{plain} AND regexp_matches({text}, '^-[0-9.]*[1-9]')"))
    elif column.kind in ("integer", "boolean", "date"):
        checks.append((f"BAD_{column.kind.upper()}", unreadable))
    elif column.kind == "date-time":
        checks.append(("BAD_TIMESTAMP", unreadable))
    if column.kind == "integer" and column.minimum is not None:
        checks.append(("NEGATIVE" if column.minimum == 0 else "RANGE", f"{value} < {column.minimum}"))
    if column.maximum is not None:
        checks.append(("RANGE", f"{value} > {column.maximum}"))
    if column.earliest is not None:
        latest = f"_arrived + INTERVAL {column.days_after_arrival} DAY"
        outside = f"{value} < TIMESTAMPTZ '{column.earliest}' OR {value} > {latest}"
        checks.append(("TIMESTAMP_RANGE", outside))
    if column.date_of is not None:
        both = f"{value} IS NOT NULL AND {column.date_of} IS NOT NULL"
        checks.append(("DATE_MISMATCH", f"{both} AND text_{column.date_of}[:10] <> {text}"))
    return checks
