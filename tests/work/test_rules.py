"""The transition table, cell by cell, and how places are split."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

import tukro.work
from tukro.work import rules
from tukro.work.rules import STATES, VERBS, State, Verb, after, lane_split

# One row per state, one column per verb in the order of VERBS; "-" is a refusal.
#             submit     give_back  expire     approve   reject    ask_revision overturn
TABLE = """
accepted      submitted  returned   abandoned  -         -         -         -
submitted     -          -          -          approved  rejected  revising  -
revising      submitted  submitted  submitted  -         -         -         -
approved      -          -          -          -         -         -         -
rejected      -          -          -          -         -         -         approved
returned      -          -          -          -         -         -         -
abandoned     -          -          -          -         -         -         -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(row[0], verb, row[no]) for row in ROWS for no, verb in enumerate(VERBS, 1)]


def test_the_table_has_every_state_and_every_verb() -> None:
    assert [row[0] for row in ROWS] == list(STATES)
    assert {len(row) for row in ROWS} == {1 + len(VERBS)}


@pytest.mark.parametrize(("state", "verb", "wanted"), CELLS)
def test_transition(state: State, verb: Verb, wanted: str) -> None:
    assert after(state, verb) == (None if wanted == "-" else wanted)


@pytest.mark.parametrize(
    ("places", "lanes"),
    [(1, 1), (50, 1), (51, 2), (100, 2), (101, 3), (3200, 64), (3201, 64), (10_000, 64), (1_000_000, 64)],
)
def test_places_are_split_evenly_over_few_lanes(places: int, lanes: int) -> None:
    split = lane_split(places)
    assert len(split) == lanes
    assert sum(split) == places
    assert max(split) - min(split) <= 1


@pytest.mark.parametrize(
    ("file", "written", "number"),
    [
        ("assigning", r"interval '(\d+) seconds'", rules.GRACE_SECONDS),
        ("tasks", r"interval '(\d+) seconds'", rules.GRACE_SECONDS),
        ("assigning", r"v_live >= (\d+)", rules.QUEUE_LIMIT),
        ("reviewing", r"submitted_at \+ interval '(\d+) days'", rules.OVERTURN_DAYS),
        ("reviewing", r"release_at = p_now \+ interval '(\d+) days'", rules.APPEAL_DAYS),
        ("reviewing", r"p_seconds integer default (\d+)", rules.REVISION_SECONDS),
        ("reviewing", r"v_times >= (\d+)", rules.REVISIONS_AT_MOST),
        ("listing", r"sample >= (\d+)", rules.HOURLY_SAMPLE),
    ],
)
def test_a_number_in_sql_is_the_one_of_the_rules(file: str, written: str, number: int) -> None:
    sql = (Path(tukro.work.__file__).parent / "migrations" / f"{file}.sql").read_text()
    assert set(re.findall(written, sql)) == {str(number)}


@pytest.mark.django_db
@pytest.mark.parametrize("places", [1, 49, 50, 51, 99, 100, 101, 3199, 3201, 9_999])
def test_sql_splits_places_as_the_rule_does(places: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select capacity from work_lane_split(%s) order by no", [places])
        assert [row[0] for row in cursor.fetchall()] == lane_split(places)
