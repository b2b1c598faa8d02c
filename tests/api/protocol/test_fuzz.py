"""Spoiled requests by the thousand: never a 5xx, and what was refused changed nothing.

``./tukro bench fuzz`` sends a hundred thousand.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.api import fuzz
from tests.api.conftest import Wire

COUNT = 600
_LOCAL = "http://127.0.0.1:9/x.dtd"


def test_spoiled_requests_give_no_5xx_and_leave_nothing_behind(wire: Wire) -> None:
    port = urlsplit(wire.url).port or 0
    trial = fuzz.trial(fuzz.scene(), port, seed=3, count=COUNT, clients=4)
    assert trial.faults == []
    assert trial.changed == []
    assert len(trial.answers) > 1.5 * COUNT


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "lol">{fuzz._BOMB}]><a>&l9;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        f'<!DOCTYPE a SYSTEM "{_LOCAL}"><a/>',
        f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{_LOCAL}"> %p;]><a/>',
        "<a>" * 100_000,
    ],
)
def test_bombs_and_foreign_entities_are_refused_within_a_second(wire: Wire, document: str) -> None:
    scene = fuzz.scene()
    members = {
        "Name": "Test",
        "Description": "d",
        "QualificationTypeStatus": "Active",
        "Test": document,
        "TestDurationInSeconds": 60,
    }
    began = time.monotonic()
    answer = wire.call(scene.key, "CreateQualificationType", members)
    assert (answer.status, answer.kind) == (400, "ParameterValidationError")
    assert time.monotonic() - began < 1
    assert b"root:" not in answer.body


@pytest.mark.django_db
def test_the_print_sees_a_change() -> None:
    fuzz.scene()
    before = fuzz.print_of_the_market()
    with connection.cursor() as cursor:
        cursor.execute("update people_requester set name = 'Changed'")
    assert fuzz.print_of_the_market() != before
