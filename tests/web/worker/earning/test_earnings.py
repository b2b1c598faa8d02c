"""A worker's earnings and withdrawals: exact, in the reader's words, never twice, never somebody else's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests import cast, make
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import cancel_payout, send_payout, settle_payout
from tukro.money.actions.paying_out.schedules import set_schedule
from tukro.money.actions.policy import change_policy
from tukro.money.models import Payout, PayoutMethod, PayoutTerms
from tukro.money.queries import worker_balance
from tukro.people.models import Worker
from tukro.web.worker.earning.earnings import day_chart
from tukro.work.actions.reviewing import approve_assignments, send_bonus

pytestmark = pytest.mark.django_db


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


@pytest.fixture
def page(rahima: Worker, client: Client) -> Client:
    client.force_login(rahima.user)
    return client


def paid(worker: Worker, *, reward: str = "10.50", bonus: str = "1.25") -> None:
    """The worker's work of one task, approved, with a bonus."""
    karim = cast.karim()
    now = timezone.now()
    batch = make.batch(of=karim, of_terms=make.terms(title="Write a story", reward=reward), now=now)
    done = make.submitted(by=worker, of=batch, now=now)
    approve_assignments(requester=karim, assignment_ids=[done.public_id], now=now)
    send_bonus(
        requester=karim,
        assignment_id=done.public_id,
        amount=Money.parse(bonus),
        reason="Beautifully told",
        token="t1",
        now=now,
    )


def a_method(worker: Worker) -> PayoutMethod:
    return make.payout_method(of=worker)


def confirming(client: Client, method: PayoutMethod, **chosen: str) -> dict[str, Any]:
    """What the confirming page would post."""
    shown = client.post("/earnings/withdraw", {"method": method.pk, "which": "all", **chosen})
    assert shown.status_code == 200, shown.context["form"].errors
    return {name: shown.context["form"].get_initial_for_field(field, name)
            for name, field in shown.context["form"].fields.items()}  # fmt: skip


# --- earnings -----------------------------------------------------------------------------------


def test_the_figures_are_the_ledgers(page: Client, rahima: Worker) -> None:
    paid(rahima)
    make.submitted(by=rahima, of=make.batch(of_terms=make.terms(reward="0.30")))
    context = page.get("/earnings").context
    assert context["available"] == Money.parse("11.75")
    assert context["pending"] == Money.parse("0.30")
    assert (context["withdrawing"], context["withdrawn"]) == (Money.zero(), Money.zero())
    assert context["chart"].total == Money.parse("11.75")
    assert [bonus.reason for bonus in context["bonuses"]] == ["Beautifully told"]


def test_every_movement_is_listed_with_the_work_it_paid_for(page: Client, rahima: Worker) -> None:
    paid(rahima)
    request_payout(
        worker=rahima, method_id=a_method(rahima).pk, amount=Money.parse("10.00"), now=timezone.now()
    )
    rows = page.get("/earnings").context["rows"]
    shown = [
        (str(line.words), line.title, str(line.row.amount), str(line.row.balance_after)) for line in rows
    ]
    assert shown == [
        ("Withdrawal asked for", "", "-10.00", "1.75"),
        ("Bonus", "Write a story", "1.25", "11.75"),
        ("Pay", "Write a story", "10.50", "10.50"),
    ]  # fmt: skip


def test_the_statement_goes_on_by_key(page: Client, rahima: Worker) -> None:
    paid(rahima, reward="50.00")
    method = a_method(rahima)
    for _ in range(16):
        asked = request_payout(
            worker=rahima, method_id=method.pk, amount=Money.parse("10.00"), now=timezone.now()
        )
        cancel_payout(worker=rahima, payout_id=asked.public_id, now=timezone.now())
    first = page.get("/earnings").context
    second = page.get("/earnings", {"after": first["next_cursor"]}).context
    assert [len(first["rows"]), len(second["rows"]), second["next_cursor"]] == [30, 4, ""]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "৫"])
def test_a_forged_place_in_the_statement_begins_at_the_top(page: Client, rahima: Worker, after: str) -> None:
    paid(rahima)
    assert len(page.get("/earnings", {"after": after}).context["rows"]) == 2


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("address", ["/earnings", "/earnings/withdraw", "/earnings/methods/add/bank"])
def test_pages_open_for_a_worker_who_has_nothing(page: Client, address: str, language: str) -> None:
    assert page.get(address, headers={"Accept-Language": language}).status_code == 200


def test_the_best_day_fills_the_chart_and_a_cent_can_be_seen() -> None:
    today = date(2026, 11, 22)
    chart = day_chart([(today - timedelta(days=2), Money.zero()), (today - timedelta(days=1), Money(10_000)),
                       (today, Money.parse("9.00"))])  # fmt: skip
    assert [column.height for column in chart.columns] == [0, 2, 100]
    assert [column.top for column in chart.columns] == [100, 98, 0]


# --- methods ------------------------------------------------------------------------------------

BANK = {
    "account_name": "Rahima Khatun",
    "account_number": "১৫০১ ২০৩৩ ৪৪",
    "bank": "Surma Bank",
    "branch": "Sadar",
    "routing_number": "২০০৪৮০৫৫৪",
}


def test_a_bank_account_is_kept_in_latin_digits_and_shown_by_its_end(page: Client, rahima: Worker) -> None:
    assert page.post("/earnings/methods/add/bank", BANK).status_code == 302
    kept = PayoutMethod.objects.get(worker=rahima)
    assert kept.details["account_number"] == "1501203344"
    (shown,) = page.get("/earnings/withdraw").context["methods"]
    assert shown["label"] == "Bank account •••• 3344"


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        ("bkash", {"number": "0171234"}, "number"),
        ("bkash", {"number": ""}, "number"),
        ("paypal", {"email": "rahima"}, "email"),
        ("cheque", {"payee": "Rahima", "address": "x" * 501}, "address"),
        ("bank", BANK | {"bank": ""}, "bank"),
        ("bank", BANK | {"account_number": "12"}, "account_number"),
    ],
)
def test_details_that_cannot_be_right_are_named_and_not_kept(
    page: Client, kind: str, details: dict[str, str], field: str
) -> None:
    response = page.post(f"/earnings/methods/add/{kind}", details)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not PayoutMethod.objects.exists()


def test_a_kind_of_payment_that_nobody_knows_is_not_found(page: Client) -> None:
    assert page.get("/earnings/methods/add/gold").status_code == 404


def test_a_removed_method_is_gone_and_other_peoples_cannot_be_removed(page: Client, rahima: Worker) -> None:
    mine, theirs = a_method(rahima), a_method(cast.tanvir())
    page.post(f"/earnings/methods/{mine.pk}/remove")
    assert page.post(f"/earnings/methods/{theirs.pk}/remove").status_code == 404
    assert list(PayoutMethod.objects.filter(removed_at=None)) == [theirs]


def test_before_a_method_is_removed_its_worker_reads_what_that_costs(page: Client, rahima: Worker) -> None:
    method = a_method(rahima)
    paid(rahima)
    set_schedule(worker=rahima, method_id=method.pk, every_days=7, now=timezone.now())
    question = f"/earnings/methods/{method.pk}/remove"
    assert f'href="{question}"' in page.get("/earnings/withdraw").content.decode()
    shown = page.get(question).content.decode()
    assert "wait 3 days until it can be used" in shown
    assert "You withdraw to it without asking each time. That stops." in shown
    assert list(PayoutMethod.objects.filter(removed_at=None)) == [method]


def test_the_question_before_removing_is_for_the_methods_worker_alone(page: Client) -> None:
    theirs = a_method(cast.tanvir())
    assert page.get(f"/earnings/methods/{theirs.pk}/remove").status_code == 404


# --- withdrawing --------------------------------------------------------------------------------


def test_fee_and_what_arrives_are_shown_before_anything_happens(page: Client, rahima: Worker) -> None:
    paid(rahima)
    change_policy(by=cast.shirin().actor, now=make.NOW, payout_fee=Money.parse("0.50"))
    response = page.post("/earnings/withdraw", {"method": a_method(rahima).pk, "which": "all"})
    shown = response.context
    assert (shown["amount"], shown["fee"]) == (Money.parse("11.75"), Money.parse("0.50"))
    assert shown["arrives"] == Money.parse("11.25")
    assert not Payout.objects.exists()


def test_a_fee_that_has_changed_since_it_was_shown_is_shown_again(page: Client, rahima: Worker) -> None:
    paid(rahima)
    posted = confirming(page, a_method(rahima))
    change_policy(by=cast.shirin().actor, now=make.NOW, payout_fee=Money.parse("0.50"))
    page.post("/earnings/withdraw/confirm", posted)
    assert not Payout.objects.exists()
    page.post("/earnings/withdraw/confirm", confirming(page, a_method(rahima)))
    assert Payout.objects.get().fee == Money.parse("0.50")


def test_another_amount_is_not_called_optional_and_too_much_says_what_to_write(
    page: Client, rahima: Worker
) -> None:
    paid(rahima)
    typed = {"method": a_method(rahima).pk, "which": "other", "amount": "50"}
    shown = page.post("/earnings/withdraw", typed).content.decode()
    assert "You have $11.75 available: write that much or less." in shown
    assert "(optional)" not in shown


def test_all_leaves_only_what_is_less_than_a_cent(page: Client, rahima: Worker) -> None:
    paid(rahima)
    posted = confirming(page, a_method(rahima))
    page.post("/earnings/withdraw/confirm", posted)
    payout = Payout.objects.get(worker=rahima)
    assert (payout.amount, payout.state) == (Money.parse("11.75"), "requested")
    assert worker_balance(rahima) == (Money.zero(), Money.parse("11.75"), Money.zero())


def test_another_amount_may_be_typed_in_bengali(page: Client, rahima: Worker) -> None:
    paid(rahima)
    posted = confirming(page, a_method(rahima), which="other", amount="১০.৫০")
    page.post("/earnings/withdraw/confirm", posted)
    assert Payout.objects.get().amount == Money.parse("10.50")


def test_pressing_the_button_twice_withdraws_once(page: Client, rahima: Worker) -> None:
    paid(rahima, reward="30.00")
    posted = confirming(page, a_method(rahima), which="other", amount="10.00")
    for _ in range(2):
        assert page.post("/earnings/withdraw/confirm", posted).status_code == 302
    assert Payout.objects.count() == 1
    assert worker_balance(rahima)[1] == Money.parse("10.00")


@pytest.mark.parametrize(
    "amount", ["9.99", "11.76", "-10", "10.005", "ten", "", "1e9", "100000000000000", "<b>10</b>"]
)
def test_amounts_that_cannot_be_withdrawn_are_refused_beside_the_field(
    page: Client, rahima: Worker, amount: str
) -> None:
    paid(rahima)
    posted = {"method": a_method(rahima).pk, "which": "other", "amount": amount}
    response = page.post("/earnings/withdraw", posted)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["amount"]


@pytest.mark.parametrize("amount", ["1.00", "500.00", "10.001", "x"])
def test_a_forged_confirmation_takes_nothing(page: Client, rahima: Worker, amount: str) -> None:
    paid(rahima)
    posted = confirming(page, a_method(rahima)) | {"amount": amount}
    page.post("/earnings/withdraw/confirm", posted)
    assert not Payout.objects.exists()


def test_nobody_withdraws_to_a_strangers_method(page: Client, rahima: Worker) -> None:
    paid(rahima)
    posted = confirming(page, a_method(rahima)) | {"method": a_method(cast.tanvir()).pk}
    page.post("/earnings/withdraw/confirm", posted)
    assert not Payout.objects.exists()


def test_what_can_be_withdrawn_is_told_by_the_least_of_the_workers_own_place(
    page: Client, rahima: Worker
) -> None:
    paid(rahima, reward="12.00")
    assert "Ready to withdraw" in page.get("/earnings").content.decode()
    a_method(rahima)
    PayoutTerms.objects.create(kind="bkash", minimum=Money.parse("20.00").units)
    shown = page.get("/earnings").content.decode()
    assert "Ready to withdraw" not in shown
    assert "Withdraw from $20.00" in shown


def test_a_place_that_cannot_be_used_says_what_it_is_waiting_for(page: Client, rahima: Worker) -> None:
    paid(rahima, reward="12.00")
    place, confirm = a_method(rahima), "confirm it by the mail"
    waits = "None of your places can be used yet: wait as long as it says below."
    off = "To none of your places is money sent at the moment."

    def said() -> list[str]:
        shown = page.get("/earnings/withdraw").content.decode()
        return [words for words in (confirm, waits, off) if words in shown]

    assert said() == []
    PayoutMethod.objects.update(usable_from=timezone.now() + timedelta(days=1))
    assert said() == [waits]
    PayoutMethod.objects.update(confirmed_at=None)
    assert said() == [confirm]
    PayoutMethod.objects.update(usable_from=make.NOW, confirmed_at=make.NOW)
    PayoutTerms.objects.create(kind=place.kind, offered=False)
    assert said() == [off]


def test_below_the_minimum_the_page_says_how_much_is_missing(page: Client, rahima: Worker) -> None:
    paid(rahima, reward="8.00", bonus="0.50")
    response = page.get("/earnings/withdraw")
    assert "1.50" in response.content.decode()
    assert '<form method="post" class="stack"' not in response.content.decode()


def test_a_withdrawal_can_be_cancelled_until_it_is_sent(page: Client, rahima: Worker) -> None:
    paid(rahima, reward="30.00")
    method = a_method(rahima)
    early, late = (
        request_payout(worker=rahima, method_id=method.pk, amount=Money.parse("10.00"), now=make.NOW)
        for _ in range(2)
    )
    send_payout(by=cast.shirin().actor, payout_id=late.public_id, reference="T1", now=make.NOW)
    for payout in (early, late):
        page.post(f"/earnings/withdrawals/{payout.public_id}/cancel")
    assert [one.state for one in Payout.objects.order_by("id")] == ["cancelled", "sent"]


def test_a_strangers_withdrawal_cannot_be_cancelled(page: Client) -> None:
    tanvir = cast.tanvir()
    paid(tanvir)
    theirs = request_payout(
        worker=tanvir, method_id=a_method(tanvir).pk, amount=Money.parse("10.00"), now=make.NOW
    )
    assert page.post(f"/earnings/withdrawals/{theirs.public_id}/cancel").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "requested"


def test_past_withdrawals_show_their_state_and_reference(page: Client, rahima: Worker) -> None:
    paid(rahima)
    asked = request_payout(
        worker=rahima, method_id=a_method(rahima).pk, amount=Money.parse("10.00"), now=make.NOW
    )
    shirin = cast.shirin().actor
    send_payout(by=shirin, payout_id=asked.public_id, reference="TRX-77", now=make.NOW)
    shown = page.get("/earnings/withdraw").context
    (line,) = shown["on_their_way"]
    assert (line.reference, line.can_cancel, line.arrives) == ("TRX-77", False, Money.parse("10.00"))
    assert shown["ended"] == []
    settle_payout(by=shirin, payout_id=asked.public_id, now=make.NOW)
    shown = page.get("/earnings/withdraw").context
    assert (shown["on_their_way"], [one.reference for one in shown["ended"]]) == ([], ["TRX-77"])


@pytest.mark.parametrize("address", ["/earnings", "/earnings/withdraw"])
def test_the_number_of_queries_does_not_grow_with_history(
    page: Client, rahima: Worker, address: str, django_assert_max_num_queries: Any
) -> None:
    paid(rahima, reward="200.00")
    method = a_method(rahima)
    for _ in range(12):
        request_payout(worker=rahima, method_id=method.pk, amount=Money.parse("10.00"), now=make.NOW)
    with django_assert_max_num_queries(16):
        page.get(address)


def test_details_sealed_with_a_lost_key_are_told_in_words(rahima: Worker) -> None:
    a_method(rahima)
    client = Client(headers={"accept-language": "en"})
    with override_settings(SECRET_KEY="another secret, for the first one was lost"):
        client.force_login(rahima.user)
        answer = client.get("/earnings/withdraw")
    assert (answer.status_code, "under seal" in answer.content.decode()) == (503, True)
