"""Statistics follow the growth of young tables, and with them the plans that processes keep."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from tukro.runtime.jobs import follow_growth

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def plan_of_a_look() -> str:
    """How a session that prepared the look-up long ago does it."""
    with connection.cursor() as cursor:
        cursor.execute("explain (format json) execute look('no 77')")
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return str(plan[0]["Plan"]["Node Type"])


def test_a_plan_from_a_tables_first_page_is_made_anew_when_it_grows() -> None:
    with connection.cursor() as cursor:
        follow_growth(NOW)  # whatever grew before
        cursor.execute("create table young (name text primary key)")
        cursor.execute("analyze young")
        cursor.execute("set local plan_cache_mode = force_generic_plan")
        cursor.execute("prepare look(text) as select from young where name = $1")
        cursor.execute("insert into young select 'no ' || n from generate_series(1, 20) n")
        cursor.execute("analyze young")
        assert plan_of_a_look() == "Seq Scan"
        cursor.execute("insert into young select 'no ' || n from generate_series(21, 5000) n")
        assert plan_of_a_look() == "Seq Scan"

        assert follow_growth(NOW) == 1

        assert "Index" in plan_of_a_look()
        assert follow_growth(NOW) == 0
        cursor.execute("deallocate look")
