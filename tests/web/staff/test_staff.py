"""Staff pages: for staff alone, every act written down, nothing done twice."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import cast, make
from tests.web.reading import streamed
from tukro.campaigns.actions.projects import ask_moderation, create_project
from tukro.campaigns.models import Project
from tukro.campaigns.rules.plans import Plan
from tukro.journal.models import Event
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.actions.balances.escrow import pay_bonus
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.models import Payout
from tukro.money.queries import policy, worker_balance
from tukro.notices.models import Mail
from tukro.notices.queries import due_mails
from tukro.notices.rules.mails import ATTEMPTS
from tukro.people.actions.joining import gives_aliases
from tukro.people.models import Requester, User, Worker
from tukro.work.actions.reporting import report_task
from tukro.work.models import Category

pytestmark = pytest.mark.django_db

PAGES = (
    "/staff/",
    "/staff/workers",
    "/staff/people",
    "/staff/payouts",
    "/staff/payouts/export",
    "/staff/payouts/signals",
    "/staff/policy/payouts",
    "/staff/policy/payouts/bank",
    "/staff/projects",
    "/staff/policy",
    "/staff/outbox",
    "/staff/journal",
    "/staff/ledger",
)
ACTS = (
    "/staff/workers/A1/approve",
    "/staff/workers/A1/refuse",
    "/staff/workers/A1/suspend",
    "/staff/workers/A1/country",
    "/staff/workers/A1/country/keep",
    "/staff/payouts/act",
    "/staff/projects/3A/approve",
    "/staff/projects/3A/refuse",
    "/staff/policy/money",
    "/staff/policy/joining",
    "/staff/policy/category",
    "/staff/ledger",
    "/staff/outbox/1/again",
    "/staff/outbox/1/delete",
)


@pytest.fixture
def shirin() -> User:
    return cast.shirin()


@pytest.fixture
def as_staff(shirin: User, client: Client) -> Client:
    client.force_login(shirin)
    return client


def earned(worker: Worker, amount: str, *, by: Requester | None = None) -> None:
    pay_bonus(
        requester_id=(by or make.requester()).public_id,
        worker_id=worker.public_id,
        amount=Money.parse(amount),
        fee=Money.zero(),
        key=f"test:{worker.public_id}:{amount}",
        subject="test",
        at=make.NOW,
    )


def asked(worker: Worker, amount: str = "10.00") -> Payout:
    method = make.payout_method(of=worker)
    return request_payout(worker=worker, method_id=method.pk, amount=Money.parse(amount), now=make.NOW)


def waiting_project(requester: Requester) -> Project:
    plan = Plan(
        kind="proof",
        name="Sign-up",
        title="Test our sign-up",
        description="Walk through our sign-up and say where you got stuck.",
        category="sign_up",
        reward=Money.parse("0.50"),
        instructions="Use the sample data only.",
        proof=[{"name": "stuck", "kind": "long_text", "label": "Where did you get stuck?"}],
    )
    project = create_project(requester=requester, plan=plan, now=make.NOW)
    return ask_moderation(requester=requester, project_id=project.public_id, now=make.NOW)


def said(page: Any) -> str:
    """What the page says at its top; the test client's answers have no public type."""
    return " ".join(str(message) for message in page.context["messages"])


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_to_people_who_are_not_staff_the_page_does_not_exist(client: Client, page: str) -> None:
    client.force_login(cast.rahima().user)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_staff_may_act(client: Client, act: str) -> None:
    client.force_login(cast.karim().user)
    assert client.post(act, {"reason": "because"}).status_code == 404
    assert not Event.objects.filter(actor__startswith="staff").exists()


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_asked_to_sign_in(client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 302
    assert "/account/login" in response.headers["Location"]


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_posted_never_linked(as_staff: Client, act: str) -> None:
    assert as_staff.get(act).status_code == (200 if act == "/staff/ledger" else 405)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "bn"])
def test_every_page_opens_on_an_empty_house(as_staff: Client, page: str, language: str) -> None:
    assert as_staff.get(page, headers={"Accept-Language": language}).status_code == 200


# --- workers ------------------------------------------------------------------------------------


def test_staff_approve_a_worker_who_waits(as_staff: Client, shirin: User) -> None:
    tanvir = make.worker(state="pending")
    response = as_staff.post(f"/staff/workers/{tanvir.public_id}/approve", {"queue": "1"})
    assert response.headers["Location"] == "/staff/workers"
    tanvir.refresh_from_db()
    assert (tanvir.state, tanvir.reviewed_by) == ("active", str(shirin.actor))
    assert [event.name for event in history(tanvir.public_id)] == ["WorkerApproved"]


def test_a_refusal_needs_a_reason(as_staff: Client) -> None:
    tanvir = make.worker(state="pending")
    response = as_staff.post(f"/staff/workers/{tanvir.public_id}/refuse", {"reason": "  "}, follow=True)
    tanvir.refresh_from_db()
    assert tanvir.state == "pending"
    assert (response.status_code, "Please write the reason" in response.content.decode()) == (422, True)


def test_the_reason_of_a_refusal_is_kept(as_staff: Client) -> None:
    tanvir = make.worker(state="pending")
    as_staff.post(f"/staff/workers/{tanvir.public_id}/refuse", {"reason": "ঠিকানা পাওয়া যায়নি"})
    tanvir.refresh_from_db()
    assert (tanvir.state, tanvir.review_reason) == ("refused", "ঠিকানা পাওয়া যায়নি")


@pytest.mark.parametrize(
    ("state", "button"), [("refused", "Approve after all"), ("suspended", "End the suspension")]
)
def test_what_was_decided_against_a_worker_is_undone_on_their_page(
    as_staff: Client, state: str, button: str
) -> None:
    tanvir = make.worker(state=state)
    page = f"/staff/workers/{tanvir.public_id}"
    assert button in as_staff.get(page).content.decode()
    as_staff.post(f"{page}/approve")
    tanvir.refresh_from_db()
    assert tanvir.state == "active"
    assert button not in as_staff.get(page).content.decode()


def test_a_worker_of_another_house_is_not_found(as_staff: Client) -> None:
    assert as_staff.get("/staff/workers/A0000000000000").status_code == 404


def test_the_page_of_a_worker_who_left_opens_and_says_so(as_staff: Client) -> None:
    tanvir = make.worker(state="closed")
    page = as_staff.get(f"/staff/workers/{tanvir.public_id}")
    assert '<span class="badge ">closed</span>' in page.content.decode()


def test_a_person_is_found_by_part_of_the_address_and_by_id(as_staff: Client) -> None:
    rahima = cast.rahima()
    for text in ("rahima@", rahima.public_id.lower()):
        found = as_staff.get("/staff/people", {"q": text})
        assert [user.email for user in found.context["found"]] == ["rahima@example.org"]


# --- withdrawals --------------------------------------------------------------------------------


def test_a_withdrawal_is_sent_with_its_own_reference(as_staff: Client) -> None:
    rahima = cast.rahima()
    earned(rahima, "12.00")
    payout = asked(rahima)
    as_staff.post(
        "/staff/payouts/act",
        {
            "act": "send",
            "payout": payout.public_id,
            f"reference_{payout.public_id}": "TRX9",
            "reference": "ALL",
        },
    )
    payout.refresh_from_db()
    assert (payout.state, payout.reference) == ("sent", "TRX9")


def test_a_reference_longer_than_the_books_keep_is_refused_in_a_sentence(as_staff: Client) -> None:
    rahima = cast.rahima()
    earned(rahima, "10.00")
    payout = asked(rahima)
    sent = {"act": "send", "payout": payout.public_id, "reference": "7" * 121}
    answer = as_staff.post("/staff/payouts/act", sent)
    payout.refresh_from_db()
    assert (answer.status_code, payout.state) == (413, "requested")
    assert "Shorten it, and try once more." in answer.content.decode()


def test_many_are_sent_at_once_and_one_that_refuses_stops_no_other(as_staff: Client) -> None:
    workers = [make.worker() for _ in range(3)]
    for worker in workers:
        earned(worker, "10.00")
    payouts = [asked(worker) for worker in workers]
    ids = [payout.public_id for payout in payouts] + ["3UNKNOWN"]
    response = as_staff.post(
        "/staff/payouts/act", {"act": "send", "payout": ids, "reference": "BEFTN-1"}, follow=True
    )
    assert {payout.state for payout in Payout.objects.all()} == {"sent"}
    assert "3UNKNOWN" in said(response)


def test_a_number_of_a_payment_that_other_withdrawals_bear_is_said_unless_they_went_together(
    as_staff: Client,
) -> None:
    workers = [make.worker() for _ in range(5)]
    for worker in workers:
        earned(worker, "10.00")
    together, alone = [asked(worker).public_id for worker in workers[:2]], asked(workers[2]).public_id
    twins = [asked(worker).public_id for worker in workers[3:]]
    act, warning = "/staff/payouts/act", "stands at more than one withdrawal"
    sent = {"act": "send", "payout": together, "reference": "BEFTN-1"}
    assert warning not in said(as_staff.post(act, sent, follow=True))
    assert warning not in said(as_staff.post(act, sent, follow=True))  # the button was pressed twice
    shown = said(as_staff.post(act, sent | {"payout": alone}, follow=True))
    assert f"The number BEFTN-1 {warning}: {workers[0].user.email}, $10.00; {workers[1].user.email}" in shown
    typed = {f"reference_{one}": "TRX 7" for one in twins}
    shown = said(as_staff.post(act, sent | {"payout": twins} | typed, follow=True))
    assert f"The number TRX 7 {warning}: {workers[3].user.email}, $10.00; {workers[4].user.email}" in shown
    assert "BEFTN-1" not in shown


def test_sending_twice_sends_once(as_staff: Client) -> None:
    rahima = cast.rahima()
    earned(rahima, "10.00")
    payout = asked(rahima)
    for reference in ("FIRST", "SECOND"):
        as_staff.post(
            "/staff/payouts/act", {"act": "send", "payout": payout.public_id, "reference": reference}
        )
    payout.refresh_from_db()
    assert payout.reference == "FIRST"
    assert [event.name for event in history(payout.public_id)] == ["PayoutRequested", "PayoutSent"]


@pytest.mark.parametrize(("act", "posted"), [("send", {"reference": " "}), ("return", {"reason": ""})])
def test_what_an_act_needs_is_asked_for(as_staff: Client, act: str, posted: dict[str, str]) -> None:
    rahima = cast.rahima()
    earned(rahima, "10.00")
    payout = asked(rahima)
    told = as_staff.post(
        "/staff/payouts/act", {"act": act, "payout": payout.public_id, **posted}, follow=True
    )
    payout.refresh_from_db()
    assert payout.state == "requested"
    assert f"{rahima.user.email}, $10.00: " in said(told)


def test_money_that_came_back_is_the_workers_again(as_staff: Client, shirin: User) -> None:
    rahima = cast.rahima()
    earned(rahima, "10.00")
    payout = asked(rahima)
    send_payout(by=shirin.actor, payout_id=payout.public_id, reference="T1", now=make.NOW)
    as_staff.post("/staff/payouts/act", {"act": "settle", "payout": payout.public_id, "state": "sent"})
    assert "Reference of the return" in as_staff.get("/staff/payouts?state=settled").content.decode()
    for _ in range(2):
        as_staff.post(
            "/staff/payouts/act",
            {"act": "return", "payout": payout.public_id, "reason": "Wrong number", "reference": "R7"},
        )
    assert "R7" in as_staff.get("/staff/payouts?state=returned").content.decode()
    assert worker_balance(rahima) == (Money.parse("10.00"), Money.zero(), Money.zero())


def test_nothing_ticked_changes_nothing_and_says_so(as_staff: Client) -> None:
    response = as_staff.post("/staff/payouts/act", {"act": "send"}, follow=True)
    assert "Tick at least one" in said(response)


def test_the_export_has_what_a_bank_needs_and_is_written_down(as_staff: Client, shirin: User) -> None:
    rahima = cast.rahima()
    earned(rahima, "10.00")
    method = make.payout_method(
        of=rahima, kind="cheque", details={"payee": "=cmd()", "address": "গ্রাম চর\nময়মনসিংহ"}
    )
    request_payout(worker=rahima, method_id=method.pk, amount=Money.parse("10.00"), now=make.NOW)
    response = as_staff.get("/staff/payouts/export")
    text = streamed(response).decode("utf-8")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["worker"], row["kind"], row["arrives"]) == (rahima.public_id, "cheque", "10.00")
    # A spreadsheet shows the payee and does not run it.
    assert (row["payee"], row["address"]) == ("'=cmd()", "গ্রাম চর\nময়মনসিংহ")
    (event,) = history("payouts")
    assert (event.name, event.actor, event.facts["count"]) == ("PayoutsExported", str(shirin.actor), 1)


def test_of_a_kind_the_export_has_what_the_page_shows(as_staff: Client) -> None:
    rahima = cast.rahima()
    earned(rahima, "20.00")
    asked(rahima)
    cheque = make.payout_method(of=rahima, kind="cheque", details={"payee": "Rahima", "address": "Dhaka"})
    request_payout(worker=rahima, method_id=cheque.pk, amount=Money.parse("10.00"), now=make.NOW)
    page = as_staff.get("/staff/payouts?state=requested&kind=cheque").content.decode()
    address = "/staff/payouts/export?state=requested&kind=cheque"
    assert address.replace("&", "&amp;") in page
    text = streamed(as_staff.get(address)).decode("utf-8").removeprefix("\ufeff")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(text))] == ["cheque"]


# --- projects -----------------------------------------------------------------------------------


def test_staff_let_a_project_be_published(as_staff: Client) -> None:
    project = waiting_project(cast.karim())
    assert "Test our sign-up" in as_staff.get("/staff/projects").content.decode()
    as_staff.post(f"/staff/projects/{project.public_id}/approve")
    project.refresh_from_db()
    assert project.moderation == "approved"


def test_staff_refuse_a_project_with_a_reason_and_not_without(as_staff: Client) -> None:
    project = waiting_project(cast.karim())
    as_staff.post(f"/staff/projects/{project.public_id}/refuse", {"reason": ""})
    project.refresh_from_db()
    assert project.moderation == "waiting"
    as_staff.post(f"/staff/projects/{project.public_id}/refuse", {"reason": "Asks for real phone numbers."})
    project.refresh_from_db()
    assert (project.moderation, project.moderation_reason) == ("refused", "Asks for real phone numbers.")


# --- reports ------------------------------------------------------------------------------------


def test_staff_stop_the_batch_of_a_report_and_release_it(as_staff: Client) -> None:
    batch = make.batch()
    task_id = batch.tasks.get().public_id
    report = report_task(worker=make.worker(), task_id=task_id, reason_code="secrets", now=make.NOW)
    assert 'name="hold"' in as_staff.get("/staff/reports").content.decode()
    as_staff.post(f"/staff/reports/{report.public_id}/uphold", {"hold": "1"})
    held = as_staff.get("/staff/reports/held").content.decode()
    assert batch.name in held
    assert "It asks for a password, a one-time code or a card number" in held
    release = f"/staff/reports/held/{batch.public_id}/release"
    assert release in held
    assert "The batch is released" in as_staff.post(release, follow=True).content.decode()
    assert "Nothing is stopped" in as_staff.get("/staff/reports/held").content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.held_at) == ("running", None)


# --- rules --------------------------------------------------------------------------------------

GOOD_MONEY = {
    "fee_percent": "12.5",
    "minimum_fee": "0.005",
    "many_places_from": "10",
    "many_places_percent": "20",
    "masters_percent": "5",
    "minimum_reward": "0.02",
    "maximum_reward": "500",
    "minimum_payout": "৫.০০",
    "payout_fee": "0.25",
    "two_persons_above": "200.00",
}


def test_staff_change_the_rules_for_money_in_bengali_digits_too(as_staff: Client, shirin: User) -> None:
    assert as_staff.post("/staff/policy/money", GOOD_MONEY).status_code == 302
    now = policy()
    assert (now.fee_basis_points, now.minimum_fee) == (1250, Money(5_000))
    assert (now.minimum_payout, now.payout_fee) == (Money.parse("5.00"), Money.parse("0.25"))
    (event,) = history("money_policy")
    assert (event.actor, event.facts["minimum_payout"]) == (str(shirin.actor), [10_000_000, 5_000_000])


@pytest.mark.parametrize(
    "wrong",
    [
        {"fee_percent": "-1"},
        {"fee_percent": "100.01"},
        {"fee_percent": "many"},
        {"minimum_reward": "0"},
        {"maximum_reward": "0.01"},
        {"minimum_payout": "10000000000000000"},
        {"payout_fee": "5.00"},
        {"payout_fee": ""},
    ],
)
def test_absurd_money_is_refused_and_nothing_is_written(as_staff: Client, wrong: dict[str, str]) -> None:
    assert as_staff.post("/staff/policy/money", GOOD_MONEY | wrong).status_code == 422
    assert (policy().fee_basis_points, list(history("money_policy"))) == (2000, [])


def test_staff_choose_when_accounts_are_looked_at(as_staff: Client) -> None:
    as_staff.post("/staff/policy/joining", {"review_mode": "before_first_task", "aliases": "on"})
    assert [event.facts["to"] for event in history("joining")] == ["before_first_task"]
    assert as_staff.post("/staff/policy/joining", {"review_mode": "never"}).status_code == 422


def test_staff_choose_which_ids_new_requesters_see(as_staff: Client) -> None:
    assert gives_aliases()
    as_staff.post("/staff/policy/joining", {"review_mode": "after"})
    assert not gives_aliases()


def test_staff_change_the_rule_for_a_kind_of_work(as_staff: Client) -> None:
    as_staff.post("/staff/policy/category", {"category": "survey", "policy": "moderated"})
    assert Category.objects.get(code="survey").policy == "moderated"
    assert [event.facts for event in history("categories")] == [
        {"category": "survey", "from": "open", "to": "moderated"}
    ]


def test_an_unknown_kind_of_work_has_no_rule(as_staff: Client) -> None:
    response = as_staff.post("/staff/policy/category", {"category": "nonsense", "policy": "open"})
    assert response.status_code == 404


# --- outbox, journal, ledger --------------------------------------------------------------------


def a_mail(no: int, to: str = "rahima@example.org") -> Mail:
    return Mail.objects.create(
        key=f"test:{no}",
        to=to,
        subject=f"Confirm your address {no}",
        text="Open http://localhost:8080/account/confirm-email/abc/ to go on.\n<b>not bold</b>",
        created_at=timezone.now() - timedelta(minutes=no),
    )


def test_links_in_a_kept_mail_can_be_clicked_and_its_text_is_no_html(as_staff: Client) -> None:
    page = as_staff.get(f"/staff/outbox/{a_mail(1).pk}").content.decode()
    assert '<a href="http://localhost:8080/account/confirm-email/abc/"' in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page


def test_the_outbox_is_paged_by_key_and_filtered_by_address(as_staff: Client) -> None:
    for no in range(35):
        a_mail(no, to="rahima@example.org" if no % 2 else "karim@example.org")
    first = as_staff.get("/staff/outbox").context
    second = as_staff.get("/staff/outbox", {"after": first["next_cursor"]}).context
    assert [len(first["mails"]), len(second["mails"]), second["next_cursor"]] == [30, 5, ""]
    only = as_staff.get("/staff/outbox", {"to": "karim@example.org"}).context["mails"]
    assert {mail.to for mail in only} == {"karim@example.org"}


def test_staff_have_a_mail_that_failed_sent_again_or_delete_it(as_staff: Client, shirin: User) -> None:
    odd, given_up, sent = a_mail(1), a_mail(2), a_mail(3)
    Mail.objects.exclude(pk=sent.pk).update(attempts=ATTEMPTS, error="no such mailbox")
    Mail.objects.filter(pk=sent.pk).update(sent_at=timezone.now(), error="")
    assert f"/staff/outbox/{odd.pk}/again" in as_staff.get(f"/staff/outbox/{odd.pk}").content.decode()
    assert f"/staff/outbox/{sent.pk}/again" not in as_staff.get(f"/staff/outbox/{sent.pk}").content.decode()
    for mail, what in ((given_up, "again"), (odd, "delete"), (sent, "delete"), (sent, "again")):
        assert as_staff.post(f"/staff/outbox/{mail.pk}/{what}").status_code == 302
    assert list(due_mails(timezone.now())) == [given_up]
    assert set(Mail.objects.all()) == {given_up, sent}
    written = [
        (event.name, event.actor) for one in (given_up, odd, sent) for event in history(f"mail:{one.pk}")
    ]
    assert written == [("MailTriedAgain", str(shirin.actor)), ("MailDeleted", str(shirin.actor))]


def test_a_mail_that_is_not_there_is_not_found(as_staff: Client) -> None:
    assert as_staff.get("/staff/outbox/4711").status_code == 404


def test_the_journal_tells_the_story_of_one_thing(as_staff: Client) -> None:
    rahima = cast.rahima()
    earned(rahima, "10.00")
    payout = asked(rahima)
    shown = as_staff.get("/staff/journal", {"subject": payout.public_id}).context["events"]
    assert [event.name for event in shown] == ["PayoutRequested"]


def test_staff_run_the_proofs(as_staff: Client, shirin: User) -> None:
    make.submitted()
    response = as_staff.post("/staff/ledger")
    assert "every proof holds" in response.content.decode()
    (event,) = history("ledger")
    assert (event.name, event.actor, event.facts["broken"]) == ("LedgerProved", str(shirin.actor), [])


def test_the_first_page_counts_what_waits(as_staff: Client) -> None:
    make.worker(state="pending")
    waiting_project(cast.karim())
    context = as_staff.get("/staff/").context
    assert (context["workers"], context["projects"], context["requested"]) == (1, 1, 0)


def test_a_providers_report_is_compared_on_its_page(client: Client) -> None:
    client.force_login(make.staff())
    said = {"source": "payouts:bkash", "currency": "USD", "first": "2026-11-01", "last": "2026-11-30"}
    file = SimpleUploadedFile("bkash.csv", b"trx id,amount\n8N7A,12.50\n", "text/csv")
    done = client.post("/staff/reconciling", {**said, "file": file}, follow=True)
    shown = done.content.decode()
    assert "8N7A" in shown
    assert "$12.50" in shown
    bad = SimpleUploadedFile("x.csv", b"who,what\n1,2\n", "text/csv")
    refused = client.post("/staff/reconciling", {**said, "file": bad})
    assert refused.status_code == 422
    assert "The first line must name the columns" in refused.content.decode()
    assert client.get("/staff/reconciling/3NONE").status_code == 404


def test_an_address_on_a_narrow_card_breaks_after_its_at_sign(client: Client) -> None:
    worker = make.worker(state="pending", email="rahima@example.org")
    client.force_login(cast.shirin())
    for page in ("/staff/workers", f"/staff/workers/{worker.public_id}"):
        assert "<dd>rahima@<wbr>example.org</dd>" in client.get(page).content.decode()
