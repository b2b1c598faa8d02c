"""The judge in SQL against the rules in Python, and when it judges."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.together import together
from tukro.people.models import Worker
from tukro.qualifications.actions.eligibility import eligibility_of, refresh_eligibility
from tukro.qualifications.actions.granting import declare_adult, grant, revoke
from tukro.qualifications.actions.requirements import ensure_requirement_set
from tukro.qualifications.actions.standing import push_standings
from tukro.qualifications.actions.types import create_type
from tukro.qualifications.models import Eligibility, RequirementSet
from tukro.qualifications.queries import facts_of
from tukro.qualifications.rules import (
    ADULT,
    GUARDS,
    LOCALE,
    LOCALE_COMPARATORS,
    MANY_VALUES,
    NO_VALUE,
    NUMBER_APPROVED,
    ONE_VALUE,
    PERCENTS,
    Act,
    Facts,
    Requirement,
    guards,
    read,
    satisfies,
)
from tukro.work.queries import asked_by

pytestmark = pytest.mark.django_db

OWN = ("One", "Two")
PLACES = ("BD", "IN", "US", "US-CA", "US-NY")
small = st.integers(-3, 103)


def may(act: Act, asked: Iterable[Requirement], facts: Facts) -> bool:
    """What the judge says in SQL, said in Python."""
    return satisfies((one for one in asked if guards(one, act)), facts)


def requirement(types: list[str]) -> st.SearchStrategy[Requirement]:
    guards = st.sampled_from(sorted(GUARDS))
    ids = st.sampled_from([*types, ADULT, NUMBER_APPROVED, *PERCENTS])

    def made(
        comparators: tuple[str, ...], integers: st.SearchStrategy[Any]
    ) -> st.SearchStrategy[Requirement]:
        return st.builds(Requirement, ids, st.sampled_from(comparators), integers, st.just(()), guards)

    places = st.lists(st.sampled_from(PLACES), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        made(ONE_VALUE, st.tuples(small)),
        made(MANY_VALUES, st.lists(small, min_size=1, max_size=4).map(tuple)),
        made(NO_VALUE, st.just(())),
        st.builds(
            Requirement,
            st.just(LOCALE),
            st.sampled_from(LOCALE_COMPARATORS),
            st.just(()),
            places,
            guards,
        ).map(_one_place_where_one_is_asked),
    )


def _one_place_where_one_is_asked(one: Requirement) -> Requirement:
    if one.comparator in ONE_VALUE:
        return Requirement(one.type_id, one.comparator, (), one.locales[:1], one.guards)
    return one


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_judge_says_what_the_rules_say(db: None, data: st.DataObject) -> None:
    karim = make.requester(funds="0.00")
    types = [create_type(requester=karim, name=name, now=make.NOW).public_id for name in OWN]
    worker = make.worker(country="")
    sets = [
        ensure_requirement_set(data.draw(st.lists(requirement(types), max_size=3))).pk
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    for _ in range(2):  # the second time the facts have changed
        _draw_facts(data, worker, karim, types)
        _agrees(worker, sets)


def _draw_facts(data: st.DataObject, worker: Worker, karim: Any, types: list[str]) -> None:
    place = data.draw(st.sampled_from(("", *PLACES)))
    worker.country, _, worker.subdivision = place.partition("-")
    worker.save()
    for type_id in types:
        value = data.draw(st.none() | small)
        if value is not None:
            grant(requester=karim, type_id=type_id, worker=worker, value=value, now=make.NOW)
            if data.draw(st.booleans()):
                revoke(requester=karim, type_id=type_id, worker=worker, now=make.NOW)
    if data.draw(st.booleans()):
        declare_adult(worker=worker, accepts=data.draw(st.booleans()), now=make.NOW)
    approved, rejected, waiting = (data.draw(st.integers(0, 90)) for _ in range(3))
    counts = {
        "submitted": approved + rejected + waiting,
        "approved": approved,
        "rejected": rejected,
        "returned": data.draw(st.integers(0, 20)),
        "abandoned": data.draw(st.integers(0, 20)),
    }
    push_standings(counts={worker.pk: counts}, now=make.NOW)


def _own(asked: Requirement, facts: Facts) -> int | str | None:
    return facts.locale if asked.type_id == LOCALE else facts.values.get(asked.type_id)


def _agrees(worker: Worker, sets: list[int]) -> None:
    facts = facts_of(Worker.objects.get(pk=worker.pk))
    judged = eligibility_of(worker=worker, now=make.NOW)
    told = asked_by(sets, worker=worker)
    for one in RequirementSet.objects.filter(pk__in=sets):
        asked = read(one.requirements)
        assert [(its.requirement, its.met, its.value) for its in told.get(one.pk, [])] == [
            (its, satisfies([its], facts), _own(its, facts)) for its in asked
        ]
        assert (one.pk in judged.accept) is may("accept", asked, facts)
        assert (one.pk in judged.no_preview) is not may("preview", asked, facts)
        assert (one.pk in judged.no_discover) is not may("discover", asked, facts)
        with connection.cursor() as cursor:
            cursor.execute("select qualifications_may_accept(%s, %s)", [worker.pk, one.pk])
            assert cursor.fetchone() == (may("accept", asked, facts),)


def test_an_act_is_allowed_only_if_what_guards_it_holds() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    type_id = create_type(requester=karim, name="Reads", now=make.NOW).public_id
    by_guard = {
        guard: ensure_requirement_set([Requirement(type_id, "Exists", guards=guard)]).pk for guard in GUARDS
    }
    judged = eligibility_of(worker=rahima, now=make.NOW)
    assert judged.no_preview == [by_guard["PreviewAndAccept"], by_guard["DiscoverPreviewAndAccept"]]
    assert judged.no_discover == [by_guard["DiscoverPreviewAndAccept"]]
    assert set(judged.accept).isdisjoint(by_guard.values())
    grant(requester=karim, type_id=type_id, worker=rahima, now=make.NOW)
    judged = eligibility_of(worker=rahima, now=make.NOW)
    assert (judged.no_preview, judged.no_discover) == ([], [])
    assert set(by_guard.values()) < set(judged.accept)


def test_asking_again_without_news_is_one_small_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima = cast.rahima()
    ensure_requirement_set([Requirement(NUMBER_APPROVED, "GreaterThan", (5,))])
    first = eligibility_of(worker=rahima, now=make.NOW)
    with django_assert_num_queries(1):
        assert eligibility_of(worker=rahima, now=make.NOW) == first


def test_new_sets_are_judged_without_judging_the_old_ones_again() -> None:
    rahima = cast.rahima()
    old = ensure_requirement_set([Requirement(NUMBER_APPROVED, "EqualTo", (0,))])
    eligibility_of(worker=rahima, now=make.NOW)
    # What was judged is believed until somebody says that the facts changed.
    Eligibility.objects.filter(worker=rahima).update(set_ids=[1])
    new = ensure_requirement_set([Requirement(NUMBER_APPROVED, "LessThan", (1,))])
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [1, new.pk]
    push_standings(
        counts={rahima.pk: dict.fromkeys(("submitted", "approved", "rejected", "returned", "abandoned"), 0)},
        now=make.NOW,
    )
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [1, old.pk, new.pk]


def test_records_of_many_workers_are_pushed_in_few_statements_whatever_is_asked(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for no in range(20):
        ensure_requirement_set([Requirement(NUMBER_APPROVED, "GreaterThan", (no,))])
    zero = dict.fromkeys(("submitted", "approved", "rejected", "returned", "abandoned"), 0)
    workers = [make.worker() for _ in range(20)]
    with django_assert_max_num_queries(6):
        push_standings(counts={worker.pk: zero for worker in workers}, now=make.NOW)


def test_a_move_to_another_place_is_seen() -> None:
    rahima = cast.rahima()
    there = ensure_requirement_set([Requirement(LOCALE, "EqualTo", locales=("US-CA",))])
    assert there.pk not in eligibility_of(worker=rahima, now=make.NOW).accept
    Worker.objects.filter(pk=rahima.pk).update(country="US", subdivision="CA")
    assert there.pk in eligibility_of(worker=rahima, now=make.NOW).accept


@pytest.mark.django_db(transaction=True)
def test_a_grant_during_a_judgement_is_never_lost() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    type_id = create_type(requester=karim, name="Reads", now=make.NOW).public_id
    asked = ensure_requirement_set([Requirement(type_id, "EqualTo", (7,))])
    for value in (1, 7, 2, 7):
        give = partial(grant, requester=karim, type_id=type_id, worker=rahima, value=value, now=make.NOW)
        judge = partial(refresh_eligibility, worker=rahima, now=make.NOW)
        results = together(give, judge, judge, judge)
        assert not [one for one in results if isinstance(one, Exception)]
        assert (asked.pk in eligibility_of(worker=rahima, now=make.NOW).accept) is (value == 7)
