"""The SQL of a call as a script for pgbench: the same statements, with nothing around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_VARIABLE = re.compile(r"(?<!:):(?=[A-Za-z0-9_])")


def statements_of(act: Callable[[], object]) -> list[str]:
    """What ``act`` asks of the database, each statement whole."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return [query["sql"] for query in caught.captured_queries]


def script(statements: list[str], changing: Mapping[str, str]) -> str:
    """A script of these statements; literals named in ``changing`` give way to expressions."""
    return "\n".join(
        f"{_LITERAL.sub(lambda found: _literal(found[0], changing), one)};" for one in statements
    )


def _literal(text: str, changing: Mapping[str, str]) -> str:
    if text in changing:
        return changing[text]
    if text.startswith("'\\x"):  # a digest: of a signature, another in each call
        return "decode(md5(random()::text) || md5(random()::text), 'hex')"
    # A colon before a letter or digit would be a variable of pgbench.
    safe = _VARIABLE.sub("' || chr(58) || '", text)
    return text if safe == text else f"({safe})"


@contextmanager
def turns(ids: Sequence[str]) -> Iterator[str]:
    """An expression that is another of ``ids`` in each transaction of pgbench."""
    with connection.cursor() as cursor:
        cursor.execute("create table bench_id (no int primary key, id text)")
        cursor.execute("create sequence bench_id_turn")
        cursor.executemany("insert into bench_id values (%s, %s)", list(enumerate(ids, 1)))
        cursor.execute("analyze bench_id")
    try:
        yield "(select id from bench_id where no = (select nextval('bench_id_turn')))"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table bench_id; drop sequence bench_id_turn")


@contextmanager
def ids_by_sequence(literal: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """In place of this id: a new one in each transaction, and the same once more in later statements."""
    with connection.cursor() as cursor:
        cursor.execute("create sequence bench_new_id")
    form = "'3F' || lpad(%s('bench_new_id')::text, 28, '0')"
    yield {literal: f"({form % 'nextval'})"}, {literal: f"({form % 'currval'})"}
    with connection.cursor() as cursor:
        cursor.execute("drop sequence bench_new_id")
