"""Our ENGINE: moments come compiled, in UTC, by every kind of cursor."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from psycopg import adapters
from psycopg.pq import Format

from tests import make
from tukro.people.models import User

pytestmark = pytest.mark.django_db


def test_moments_are_loaded_by_compiled_code() -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        loader = cursor.adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)
    assert loader is not None
    assert loader.__module__ == "psycopg_binary._psycopg"


@pytest.mark.parametrize("text", ["2026-02-28 23:59:59.999999+06", "1999-12-31 00:00:00-05:30"])
def test_a_moment_is_read_in_utc(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz", [text])
        [moment] = cursor.fetchone()
    assert (moment, moment.tzinfo) == (datetime.fromisoformat(text), UTC)


def test_so_it_is_by_a_cursor_of_the_server() -> None:
    make.worker()
    [joined] = User.objects.values_list("joined_at", flat=True).iterator(chunk_size=1)
    assert joined.tzinfo is UTC
