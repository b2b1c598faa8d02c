"""What a first withdrawal asks for, by the operator's choice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.make import NOW
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.asking import ProofMissing, request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.models import PayoutMethod
from tukro.money.queries import missing_proofs, phone_counts_from
from tukro.money.rules.names import names_agree
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.joining import change_payout_proofs
from tukro.people.actions.letters import vouch_for
from tukro.people.actions.phones import ask_for_code, claim_code, enter_code
from tukro.people.models import PayoutProof, Worker
from tukro.people.queries import payout_proofs

TEN = Money.parse("10.00")


@pytest.fixture
def rahima(db: None) -> Worker:
    del db
    worker = make.worker(proved=False)
    contact = Contact("Mst. Rahima Khatun", "12 Road 5", "1205", "Dhaka", "BD")
    save_contact(user=worker.user, contact=contact, now=NOW)
    make.with_earnings(worker, "90.00")
    return worker


def wallet(worker: Worker) -> PayoutMethod:
    return make.payout_method(of=worker, kind="bkash", details={"number": "01712345678"})


def cheque(worker: Worker, payee: str) -> PayoutMethod:
    return make.payout_method(of=worker, kind="cheque", details={"payee": payee, "address": "12 Road 5"})


def withdraw(worker: Worker, method: PayoutMethod, amount: Money = TEN) -> str:
    return request_payout(worker=worker, method_id=method.pk, amount=amount, now=NOW).public_id


def test_the_first_withdrawal_waits_for_the_letter_and_the_second_does_not(rahima: Worker) -> None:
    assert payout_proofs() == {"letter"}
    method = wallet(rahima)
    with pytest.raises(ProofMissing) as refused:
        withdraw(rahima, method)
    assert refused.value.facts == {"missing": "letter"}
    vouch_for(by=make.staff().actor, worker=rahima, reason="Passport", now=NOW)
    first = withdraw(rahima, method)
    send_payout(by=make.staff().actor, payout_id=first, reference="TX1", now=NOW)
    moved = Contact("Mst. Rahima Khatun", "99 Road 1", "3100", "Sylhet", "BD")
    save_contact(user=rahima.user, contact=moved, now=NOW)
    withdraw(rahima, method)


def test_the_operator_chooses_other_proofs_instead_or_beside(rahima: Worker) -> None:
    staff = make.staff().actor
    change_payout_proofs(by=staff, proofs=[PayoutProof.NAME], now=NOW)
    with pytest.raises(ProofMissing) as refused:
        withdraw(rahima, cheque(rahima, "Karim Uddin"))
    assert refused.value.facts == {"missing": "name"}
    withdraw(rahima, cheque(rahima, "KHATUN, Rahima"))
    withdraw(rahima, wallet(rahima))  # a number names nobody
    change_payout_proofs(by=staff, proofs=[PayoutProof.NAME, PayoutProof.LETTER], now=NOW)
    with pytest.raises(ProofMissing):
        withdraw(rahima, cheque(rahima, "Rahima Khatun"))
    change_payout_proofs(by=staff, proofs=[], now=NOW)
    withdraw(rahima, cheque(rahima, "Karim Uddin"))


def test_a_phone_may_be_the_proof_and_a_changed_one_waits(rahima: Worker) -> None:
    staff, method = make.staff().actor, wallet(rahima)
    change_payout_proofs(by=staff, proofs=[PayoutProof.PHONE], now=NOW)
    with pytest.raises(ProofMissing) as refused:
        withdraw(rahima, method)
    assert refused.value.facts == {"missing": "phone"}
    prove_phone(rahima, "01712345678")
    assert missing_proofs(rahima, now=NOW) == []
    later = NOW + timedelta(hours=1)
    prove_phone(rahima, "01812345678", now=later)
    counts_from = phone_counts_from(rahima)
    assert counts_from == later + timedelta(hours=72)
    assert missing_proofs(rahima, now=later) == ["phone"]
    assert missing_proofs(rahima, now=counts_from) == []
    vouch_for(by=staff, worker=rahima, reason="Passport", now=NOW)
    withdraw(rahima, method)


def prove_phone(worker: Worker, number: str, *, now: datetime = NOW) -> None:
    ask_for_code(worker=worker, number=number, from_address="", now=now)
    claimed = claim_code(provider="outbox", now=now)
    content = claimed and claimed.content()
    assert content
    enter_code(worker=worker, code=content[1], now=now)


def test_who_leaves_gets_a_rest_below_the_minimum_without_a_letter(rahima: Worker) -> None:
    method = wallet(rahima)
    rest = Money.parse("9.99")
    request_payout(worker=rahima, method_id=method.pk, amount=rest, now=NOW, closing=True)
    with pytest.raises(ProofMissing):
        request_payout(worker=rahima, method_id=method.pk, amount=TEN, now=NOW, closing=True)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Rahima Khatun", "khatun rahima", True),
        ("মোছাঃ রহিমা খাতুন", "রহিমা খাতুন", True),
        ("Md. Abdul-Karim", "Abdul Karim", True),
        ("Rahima Khatun", "Rahima Begum", False),
        ("Rahima", "Rahima Khatun", False),
        ("রহিমা খাতুন", "Rahima Khatun", False),
        ("", "", False),
        ("Md.", "Md.", False),
    ],
)
def test_names_agree_by_their_words(one: str, other: str, agree: bool) -> None:
    assert names_agree(one, other) is agree
