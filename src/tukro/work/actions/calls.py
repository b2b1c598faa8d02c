"""One call of one of work's SQL functions: one round trip, no ORM."""

from __future__ import annotations

from typing import Any

from django.db import connection


def call(function: str, *arguments: Any) -> dict[str, Any]:
    """The function's answer as a row by column name. ``function`` is a name of ours, never input."""
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {function}({places})", arguments)
        row = cursor.fetchone()
        assert row is not None
        return dict(zip((column.name for column in cursor.description), row, strict=True))


def count(function: str, *arguments: Any) -> int:
    """The same for a function that answers how many rows it changed."""
    return int(call(function, *arguments)[function])
