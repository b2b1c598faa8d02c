"""Workers from another market: claimed by themselves, confirmed by the requester who knew them."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.qualifications.actions.pool import (
    AlreadyConfirmed,
    BadFormerId,
    Former,
    bring_workers,
    claim_former_id,
    confirm_claim,
)
from tukro.qualifications.models import FormerWorker
from tukro.qualifications.queries import former_id_of, former_workers, is_blocked, qualification_of

pytestmark = pytest.mark.django_db

OLD = "A1B2C3D4E5F6G7"


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


def test_a_confirmed_claim_brings_qualifications(karim: Requester) -> None:
    kind, rahima = make.qualification_type(of=karim), cast.rahima()
    bring_workers(requester=karim, workers=[Former(OLD, {kind.public_id: 87})], now=NOW)
    claim_former_id(worker=rahima, former_id=OLD.lower(), now=NOW)
    assert qualification_of(rahima, kind) is None
    confirm_claim(requester=karim, former_id=OLD, worker=rahima, now=NOW)
    held = qualification_of(rahima, kind)
    assert held is not None
    assert held.value == 87


def test_a_confirmed_claim_brings_the_block(karim: Requester) -> None:
    rahima = cast.rahima()
    bring_workers(requester=karim, workers=[Former(OLD, block_reason="Copied")], now=NOW)
    claim_former_id(worker=rahima, former_id=OLD, now=NOW)
    confirm_claim(requester=karim, former_id=OLD, worker=rahima, now=NOW)
    assert is_blocked(worker=rahima, requester=karim)


def test_nothing_comes_without_a_claim(karim: Requester) -> None:
    rahima = cast.rahima()
    bring_workers(requester=karim, workers=[Former(OLD)], now=NOW)
    with pytest.raises(NotFound):
        confirm_claim(requester=karim, former_id=OLD, worker=rahima, now=NOW)


def test_nobody_confirms_for_another_requester(karim: Requester) -> None:
    rahima = cast.rahima()
    bring_workers(requester=karim, workers=[Former(OLD)], now=NOW)
    claim_former_id(worker=rahima, former_id=OLD, now=NOW)
    with pytest.raises(NotFound):
        confirm_claim(requester=make.requester(), former_id=OLD, worker=rahima, now=NOW)


def test_a_former_worker_is_one_worker_here(karim: Requester) -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    bring_workers(requester=karim, workers=[Former(OLD)], now=NOW)
    for worker in (rahima, tanvir):
        claim_former_id(worker=worker, former_id=OLD, now=NOW)
    for _ in range(2):  # twice is once
        confirm_claim(requester=karim, former_id=OLD, worker=tanvir, now=NOW)
    with pytest.raises(AlreadyConfirmed):
        confirm_claim(requester=karim, former_id=OLD, worker=rahima, now=NOW)
    assert [row.worker for row in former_workers(karim)] == [tanvir]


def test_a_word_can_be_taken_back(karim: Requester) -> None:
    rahima = cast.rahima()
    bring_workers(requester=karim, workers=[Former(OLD)], now=NOW)
    claim_former_id(worker=rahima, former_id=OLD, now=NOW)
    assert [row.former_id for row in former_workers(karim, claimed=True)] == [OLD]
    claim_former_id(worker=rahima, former_id="", now=NOW)
    assert (former_id_of(rahima), former_workers(karim, claimed=True)) == ("", [])


@pytest.mark.parametrize("text", ["B1234567", "A1", "A12 34567", "A" + "1" * 64, "<script>"])
def test_what_is_no_id_is_refused(karim: Requester, text: str) -> None:
    with pytest.raises(BadFormerId):
        claim_former_id(worker=cast.rahima(), former_id=text, now=NOW)
    with pytest.raises(BadFormerId):
        bring_workers(requester=karim, workers=[Former(OLD), Former(text)], now=NOW)
    assert FormerWorker.objects.count() == 0


def test_files_read_again_tell_anew(karim: Requester) -> None:
    for approved in (3, 5):
        bring_workers(requester=karim, workers=[Former(OLD, approved=approved)], now=NOW)
    assert [row.approved for row in former_workers(karim)] == [5]
