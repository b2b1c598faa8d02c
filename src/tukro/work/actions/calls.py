"""One call of one of work's SQL functions: one round trip, no ORM."""

from __future__ import annotations

from functools import cache
from typing import Any

from tukro.people.queries.visiting import BySession, CallerUnknown, Column, run

_columns: dict[str, list[str]] = {}  # of each function's answer, known once it was called


def call(function: str, *arguments: Any, by: object = None) -> dict[str, Any]:
    """The function's answer as a row by column name. ``function`` is a name of ours, never input.

    A caller whom nobody has looked up yet is found by the same statement, before the function runs. Raises
    CallerUnknown when there is none.
    """
    if isinstance(by, BySession):
        places = tuple(one.sql if isinstance(one, Column) else "%s" for one in arguments)
        values = [one for one in arguments if not isinstance(one, Column)]
        cursor = run(
            _statement(function, places, by.owner), [by.key, by.seal, by.now, by.seen_since, *values]
        )
    else:
        cursor = run(_statement(function, ("%s",) * len(arguments)), arguments)
    row = cursor.fetchone()
    if row is None:
        raise CallerUnknown
    if isinstance(by, BySession):
        by.found = True
    names = _columns.get(function)
    if names is None or len(names) != len(row):
        names = _columns[function] = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True))


def count(function: str, *arguments: Any) -> int:
    """The same for a function that answers how many rows it changed."""
    return int(call(function, *arguments)[function])


@cache
def _statement(function: str, places: tuple[str, ...], caller: str = "") -> str:
    called = f"{function}({', '.join(places)})"
    if not caller:
        return f"select * from {called}"
    return f"select a.* from {caller}, {called} a"
