"""One call of one of work's SQL functions: one round trip, no ORM."""

from __future__ import annotations

from functools import cache
from typing import Any

from tukro.people.queries import run

_columns: dict[str, list[str]] = {}  # of each function's answer, known once it was called


def call(function: str, *arguments: Any) -> dict[str, Any]:
    """The function's answer as a row by column name. ``function`` is a name of ours, never input."""
    cursor = run(_statement(function, len(arguments)), arguments)
    row = cursor.fetchone()
    assert row is not None
    names = _columns.get(function)
    if names is None or len(names) != len(row):
        names = _columns[function] = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True))


def count(function: str, *arguments: Any) -> int:
    """The same for a function that answers how many rows it changed."""
    return int(call(function, *arguments)[function])


@cache
def _statement(function: str, places: int) -> str:
    return f"select * from {function}({', '.join(['%s'] * places)})"
