"""Grants, blocks, records: what changes what a worker may take."""

from __future__ import annotations

import pytest

from tests import cast, make
from tukro.journal.models import Event
from tukro.qualifications.actions.blocking import BlockNeedsReason, block_worker, unblock_worker
from tukro.qualifications.actions.eligibility import eligibility_of
from tukro.qualifications.actions.granting import AlreadyRevoked, NeverHeld, grant, revoke
from tukro.qualifications.actions.requirements import UnknownRequiredType, ensure_requirement_set
from tukro.qualifications.actions.standing import push_standings
from tukro.qualifications.actions.types import NotYours, create_type
from tukro.qualifications.models import Block, Standing
from tukro.qualifications.queries import is_blocked
from tukro.qualifications.rules import LOCALE, NO_REQUIREMENTS, NUMBER_APPROVED, Requirement

pytestmark = pytest.mark.django_db


def test_the_first_set_asks_nothing_and_everybody_satisfies_it() -> None:
    assert ensure_requirement_set([]).pk == NO_REQUIREMENTS
    assert eligibility_of(worker=cast.rahima(), now=make.NOW).accept == [NO_REQUIREMENTS]


def test_equal_requirements_share_a_set_and_new_sets_are_judged_when_they_are_asked_for() -> None:
    rahima = cast.rahima()
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [NO_REQUIREMENTS]
    here = ensure_requirement_set([Requirement(LOCALE, "In", locales=("BD", "IN"))])
    same = ensure_requirement_set([Requirement(LOCALE, "In", locales=("IN", "BD"))])
    elsewhere = ensure_requirement_set([Requirement(LOCALE, "EqualTo", locales=("NP",))])
    assert here == same
    assert here != elsewhere
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [NO_REQUIREMENTS, here.pk]


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(UnknownRequiredType) as refused:
        ensure_requirement_set([Requirement("3NOSUCHTYPE", "Exists")])
    assert refused.value.facts == {"codes": ["unknown_type"], "type_id": "3NOSUCHTYPE"}


def test_a_grant_and_its_end_change_what_a_worker_may_take() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    reads = create_type(requester=karim, name="Reads Bengali", now=make.NOW)
    asked = ensure_requirement_set([Requirement(reads.public_id, "Exists")])

    grant(requester=karim, type_id=reads.public_id, worker=rahima, now=make.NOW)
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [NO_REQUIREMENTS, asked.pk]
    revoke(requester=karim, type_id=reads.public_id, worker=rahima, now=make.NOW)
    with pytest.raises(AlreadyRevoked):
        revoke(requester=karim, type_id=reads.public_id, worker=rahima, now=make.NOW)
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [NO_REQUIREMENTS]
    assert Event.objects.filter(name="QualificationRevoked").count() == 1


def test_only_the_owner_grants_and_revokes() -> None:
    karim, stranger, rahima = cast.karim(), make.requester(), cast.rahima()
    reads = create_type(requester=karim, name="Reads Bengali", now=make.NOW)
    with pytest.raises(NotYours):
        grant(requester=stranger, type_id=reads.public_id, worker=rahima, now=make.NOW)
    with pytest.raises(NeverHeld):
        revoke(requester=karim, type_id=reads.public_id, worker=rahima, now=make.NOW)


def test_a_record_that_grows_opens_doors() -> None:
    rahima = cast.rahima()
    veterans = ensure_requirement_set([Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (10,))])
    counted = {"submitted": 12, "approved": 10, "rejected": 0, "returned": 1, "abandoned": 0}
    push_standings(counts={rahima.pk: {**counted, "approved": 9}}, now=make.NOW)
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [NO_REQUIREMENTS]
    push_standings(counts={rahima.pk: counted}, now=make.NOW)
    assert eligibility_of(worker=rahima, now=make.NOW).accept == [NO_REQUIREMENTS, veterans.pk]
    assert Standing.objects.get(worker=rahima).submitted == 12


def test_a_block_has_a_reason_and_is_one_row() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    with pytest.raises(BlockNeedsReason):
        block_worker(requester=karim, worker=rahima, reason=" ", now=make.NOW)
    block_worker(requester=karim, worker=rahima, reason="copied", now=make.NOW)
    block_worker(requester=karim, worker=rahima, reason="copied", now=make.NOW)
    assert Block.objects.count() == 1
    assert is_blocked(worker=rahima, requester=karim)
    unblock_worker(requester=karim, worker=rahima, now=make.NOW)
    unblock_worker(requester=karim, worker=rahima, now=make.NOW)
    assert not is_blocked(worker=rahima, requester=karim)
    assert Event.objects.filter(name__in=["WorkerBlocked", "WorkerUnblocked"]).count() == 2
