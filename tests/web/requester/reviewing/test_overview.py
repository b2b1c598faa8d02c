"""The overview says what waits for review: all of it, the most urgent first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tukro.people.models import Requester
from tukro.web.requester import overview
from tukro.work.actions.reviewing import approve_assignment, auto_approve_due
from tukro.work.queries import waiting_for
from tukro.work.queries.of_requester.waiting import Waiting

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = 3600


def test_an_answer_in_an_old_batch_is_told_behind_many_newer_batches(
    as_karim: Client, karim: Requester
) -> None:
    old = make.batch(of=karim, now=NOW)
    make.submitted(of=old, now=NOW)
    for _ in range(overview._LATEST_BATCHES):
        make.batch(of=karim, now=NOW)
    page = as_karim.get("/requester/").content.decode()
    assert "Answers to review in all: 1." in page
    assert f"/requester/batches/{old.public_id}/review" in page


def test_the_batch_whose_answers_silence_approves_first_stands_first(
    as_karim: Client, karim: Requester, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = {
        hours: make.batch(of=karim, rows=2, of_terms=make.terms(auto_approve_seconds=hours * HOUR), now=NOW)
        for hours in (48, 24, 72)
    }
    for batch in batches.values():
        make.submitted(of=batch, now=NOW)
    make.submitted(of=batches[72], now=NOW)
    make.submitted(of=make.batch(now=NOW), now=NOW)  # somebody else's
    found = waiting_for(karim, limit=2)
    assert [(one.batch_id, one.count, one.due_at) for one in found.batches] == [
        (batches[24].public_id, 1, NOW + timedelta(hours=24)),
        (batches[48].public_id, 1, NOW + timedelta(hours=48)),
    ]
    assert (found.answers, found.batch_count, found.more) == (4, 3, 1)

    monkeypatch.setattr(overview, "_URGENT_BATCHES", 2)
    page = as_karim.get("/requester/").content.decode()
    assert "Other batches with answers to review: 1" in page


def test_what_is_decided_does_not_wait(karim: Requester) -> None:
    batch = make.batch(of=karim, rows=2, now=NOW)
    answers = [make.submitted(of=batch, now=NOW) for _ in range(2)]
    approve_assignment(requester=karim, assignment_id=answers[0].public_id, now=NOW)
    assert waiting_for(karim, limit=1).answers == 1
    assert auto_approve_due(now=NOW + timedelta(days=3)) == 1
    assert waiting_for(karim, limit=1) == Waiting([], 0, 0)
