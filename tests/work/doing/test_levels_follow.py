"""Levels and pauses follow decided work, and say what a worker may take, without a statement more."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests import cast, make
from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.money.actions.policy import BadPolicy, change_level_rewards
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.standing import (
    BadStandingPolicy,
    change_success_rule,
    end_pause,
    pause_from,
    push_standings,
    success_rule,
)
from tukro.qualifications.models import Standing
from tukro.qualifications.rules import LEVEL, Requirement
from tukro.qualifications.rules.levels import SuccessRule, Weighed, weigh
from tukro.work import jobs
from tukro.work.actions.closing import release_rejections
from tukro.work.actions.doing.appealing import appeal
from tukro.work.actions.doing.assigning import NotEligible, Paused, accept_next
from tukro.work.actions.publishing import identity_of
from tukro.work.actions.reviewing import approve_assignments, reject_assignments
from tukro.work.models import Assignment
from tukro.work.queries import open_groups
from tukro.work.queries.of_worker.decided import weighed_of

WEEK = make.NOW + timedelta(days=7)
RULE = SuccessRule(is_on=True, least_percent=75, window_days=60, minimum=3, pause_days=30)


def decided(by: Worker, of: Requester, verdicts: str, *, now: datetime = make.NOW) -> list[Assignment]:
    """Work of this worker, one for each letter: a approved, r rejected, s still waiting."""
    batch = make.batch(of=of, rows=len(verdicts))
    made = [make.submitted(by=by, of=batch) for _ in verdicts]
    named = {
        verdict: [a.public_id for a, v in zip(made, verdicts, strict=True) if v == verdict]
        for verdict in "ar"
    }
    approve_assignments(requester=of, assignment_ids=named["a"], now=now) if named["a"] else None
    if named["r"]:
        reject_assignments(
            requester=of, assignment_ids=named["r"], reason_code="wrong", feedback="No", now=now
        )
    return made


@pytest.mark.django_db
def test_sql_weighs_as_the_rule_says_and_what_is_not_settled_counts_for_nobody() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    decided(rahima, karim, "aarsara")
    assert weighed_of([rahima.pk])[rahima.pk] == weigh([True] * 4, [1] * 4), (
        "two rejections can still be appealed"
    )
    release_rejections(now=WEEK)
    found = weighed_of([rahima.pk])[rahima.pk]
    newest_first = [True, False, True, False, True, True]
    assert found.decided == 6
    assert found.weight == pytest.approx(weigh(newest_first).weight)
    assert found.good == pytest.approx(weigh(newest_first).good)
    assert (found.others, found.others_percent) == (0, 0)
    assert weighed_of([cast.tanvir().pk]) == {}


@pytest.mark.django_db
def test_sql_leaves_every_requester_out_as_the_rule_does() -> None:
    karim, nadia, rahima = cast.karim(), make.requester(), cast.rahima()
    decided(rahima, karim, "aaaaar")
    decided(rahima, nadia, "arr")
    while release_rejections(now=WEEK):
        pass
    found = weighed_of([rahima.pk])[rahima.pk]
    newest_first = [False, False, True, False, True, True, True, True, True]
    told = weigh(newest_first, [nadia.pk] * 3 + [karim.pk] * 6)
    assert (found.decided, found.others) == (told.decided, told.others) == (9, 3)
    assert found.others_percent == pytest.approx(told.others_percent)
    assert round(found.others_percent) == 33, "without Karim's, one of three"
    assert found.weight == pytest.approx(told.weight)
    assert found.good == pytest.approx(told.good)


@pytest.mark.django_db
def test_a_level_opens_work_that_asks_for_it() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    asked = (Requirement(LEVEL, "GreaterThanOrEqualTo", (1,), guards="DiscoverPreviewAndAccept"),)
    batch = make.batch(of=karim, of_terms=make.terms(requirements=asked))
    take = partial(accept_next, worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)
    with pytest.raises(NotEligible):
        take()
    counts = dict.fromkeys(("submitted", "approved", "rejected", "returned", "abandoned"), 0)
    push = partial(push_standings, counts={rahima.pk: counts}, now=make.NOW)
    push(weighed={rahima.pk: weigh([True] * 10)})
    assert len(open_groups(rahima, now=make.NOW).rows) == 1
    take()
    push(weighed={rahima.pk: Weighed()})
    moved = Event.objects.filter(name="LevelChanged", subject=rahima.public_id).order_by("id")
    assert [one.facts for one in moved] == [{"from": 0, "to": 1}, {"from": 1, "to": 0}]


@pytest.mark.django_db
def test_the_house_asks_a_level_for_dear_work_published_from_now_on() -> None:
    karim, rahima, staff = cast.karim(), cast.rahima(), cast.shirin().actor
    terms = make.terms(reward="3.00")
    before = make.batch(of=karim, of_terms=terms)
    with pytest.raises(BadPolicy):
        change_level_rewards(by=staff, rewards=[Money.parse("5.00"), Money.parse("2.00")], now=make.NOW)
    change_level_rewards(by=staff, rewards=[Money.parse("2.00"), Money.parse("5.00")], now=make.NOW)
    assert identity_of(terms) is None, "no type of these terms has been made yet"
    after = make.batch(of=karim, of_terms=terms)
    assert identity_of(terms) == after.task_type.digest
    cheap = make.batch(of=karim, of_terms=make.terms(reward="1.99"))
    stricter = (Requirement(LEVEL, "GreaterThanOrEqualTo", (3,)),)
    own = make.batch(of=karim, of_terms=make.terms(reward="3.00", requirements=stricter))
    for one in (before, cheap):
        accept_next(worker=rahima, group_id=one.task_type.group_id, now=make.NOW)
    with pytest.raises(NotEligible):
        accept_next(worker=rahima, group_id=after.task_type.group_id, now=make.NOW)
    asked = [[r["integers"] for r in one.task_type.requirement_set.requirements] for one in (after, own)]
    assert asked == [[[1]], [[3]]]


@pytest.mark.django_db(transaction=True)
def test_settled_rejections_pause_new_work_for_a_time_and_then_all_begins_anew() -> None:
    karim, rahima, staff = cast.karim(), cast.rahima(), cast.shirin().actor
    change_success_rule(by=staff, rule=RULE, now=make.NOW)
    assert success_rule() == RULE
    made = decided(rahima, karim, "arrr")
    appeal(worker=rahima, assignment_id=made[3].public_id, text="It was right", now=make.NOW)
    jobs.refresh_standings(make.NOW)
    rahima.refresh_from_db()
    assert rahima.paused_until is None, "a rejection that can be appealed against says nothing yet"
    assert release_rejections(now=WEEK) == 2
    jobs.refresh_standings(WEEK)
    jobs.refresh_standings(WEEK)
    rahima.refresh_from_db()
    until = WEEK + timedelta(days=30)
    assert rahima.paused_until == until
    assert Event.objects.filter(name="WorkerPaused").count() == 1
    batch = make.batch(of=karim, lifetime_seconds=90 * 86400)
    take = partial(accept_next, worker=rahima, group_id=batch.task_type.group_id)
    with pytest.raises(Paused) as refused:
        take(now=WEEK)
    assert refused.value.facts == {"until": until}
    assert pause_from(rahima, RULE, until + timedelta(days=1)) == until, "what was before counts no more"
    end_pause(by=staff, worker=rahima, now=WEEK + timedelta(days=1))
    take(now=WEEK + timedelta(days=1))
    assert Standing.objects.get(worker=rahima).level == 0
    with pytest.raises(BadStandingPolicy):
        change_success_rule(by=staff, rule=SuccessRule(True, 0, 60, 3, 91), now=make.NOW)
