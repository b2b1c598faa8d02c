"""Staff's money home, transfers and corrections as pages, and the limit of web hooks."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import signed_in
from tukro.kernel.actors import HOUSE
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.books.fetched_rates import take_rate
from tukro.money.actions.deposits.unmatched import keep
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.models import ProviderReport
from tukro.money.queries import worker_balance
from tukro.money.queries.transfers import corrections, find_transfers
from tukro.money.rules.exchange import FoundRate
from tukro.web.entry.pace import BURST_SECONDS
from tukro.web.staff.books.money import QUEUES

pytestmark = pytest.mark.django_db
HOME = "/staff/money"
FIVE = Money.parse("5.00")


@pytest.fixture
def staff() -> Client:
    return signed_in(cast.shirin())


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# --- the home ------------------------------------------------------------------------------------


def test_an_empty_house_says_of_each_queue_that_nothing_waits(staff: Client) -> None:
    page = text(staff, HOME)
    assert "Nothing waits for a person." in page
    for words in QUEUES.values():
        assert str(words.empty) in page
    assert "No dispute is open." in text(staff, f"{HOME}/disputes")
    assert "No balance was ever corrected" in text(staff, f"{HOME}/corrections")


def test_a_fetched_rate_that_waits_is_among_what_waits(staff: Client) -> None:
    found = FoundRate("BDT", Decimal("121.57"), make.NOW.date())
    assert take_rate(source="a bank", found=found, now=make.NOW) == "waits"
    page = text(staff, HOME)
    assert '<a href="/staff/policy/rates">Exchange rates that jumped</a>' in page
    assert "Nothing waits for a person." not in page


def test_each_queue_tells_how_much_waits_and_since_when(
    staff: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rahima = cast.rahima()
    correct_balance(by=HOUSE, person=rahima, amount=Money.parse("20.00"), reason="earned", now=make.NOW)
    method = make.payout_method(of=rahima).pk
    request_payout(worker=rahima, method_id=method, amount=Money.parse("20.00"), now=make.NOW)
    for no in range(3):
        keep(provider="bank", payment_ref=f"FT{no}", paid=FIVE, why="no_reference", at=make.NOW)
    reports: list[tuple[str, list[Any]]] = [("USD", [{}, {}]), ("BDT", [])]
    for currency, found in reports:
        ProviderReport.objects.create(
            public_id=new_id(),
            side="deposits",
            provider="bank",
            currency=currency,
            first_day=make.NOW,
            last_day=make.NOW,
            name="report.csv",
            matched=1,
            theirs_units=1,
            ours_units=1,
            differences=found,
            compared_at=make.NOW,
        )
    with django_assert_max_num_queries(14):
        answer = staff.get(HOME)
    counted = {line.queue.code: line.queue.count for line in answer.context["waiting"]}
    assert counted == {"approve": 1, "unmatched": 3, "differences": 2}
    assert all(line.queue.since == make.NOW for line in answer.context["waiting"])


# --- corrections ---------------------------------------------------------------------------------


def test_a_balance_is_corrected_after_it_was_shown_what_it_comes_to_and_once(staff: Client) -> None:
    rahima = cast.rahima()
    page, asked = f"{HOME}/correct/worker/{rahima.public_id}", {"amount": "5.00", "reason": "lost work"}
    shown = staff.post(page, asked | {"direction": "give", "act": "preview"}).content.decode()
    assert "Balance afterwards" in shown
    assert "$5.00" in shown
    assert worker_balance(rahima)[0] == Money.zero()
    sent = asked | {"direction": "give", "act": "do", "correction": new_id()}
    for _ in range(2):
        assert staff.post(page, sent).status_code == 302
    assert worker_balance(rahima)[0] == FIVE
    too_much = staff.post(page, {"direction": "take", "amount": "6.00", "reason": "x", "act": "do"})
    assert too_much.status_code == 422
    assert "There is only $5.00." in too_much.content.decode()
    assert staff.post(page, asked | {"reason": "", "direction": "give"}).status_code == 422
    assert staff.get(f"{HOME}/correct/worker/A0").status_code == 404


def test_a_correction_is_found_and_reversed_once_with_a_reason(staff: Client) -> None:
    rahima = cast.rahima()
    made = correct_balance(by=cast.karim().actor, person=rahima, amount=FIVE, reason="lost", now=make.NOW)
    (transfer,) = find_transfers(text=made)
    page = text(staff, f"{HOME}/transfers/{transfer.pk}")
    for words in ("goodwill", f"worker_available:{rahima.public_id}", "Balance afterwards", "lost"):
        assert words in page
    staff.post(f"{HOME}/corrections/{made}/reverse", {"reason": " "})
    assert worker_balance(rahima)[0] == FIVE
    for _ in range(2):
        staff.post(f"{HOME}/corrections/{made}/reverse", {"reason": "wrong worker"})
    assert worker_balance(rahima)[0] == Money.zero()
    told = [(one.is_reversal, one.reversed, str(one.amount), one.reason) for one in corrections()]
    assert told == [(True, False, "-5.00", "wrong worker"), (False, True, "5.00", "lost")]
    listed = text(staff, f"{HOME}/corrections")
    assert "wrong worker" in listed
    assert f'<a href="/staff/workers/{rahima.public_id}" translate="no">{rahima.user.email}</a>' in listed
    assert f"worker:{rahima.public_id}" not in listed
    assert "Reverse it" not in text(staff, f"{HOME}/transfers/{transfer.pk}")


def test_transfers_are_found_by_number_thing_person_and_day(
    staff: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rahima, karim = cast.rahima(), cast.karim()
    made = correct_balance(by=HOUSE, person=rahima, amount=FIVE, reason="lost", now=make.NOW)
    (transfer,) = find_transfers(text=made)
    day = f"{make.NOW:%Y-%m-%d}"

    def found(**asked: str) -> set[int]:
        return {row.pk for row in staff.get(f"{HOME}/transfers", asked).context["rows"]}

    assert found(text=str(transfer.pk)) == {transfer.pk}
    assert found(text=made, person="rahima@example.org", day=day) == {transfer.pk}
    assert transfer.pk not in found(person="karim@example.org")
    assert found(person=karim.public_id) != set()
    assert found(day="2001-01-01") == set()
    assert staff.get(f"{HOME}/transfers", {"day": "soon"}).status_code == 422
    with django_assert_max_num_queries(3):
        staff.get(f"{HOME}/transfers")


# --- web hooks -----------------------------------------------------------------------------------


def test_a_flood_of_web_hooks_is_turned_away_unread(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STRIPE_SECRET, settings.STRIPE_HOOK_SECRET = "sk_test_1", "whsec_1"
    settings.HOOK_RATE = 1
    monkeypatch.setattr("tukro.web.entry.pace.time", SimpleNamespace(monotonic=lambda: 1000.0))
    read: list[str] = []
    monkeypatch.setattr(
        "tukro.web.doors.hooks.desk.receive", lambda provider, *_, **__: read.append(provider)
    )

    def told(address: str) -> int:
        return client.post("/hooks/stripe", b"{}", "application/json", REMOTE_ADDR=address).status_code

    answers = [told("203.0.113.7") for _ in range(BURST_SECONDS + 5)]
    assert answers == [204] * BURST_SECONDS + [429] * 5
    assert told("203.0.113.8") == 204, "others are not held back by it"
    assert len(read) == BURST_SECONDS + 1
    many = [told(f"198.51.100.{no}") for no in range(BURST_SECONDS * 10)]
    assert many.count(429) == BURST_SECONDS + 1, "all addresses together are held back as well"
    answer = client.post("/hooks/stripe", b"{}", "application/json", REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
