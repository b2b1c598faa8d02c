"""Staff's second persons as pages: what waits, who may confirm it, and what was decided."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.money.law.test_screening import PLAIN, say
from tests.providers.paying import earner
from tests.web.market import signed_in
from tukro.kernel.actors import HOUSE
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.actions.deposits.unmatched import keep
from tukro.money.actions.law.screening import screen_due
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.proposals.acts import CorrectBalance
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.models import Proposal
from tukro.money.queries import latest_rate, policy, requester_available, worker_balance
from tukro.vetting.jobs import delete_untaken_lists
from tukro.vetting.models import SanctionsHit, SanctionsList, TaxRule
from tukro.vetting.queries.sanctions import current_lists, sanctions_policy
from tukro.web.words.payouts import method_label

pytestmark = pytest.mark.django_db
PAGE = "/staff/money/second"
SIX_HUNDRED = Money.parse("600.00")


@pytest.fixture
def nasrin() -> Client:
    """A second member of staff; the first is Shirin."""
    return signed_in(make.staff(email="nasrin@example.org"))


def text(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def test_money_for_a_requester_waits_until_a_colleague_confirms_it(nasrin: Client) -> None:
    shirin, karim = signed_in(cast.shirin()), make.requester(email="karim@example.org", funds="0")
    kept = keep(provider="bank", payment_ref="FT9", paid=SIX_HUNDRED, why="no_reference", at=make.NOW)
    assert "Nothing waits for a second person" in text(shirin)
    facts = {"email": "karim@example.org", "reason": "his letter"}
    answer = shirin.post(f"/staff/deposits/unmatched/{kept.public_id}/assign", facts, follow=True)
    assert "it waits until a colleague confirms it" in answer.content.decode()
    waits = Proposal.objects.get()
    assert "waits for a second person" in text(shirin, "/staff/deposits/unmatched")
    own = text(shirin)
    assert "$600.00" in own
    assert "Take it back" in own
    assert "Confirm: do it" not in own
    said = shirin.post(f"{PAGE}/{waits.public_id}/confirm", follow=True).content.decode()
    assert "You proposed this" in said
    theirs = text(nasrin)
    title = "Give money without an owner to a requester"
    for words in (title, "his letter", "shirin@example.org", "karim@example.org"):
        assert words in theirs
    said = nasrin.post(f"{PAGE}/{waits.public_id}/confirm", follow=True).content.decode()
    assert "Confirmed: it is done." in said
    assert requester_available(karim) == SIX_HUNDRED
    assert "nasrin@example.org" in text(shirin)


def test_the_second_person_sees_whose_money_it_is_and_what_the_bank_calls_it(nasrin: Client) -> None:
    shirin, karim = signed_in(cast.shirin()), make.requester(email="karim@example.org", funds="0")
    now = timezone.now()
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("120"), source="Bank", now=now)
    made = create_deposit(
        requester=karim, amount=Money.parse("900.00"), provider="bank", currency="BDT", now=now
    )
    make.settled(made, payment_ref="FT7", now=now)
    refund = ask_refund(requester=karim, deposit_id=made.public_id, amount=Money.parse("800.00"), now=now)
    shirin.post(f"/staff/deposits/refunds/{refund.public_id}", {"act": "done", "note": "BEFTN-1"})
    page = text(nasrin)
    for words in ("$800.00", "karim@example.org", "৳96,000.00", "FT7", "BEFTN-1"):
        assert words in page
    nasrin.post(f"{PAGE}/{Proposal.objects.get().public_id}/confirm")
    kept = keep(
        provider="bank",
        payment_ref="FT9",
        paid=Money.parse("99000.00", "BDT"),
        why="no_reference",
        payer="Karim Traders",
        memo="for the survey",
        at=now,
    )
    shirin.post(f"/staff/deposits/unmatched/{kept.public_id}/return", {"reason": "a stranger"})
    page = text(nasrin)
    for words in ("৳99,000.00", "FT9", "for the survey", "Karim Traders"):
        assert words in page


def test_a_dispute_says_whose_deposit_it_is_and_how_it_ended(nasrin: Client) -> None:
    shirin, karim = signed_in(cast.shirin()), make.requester(email="karim@example.org", funds="0")
    made = create_deposit(requester=karim, amount=SIX_HUNDRED, provider="bank", now=make.NOW)
    make.settled(made, payment_ref="FT7", now=make.NOW)
    page, number = f"/staff/deposits/{made.public_id}/dispute", {"reference": "CB1"}
    said = shirin.post(page, number | {"outcome": "won"}, follow=True).content.decode()
    assert "Nothing was taken from this deposit under the number CB1" in said
    shirin.post(page, number | {"outcome": "taken", "amount": "600.00"})
    for words in ("A dispute takes a deposit back", "karim@example.org", "CB1"):
        assert words in text(nasrin)
    nasrin.post(f"{PAGE}/{Proposal.objects.get().public_id}/confirm")
    said = shirin.post(page, number | {"outcome": "lost"}, follow=True).content.decode()
    assert "The dispute is written down." in said
    assert "Lost: the money is gone" in said
    said = shirin.post(page, number | {"outcome": "won"}, follow=True).content.decode()
    assert "The dispute CB1 was lost before, and stays so." in said


def test_rules_say_what_they_were_and_shall_be_and_are_declined_with_a_reason(nasrin: Client) -> None:
    shirin = signed_in(cast.shirin())
    shirin.post("/staff/policy/money/preset", {"preset": "mturk"})
    rate = {"currency": "BDT", "rate": "121.57", "spread": "1", "source": "Bangladesh Bank"}
    shirin.post("/staff/policy/rates", rate)
    shirin.post("/staff/policy/payouts/wait", {"hours": "24"})
    terms = {"offered": "on", "minimum": "20.00", "approved_up_to": "0"}
    shirin.post("/staff/policy/payouts/bkash", terms)
    shirin.post("/staff/policy/levels/rewards", {"level_1": "1.00"})
    assert Proposal.objects.count() == 5
    assert policy().masters_basis_points == 0
    assert latest_rate("BDT", make.NOW) is None
    page = text(nasrin)
    for words in ("Surcharge for work that asks for Masters", "5.00%", "121.57", "$20.00", "72", "level 1"):
        assert words in page
    shirin.post("/staff/policy/rates/rules", {"jump": "4", "spread": "1"})
    shirin.post("/staff/sanctions/likeness", {"likeness": "93"})
    for rules, waiting in (
        ("/staff/policy", 1),
        ("/staff/policy/rates", 2),
        ("/staff/policy/payouts", 1),
        ("/staff/policy/payouts/bkash", 1),
        ("/staff/policy/payouts/nagad", 0),
        ("/staff/policy/levels", 1),
        ("/staff/sanctions", 1),
    ):
        assert text(shirin, rules).count("waits for a second person") == waiting, rules
    first = Proposal.objects.get(kind="policy")
    said = nasrin.post(f"{PAGE}/{first.public_id}/decline", {"reason": ""}, follow=True).content.decode()
    assert "Say why you decline" in said
    nasrin.post(f"{PAGE}/{first.public_id}/decline", {"reason": "not before the new year"})
    assert "not before the new year" in text(shirin)


def test_what_the_law_asks_is_changed_by_two_and_shown_before(nasrin: Client) -> None:
    shirin = signed_in(cast.shirin())
    shirin.post("/staff/policy/tax/preset", {"preset": "us"})
    shirin.post("/staff/policy/tax/year", {"first_month": "7", "keep_years": "5"})
    said = shirin.post("/staff/sanctions/likeness", {"likeness": "93"}, follow=True).content.decode()
    assert "it waits until a colleague confirms it" in said
    assert not TaxRule.objects.exists()
    rules = text(shirin, "/staff/policy/tax")
    assert rules.count("waits for a second person") == 3  # two rules that are new, and the year
    assert "<strong>United States</strong>" in rules
    page = text(nasrin)
    for words in (
        "Change which tax form is asked",
        "W-9 (persons of the United States)",
        "before the first withdrawal",
        "93",
    ):
        assert words in page
    assert "First month of the tax year" in page
    nasrin.post("/staff/sanctions/likeness", {"likeness": "93"})  # the same in the usual place confirms it
    assert sanctions_policy().likeness == 93
    for waiting in Proposal.objects.filter(state="waiting"):
        nasrin.post(f"{PAGE}/{waiting.public_id}/confirm")
    assert "waits for a second person" not in text(shirin, "/staff/policy/tax")
    shirin.post("/staff/policy/tax/drop", {"country": "US"})
    rules = text(shirin, "/staff/policy/tax")
    assert (rules.count("waits for a second person"), "<strong>United States</strong>" in rules) == (1, False)


def test_a_sanctions_list_is_taken_and_a_hit_cleared_by_two(nasrin: Client) -> None:
    """Nobody puts a list that leaves a friend out in the place of another, or clears them, alone."""
    shirin, worker = signed_in(cast.shirin()), earner("60.00")
    say(worker, "Rahima Khatun")

    def read_in(client: Client, content: str) -> str:
        file = SimpleUploadedFile("list.csv", content.encode())
        said = client.post("/staff/sanctions/import", {"source": "UN", "people": file}, follow=True)
        return said.content.decode()

    assert "it waits until a colleague confirms it" in read_in(shirin, PLAIN)
    assert (list(current_lists()), screen_due(timezone.now())) == ([], 0)
    page = text(nasrin)
    for words in (
        "Compare everybody with a sanctions list",
        "SHA-256 of the file",
        SanctionsList.objects.get().file_digest,
    ):
        assert words in page
    assert "Something else is proposed" in read_in(nasrin, PLAIN + "Karim Mia,,,BD\n")
    assert SanctionsList.objects.count() == 1
    nasrin.post(f"/staff/money/second/{Proposal.objects.get().public_id}/confirm")
    assert [one.people for one in current_lists()] == [1]
    assert screen_due(timezone.now()) == 1
    hit = SanctionsHit.objects.get()

    def decide(client: Client, verdict: str, note: str) -> str:
        client.post(f"/staff/sanctions/{hit.public_id}/decide", {"verdict": verdict, "note": note})
        hit.refresh_from_db()
        return hit.state

    assert decide(shirin, "cleared", "My cousin") == "open"
    assert "waits for a second person" in text(shirin, "/staff/sanctions")
    assert "My cousin" in text(nasrin)
    assert decide(nasrin, "confirmed", "Her passport") == "confirmed"  # to keep holding takes one
    assert not Proposal.objects.filter(state="waiting").exists()
    assert decide(shirin, "cleared", "Another birth") == "confirmed"
    assert decide(nasrin, "cleared", "Another birth") == "cleared"
    assert "it waits until a colleague" in read_in(shirin, PLAIN.replace("1971", "1981"))
    assert delete_untaken_lists(timezone.now() + timedelta(days=9)) == 1
    assert current_lists().count() == SanctionsList.objects.count() == 1


def test_withdrawals_above_the_limit_wait_in_the_queue_and_say_so(nasrin: Client) -> None:
    rahima = cast.rahima()
    correct_balance(by=HOUSE, person=rahima, amount=Money.parse("620.00"), reason="earned", now=make.NOW)
    method = make.payout_method(of=rahima).pk
    payouts = [
        request_payout(worker=rahima, method_id=method, amount=Money.parse(amount), now=make.NOW)
        for amount in ("600.00", "20.00")
    ]
    ticked = {"payout": [one.public_id for one in payouts], "act": "approve"}
    said = signed_in(cast.shirin()).post("/staff/payouts/act", ticked, follow=True).content.decode()
    assert "Withdrawals written down: 1." in said
    assert "Wait for a second person: 1" in said
    assert "waits for a second person" in said
    page = text(nasrin)
    for words in (rahima.user.email, method_label(payouts[0]), f"/staff/workers/{rahima.public_id}"):
        assert words in page
    nasrin.post("/staff/payouts/act", ticked | {"payout": payouts[0].public_id})
    payouts[0].refresh_from_db()
    assert payouts[0].state == "approved"


def test_a_colleague_sees_which_other_withdrawals_bear_the_number_of_a_payment(nasrin: Client) -> None:
    rahima, shirin = cast.rahima(), signed_in(cast.shirin())
    correct_balance(by=HOUSE, person=rahima, amount=Money.parse("620.00"), reason="earned", now=make.NOW)
    method = make.payout_method(of=rahima).pk
    large, small = [
        request_payout(worker=rahima, method_id=method, amount=Money.parse(amount), now=make.NOW).public_id
        for amount in ("600.00", "20.00")
    ]
    pressed = {"act": "send", "reference": "TRX 7 "}
    shirin.post("/staff/payouts/act", pressed | {"payout": large})
    assert "The same number stands at" not in text(nasrin)
    shirin.post("/staff/payouts/act", pressed | {"payout": small})
    assert f'The same number stands at</dt><dd translate="no">{rahima.user.email}, $20.00' in text(nasrin)


def test_an_amount_stands_once_beside_what_is_to_be_booked(nasrin: Client) -> None:
    form = {"place": "bank", "currency": "USD", "amount": "600", "reference": "FT1", "booking": new_id()}
    signed_in(cast.shirin()).post("/staff/treasury/book/capital_in", form)
    page = text(nasrin)
    assert (page.count("$600.00"), "FT1" in page) == (1, True)


def test_the_page_asks_as_often_however_many_wait(
    nasrin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    del nasrin
    shirin = cast.shirin()
    client, rahima = signed_in(shirin), cast.rahima()
    for no in range(6):
        act = CorrectBalance(new_id(), f"worker:{rahima.public_id}", SIX_HUNDRED.units, f"reason {no}")
        do_or_propose(act=act, by=shirin.actor, now=make.NOW)
    Proposal.objects.update(expires_at="2126-01-01T00:00:00Z")
    with django_assert_num_queries(6):  # who it is, the limit, what waits, what was decided, names, workers
        assert text(client).count("Take it back") == 6
    assert worker_balance(rahima)[0] == Money.zero()
