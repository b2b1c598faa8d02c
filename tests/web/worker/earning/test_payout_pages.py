"""Withdrawals on pages: places and their mails, the confirming page, codes, and the queue of staff."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast, make
from tests.money.bank import BKASH, SHIRIN
from tests.money.paying_out.test_payout_batches import BANK
from tests.notices.telling import tell_all, tell_at_once
from tests.providers.paying import approved, earner
from tests.web.reading import streamed
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.codes import forget_shown_codes
from tukro.money.actions.paying_out.methods import LINK_DAYS, add_method, confirmation_token
from tukro.money.actions.paying_out.payouts import approve_payout, cancel_payout, send_payout
from tukro.money.actions.paying_out.schedules import set_schedule, withdraw_on_schedule
from tukro.money.actions.paying_out.sending import claim_payout, record_news
from tukro.money.actions.paying_out.terms import change_terms
from tukro.money.models import Payout, PayoutMethod, PayoutSchedule, PayoutTerms
from tukro.money.queries import terms_of
from tukro.money.rules.payouts import PayoutNews
from tukro.notices.models import Mail, Notice
from tukro.people.models import Worker
from tukro.web.staff.paying_out import payout_files
from tukro.web.staff.paying_out import payouts as payouts_page

pytestmark = pytest.mark.django_db
TEN = Money.parse("10.00")


@pytest.fixture
def rahima() -> Worker:
    return earner("60.00")


@pytest.fixture
def page(rahima: Worker, client: Client) -> Client:
    client.force_login(rahima.user)
    return client


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(cast.shirin())
    return client


def unknown(worker: Worker) -> Payout:
    payout = approved(worker, "paypal", {"email": "rahima@example.org"})
    now = timezone.now()
    assert claim_payout(providers={"paypal": "paypal"}, now=now) == payout
    return record_news(payout_id=payout.public_id, attempt=1, news=PayoutNews("unclear"), now=now)


# --- the worker ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_place_is_confirmed_by_the_link_of_the_mail_and_by_nothing_else(
    page: Client, rahima: Worker
) -> None:
    rahima.user.language = "en"
    rahima.user.save()
    earlier = {"email": "old@example.org"}
    make.payout_method(of=rahima, kind="paypal", details=earlier, now=timezone.now())
    page.post("/earnings/methods/add/bkash", {"number": "01712345678"})
    tell_all()
    mail = Mail.objects.get(subject="Is this where your earnings shall go?", to=rahima.user.email)
    [old] = Mail.objects.filter(to="old@example.org")
    assert "bKash •••• 5678" in mail.text
    assert old.subject == "Another place for your withdrawals"
    link = re.search(r"http\S+/earnings/places/(\S+)", mail.text)
    assert link is not None
    assert not Notice.objects.filter(text__contains=link[1]).exists()
    address = f"/earnings/places/{link[1]}"
    stranger = Client()
    assert stranger.get(address).status_code == 200
    confirmed = PayoutMethod.objects.filter(kind="bkash", confirmed_at__isnull=False)
    assert not confirmed.exists()  # opening it changes nothing
    stranger.post(address, {"answer": "mine"})
    assert confirmed.exists()
    assert "can be used from" in page.get("/earnings/withdraw").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_mail_that_asks_about_a_place_is_sent_again(page: Client, rahima: Worker) -> None:
    rahima.user.language = "en"
    rahima.user.save()
    long_ago = timezone.now() - timedelta(days=LINK_DAYS + 1)
    method = add_method(worker=rahima, kind="bkash", details=BKASH, now=long_ago)
    shown = page.get("/earnings/withdraw").content.decode()
    assert f'action="/earnings/methods/{method.pk}/ask"' in shown
    assert "Send the mail again" in shown
    asked = page.post(f"/earnings/methods/{method.pk}/ask", follow=True).content.decode()
    assert "We have sent you a mail" in asked
    tell_all()
    mails = Mail.objects.filter(subject="Is this where your earnings shall go?", to=rahima.user.email)
    assert mails.count() == 2
    hasty = page.post(f"/earnings/methods/{method.pk}/ask", follow=True).content.decode()
    assert "The mail may still arrive." in hasty


def test_a_place_that_is_not_mine_goes_by_the_same_link(page: Client, rahima: Worker) -> None:
    method = add_method(worker=rahima, kind="bkash", details={"number": "01712345678"}, now=timezone.now())
    address = f"/earnings/places/{confirmation_token(method)}"
    assert Client().post(address, {"answer": "not_mine"}).status_code == 200
    assert page.get("/earnings/withdraw").context["methods"] == []
    assert Client().get(address).status_code == 410
    assert Client().get("/earnings/places/rubbish").status_code == 410


def test_a_place_of_somebody_else_is_refused_without_a_word_about_them(page: Client) -> None:
    make.payout_method(of=cast.tanvir(), details={"number": "01712345678"})
    response = page.post("/earnings/methods/add/nagad", {"number": "01712345678"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "cannot be used for this account" in text
    assert "tanvir" not in text


def test_fee_limits_and_arrival_of_the_kind_are_shown_before_confirming(page: Client, rahima: Worker) -> None:
    method = make.payout_method(of=rahima, kind="bank", details=BANK)
    change_terms(
        by=cast.shirin().actor, kind="bank", offered=True, minimum=None, maximum=Money.parse("30.00"),
        daily_maximum=None, fee=Money.parse("0.40"), approved_up_to=Money(0), now=make.NOW,
    )  # fmt: skip
    over = page.post("/earnings/withdraw", {"method": method.pk, "which": "all"})
    assert (over.status_code, list(over.context["form"].errors)) == (422, ["amount"])
    shown = page.post("/earnings/withdraw", {"method": method.pk, "which": "other", "amount": "30"})
    assert (str(shown.context["fee"]), str(shown.context["arrives"])) == ("0.40", "29.60")
    assert "1 to 3 days" in shown.content.decode()


def test_a_wallet_gets_taka_at_the_rate_that_was_shown(page: Client, rahima: Worker) -> None:
    method, now, by = make.payout_method(of=rahima), timezone.now(), cast.shirin().actor
    enter_rate(by=by, currency="BDT", rate=Decimal("121.5"), source="the bank", now=now - timedelta(hours=1))
    shown = page.post("/earnings/withdraw", {"method": method.pk, "which": "other", "amount": "10"})
    assert str(shown.context["arrives"]) == "1215.00"
    assert "1 USD = 121.5 BDT (the bank" in shown.content.decode()
    posted = dict(shown.context["form"].initial)
    enter_rate(by=by, currency="BDT", rate=Decimal("100"), source="the bank", now=now)
    page.post("/earnings/withdraw/confirm", posted)
    assert not Payout.objects.exists()  # it is shown again first
    again = page.post("/earnings/withdraw", {"method": method.pk, "which": "other", "amount": "10"})
    posted = dict(again.context["form"].initial)
    for _ in range(2):
        page.post("/earnings/withdraw/confirm", posted)
    [payout] = Payout.objects.all()
    assert (str(payout.receives), payout.currency) == ("1000.00", "BDT")


def test_a_worker_sets_and_ends_a_schedule(page: Client, rahima: Worker) -> None:
    method = make.payout_method(of=rahima)
    page.post("/earnings/withdraw/schedule", {"every": "7", "method": method.pk})
    assert PayoutSchedule.objects.get(worker=rahima).every_days == 7
    assert "Every 7 days" in page.get("/earnings/withdraw").content.decode()
    page.post("/earnings/withdraw/schedule", {"every": "5", "method": method.pk})
    page.post("/earnings/withdraw/schedule", {"every": "0"})
    assert not PayoutSchedule.objects.exists()


def test_a_worker_hears_once_why_a_regular_withdrawal_was_left_out(page: Client, rahima: Worker) -> None:
    method = make.payout_method(of=rahima)
    set_schedule(worker=rahima, every_days=7, method_id=method.pk, now=make.NOW)
    PayoutTerms.objects.create(kind="bkash", offered=False)
    for turn in (1, 2):
        withdraw_on_schedule(now=make.NOW + timedelta(days=7 * turn))
    tell_at_once()
    notice = Notice.objects.get(user=rahima.user, link="/earnings/withdraw", kind="payout")
    assert "This way is not offered at the moment" in notice.text
    shown = page.get("/earnings/withdraw").content.decode()
    assert "The last time was left out. The reason: This way is not offered at the moment" in shown


def a_card(worker: Worker) -> Payout:
    payout = approved(worker, "amazon", {"email": "rahima@example.org"})
    claim_payout(providers={"amazon": "agcod"}, now=timezone.now())
    news = PayoutNews("settled", reference="GC1", code="ABCD-EFGH-1234")
    return record_news(payout_id=payout.public_id, attempt=1, news=news, now=timezone.now())


def test_a_gift_cards_code_is_shown_after_the_password_and_that_is_written_down(rahima: Worker) -> None:
    rahima.user.set_password("a long secret 1")
    rahima.user.save()
    card = a_card(rahima)
    assert b"ABCD" not in bytes(card.sealed_code or b"")
    address = f"/earnings/withdrawals/{card.public_id}/code"
    client = Client()
    client.force_login(rahima.user)
    asked = client.get(address)
    assert asked.status_code == 302
    assert "reauthenticate" in asked["Location"]
    client.post(asked["Location"], {"password": "a long secret 1"})
    shown = client.get(address)
    assert "ABCD-EFGH-1234" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert [event.name for event in history(card.public_id)].count("PayoutCodeShown") == 1
    assert "It is erased here" in shown.content.decode()
    stranger = cast.tanvir().user
    stranger.set_password("a long secret 2")
    stranger.save()
    other = Client()
    other.force_login(stranger)
    other.post(other.get(address)["Location"], {"password": "a long secret 2"})
    assert other.get(address).status_code == 404
    Payout.objects.update(code_shown_at=timezone.now() - timedelta(days=2))
    forget_shown_codes(now=timezone.now())
    assert client.get(address).status_code == 404
    assert "Fetch the code again" in client.get("/earnings/withdraw").content.decode()
    said = client.post(f"{address}/again", follow=True).content.decode()
    assert "here again in a minute" in said
    card.refresh_from_db()
    assert card.wants_code
    assert "ABCD" not in str([event.facts for event in history(card.public_id)])


def test_the_mail_about_a_gift_card_shows_the_end_of_its_code_only(rahima: Worker) -> None:
    rahima.user.language = "en"
    rahima.user.save()
    card = a_card(rahima)
    tell_at_once()
    [text] = [mail.text for mail in Mail.objects.filter(text__contains="gift card")]
    assert "Gift card code: •••• 1234" in text
    assert "ABCD" not in text
    assert f"/earnings/withdrawals/{card.public_id}/code" in text


# --- staff -------------------------------------------------------------------------------------------


def act(staff: Client, payout: Payout, verb: str, **said: str) -> str:
    staff.post("/staff/payouts/act", {"act": verb, "payout": payout.public_id, **said})
    payout.refresh_from_db()
    return payout.state


def test_staff_approve_hold_release_and_refuse(staff: Client, rahima: Worker) -> None:
    method = make.payout_method(of=rahima)
    payout = request_payout(worker=rahima, method_id=method.pk, amount=TEN, now=make.NOW)
    assert act(staff, payout, "hold") == "requested"  # no reason, nothing happens
    assert act(staff, payout, "hold", reason="Odd") == "held"
    assert "Odd" in staff.get("/staff/payouts?state=held").content.decode()
    assert act(staff, payout, "release") == "held"  # nor is it let go without a word
    assert act(staff, payout, "release", reason="Explained") == "requested"
    assert act(staff, payout, "approve") == "approved"
    assert act(staff, payout, "refuse", reason="Wrong name") == "failed"
    assert payout.reason == "Wrong name"


@pytest.mark.parametrize(
    ("decision", "state"),
    [("accepted", "sent"), ("settled", "settled"), ("failed", "failed"), ("again", "approved")],
)
def test_staff_decide_an_unknown_payout_and_say_how_they_know(
    staff: Client, rahima: Worker, decision: str, state: str
) -> None:
    payout = unknown(rahima)
    assert "It was never paid" in staff.get("/staff/payouts?state=unknown").content.decode()
    assert act(staff, payout, decision, reference="TX7") == "unknown"  # how do they know?
    assert act(staff, payout, decision, reference="TX7", reason="PayPal's page") == state
    told = history(payout.public_id).get(name="PayoutDecided").facts
    assert (told["decision"], told["reason"]) == (decision, "PayPal's page")


def test_staff_have_a_provider_asked_again(staff: Client, rahima: Worker) -> None:
    payout = unknown(rahima)
    later = payout.ask_after
    act(staff, payout, "ask")
    assert payout.ask_after is not None
    assert later is not None
    assert payout.ask_after < later


def test_the_queue_can_be_narrowed_to_a_kind_and_put_into_a_file(staff: Client, rahima: Worker) -> None:
    payout = approved(rahima, "bank", BANK)
    approved(rahima, "bkash", {"number": "01712345678"})
    shown = staff.get("/staff/payouts?state=approved&kind=bank").context
    assert [one["row"] for one in shown["payouts"]] == [payout]
    made = staff.post("/staff/payouts/files/make", {"kind": "bank"})
    assert staff.get(made["Location"]).context["count"] == 1
    text = streamed(staff.get(f"{made['Location']}/download")).decode()
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["ReceivingBankRouting"], row["Amount"]) == ("200480554", "10.00")
    assert len(staff.get("/staff/payouts").context["batches"]) == 1
    staff.post(f"{made['Location']}/end", {"act": "hand_over", "reference": "BULK-1"})
    payout.refresh_from_db()
    assert (payout.state, payout.reference) == ("sent", "BULK-1")


def test_a_file_handed_over_under_the_number_of_another_payment_says_whose(
    staff: Client, rahima: Worker
) -> None:
    def handed_over(reference: str) -> str:
        approved(rahima, "bank", BANK)
        made = staff.post("/staff/payouts/files/make", {"kind": "bank"})
        end = {"act": "hand_over", "reference": reference}
        return staff.post(f"{made['Location']}/end", end, follow=True).content.decode()

    warning = "stands at more than one withdrawal"
    assert warning not in handed_over("BULK-1")
    assert f"The number BULK-1 {warning}: {rahima.user.email}, $10.00." in handed_over(" BULK-1 ")
    assert warning not in handed_over("BULK-2")


def test_a_file_for_beftn_warns_of_amounts_that_are_no_taka(staff: Client, rahima: Worker) -> None:
    place = make.payout_method(of=rahima, kind="bank", details=BANK).pk

    def file_in(currency: str) -> str:
        payout = request_payout(worker=rahima, method_id=place, amount=TEN, currency=currency, now=make.NOW)
        approve_payout(by=SHIRIN, payout_id=payout.public_id, now=make.NOW)
        made = staff.post("/staff/payouts/files/make", {"kind": "bank"})
        return staff.get(made["Location"]).content.decode()

    assert "the bank would take each for taka" in file_in("USD")
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("121.57"), source="bank", now=make.NOW)
    assert "the bank would take each for taka" not in file_in("BDT")


def test_staff_set_the_terms_of_a_kind_and_the_wait(staff: Client) -> None:
    terms = {"offered": "on", "minimum": "৫", "maximum": "", "fee": "0.10", "approved_up_to": "20"}
    assert staff.post("/staff/policy/payouts/nagad", terms).status_code == 302
    now = terms_of("nagad")
    assert [str(now.minimum), str(now.fee), str(now.approved_up_to)] == ["5.00", "0.10", "20.00"]
    assert staff.post("/staff/policy/payouts/nagad", terms | {"fee": "6"}).status_code == 422
    assert staff.post("/staff/policy/payouts/wait", {"hours": "24"}).status_code == 302
    assert staff.get("/staff/policy/payouts/gold").status_code == 404


def test_staff_see_who_gave_whose_place(staff: Client, rahima: Worker) -> None:
    make.payout_method(of=rahima, details={"number": "01712345678"})
    client = Client()
    client.force_login(cast.tanvir().user)
    client.post("/earnings/methods/add/bkash", {"number": "01712345678"})
    shown = staff.get("/staff/payouts/signals")
    assert "tanvir@example.org" in shown.content.decode()
    [signal] = shown.context["signals"]
    staff.post(f"/staff/payouts/signals/{signal.pk}/settle")
    assert not staff.get("/staff/payouts/signals").context["signals"]


def test_staff_read_what_can_be_done_with_what_came_back_for_a_closed_account(
    staff: Client, rahima: Worker
) -> None:
    payout = approved(rahima, "bank", BANK)
    send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX1", now=make.NOW)
    Worker.objects.filter(pk=rahima.pk).update(state="closed")
    act(staff, payout, "return", reason="Account closed")
    shown = staff.get("/staff/payouts/signals").content.decode()
    assert "Came back after its worker had closed the account" in shown
    assert f"/staff/money/correct/worker/{rahima.public_id}" in shown


def test_the_queue_costs_the_same_however_long_it_is(
    staff: Client, rahima: Worker, django_assert_num_queries: Any
) -> None:
    approved(rahima, "bkash", {"number": "01712345678"})
    staff.get("/staff/payouts?state=approved")
    for _ in range(3):
        approved(rahima, "bkash", {"number": "01712345678"})
    with django_assert_num_queries(6):
        staff.get("/staff/payouts?state=approved")
    with django_assert_num_queries(6):
        staff.get("/staff/payouts?state=approved&kind=bkash&q=rahima&after=1")


def ids_on(page: Any) -> list[int]:
    return [one["row"].pk for one in page.context["payouts"]]


@pytest.mark.parametrize(("state", "oldest_first"), [("approved", True), ("cancelled", False)])
def test_every_withdrawal_of_the_queue_is_on_one_of_its_pages(
    staff: Client, rahima: Worker, monkeypatch: pytest.MonkeyPatch, state: str, oldest_first: bool
) -> None:
    monkeypatch.setattr(payouts_page, "SHOWN", 2)
    made = [approved(rahima, "bkash", {"number": "01712345678"}) for _ in range(3)]
    if state == "cancelled":
        for one in made:
            cancel_payout(worker=rahima, payout_id=one.public_id, now=make.NOW)
    expected = [one.pk for one in made] if oldest_first else [one.pk for one in reversed(made)]
    first = staff.get(f"/staff/payouts?state={state}&kind=bkash")
    after = first.context["next_cursor"]
    last = staff.get(f"/staff/payouts?state={state}&kind=bkash&after={after}")
    assert [ids_on(first), ids_on(last)] == [expected[:2], expected[2:]]
    assert f"?state={state}&amp;kind=bkash&amp;after={after}" in first.content.decode()


@pytest.mark.parametrize("by", ["reference", "payout", "worker", "email", "file"])
def test_a_withdrawal_is_found_by_what_a_bank_or_worker_says(staff: Client, rahima: Worker, by: str) -> None:
    approved(make.with_earnings(cast.tanvir(), "25.00"), "bkash", {"number": "01812345678"})
    payout = approved(rahima, "bank", BANK)
    made = staff.post("/staff/payouts/files/make", {"kind": "bank"})
    staff.post(f"{made['Location']}/end", {"act": "hand_over", "reference": "BULK-1"})
    payout.refresh_from_db()
    assert payout.batch is not None
    asked = {
        "reference": "q=bulk-1",
        "payout": f"q={payout.public_id}",
        "worker": f"q={rahima.public_id}",
        "email": "q=rahima@",
        "file": f"file={payout.batch.public_id}",
    }[by]
    assert ids_on(staff.get(f"/staff/payouts?state=sent&{asked}")) == [payout.pk]
    elsewhere = staff.get(f"/staff/payouts?state=approved&{asked}")
    assert ids_on(elsewhere) == []
    assert "The numbers at the other states say where some are." in elsewhere.content.decode()
    assert f"/staff/payouts?state=sent&amp;file={payout.batch.public_id}" in (
        staff.get(made["Location"]).content.decode()
    )


def test_a_page_deep_in_the_queue_stays_where_it_is_while_staff_act_on_it(
    staff: Client, rahima: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payouts_page, "SHOWN", 1)
    made = [approved(rahima, "bank", BANK) for _ in range(2)]
    for one in made:
        send_payout(by=SHIRIN, payout_id=one.public_id, reference="BULK-1", now=make.NOW)
    shown = staff.get(f"/staff/payouts?state=sent&q=BULK-1&after={made[0].pk}").content.decode()
    form = shown[shown.index('action="/staff/payouts/act"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    asked = hidden | {"act": "return", "payout": made[1].public_id}
    wordless = staff.post("/staff/payouts/act", asked)
    assert (wordless.status_code, ids_on(wordless)) == (422, [made[1].pk])
    done = staff.post("/staff/payouts/act", asked | {"reason": "Account closed"})
    assert done["Location"] == f"/staff/payouts?state=sent&q=BULK-1&after={made[0].pk}"
    made[1].refresh_from_db()
    assert made[1].state == "returned"


def test_a_long_file_is_shown_page_by_page(
    staff: Client, rahima: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payout_files, "SHOWN", 1)
    made = [approved(rahima, "bank", BANK) for _ in range(2)]
    file = staff.post("/staff/payouts/files/make", {"kind": "bank"})["Location"]
    first = staff.get(file)
    last = staff.get(f"{file}?after={first.context['next_cursor']}")
    assert [ids_on(first), ids_on(last)] == [[made[0].pk], [made[1].pk]]
    assert (last.context["count"], last.context["next_cursor"]) == (2, "")
