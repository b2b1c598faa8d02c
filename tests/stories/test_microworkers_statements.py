"""The second source document, statement by statement: proof jobs without bids, hire groups, withdrawing.

The ids are those of the list of statements. Not here: navigation of the document itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import cast as cast_to

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests import cast, make
from tests.notices.telling import tell_at_once
from tests.stories.telling import Story, lived
from tests.web.joining import CONTACT, register, visitor
from tests.web.market import proof_batch, signed_in
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.models import Payout
from tukro.money.queries import worker_balance
from tukro.notices.models import Mail
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.models import AddressLetter, LetterRun, Place, Requester, User, Worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.rules import Requirement
from tukro.questions.proof import Field, Form, Kind
from tukro.work.actions.publishing import Terms
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import Assignment, Batch

pytestmark = pytest.mark.django_db  # the database is made only for tests that ask for it

ARTICLE = Form(
    "Write a small article about your village: at least twenty letters.",
    (
        Field("article", Kind.LONG_TEXT, "Your article", minimum=Decimal(20)),
        Field("where", Kind.URL, "Where you posted it"),
    ),
)
ANSWER = {"article": "আমাদের গ্রামের পাশে একটি নদী আছে।", "where": "https://example.org/village"}


@pytest.fixture(scope="module")
def story(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Story]:
    with lived(_live, django_db_blocker, tmp_path_factory.mktemp("files")) as told:
        yield told


def _live(story: Story) -> None:
    karim = cast.karim()
    jobs = {reward: _job(karim, reward) for reward in ("0.10", "8.00", "2.00")}
    rahima = _join(story)
    worker = Worker.objects.get(user__email="rahima@example.org")
    _first_job(story, rahima, jobs["0.10"], worker, karim)
    _hire_group(story, rahima, worker, karim)
    for reward in ("8.00", "2.00"):
        _do(story, f"job of {reward}", rahima, jobs[reward])
        _approve(karim, worker)
    _withdraw(story, rahima, worker)


def _join(story: Story) -> Client:
    client = visitor()
    story.open("home", client, "/")
    link = register(client)
    story.facts["mail"] = Mail.objects.get(to="rahima@example.org").text
    story.open("link", client, link)
    story.send("contact", client, "/account/welcome", **{**CONTACT, "language": "en"})
    story.open("account", client, "/account/")
    story.send("joined", client, "/account/worker", country="BD", one_account="on", rules="on")
    return client


def _first_job(story: Story, client: Client, job: Batch, worker: Worker, karim: Requester) -> None:
    story.open("list", client, "/projects")
    story.open("description", client, f"/projects/{job.task_type.group_id}/tasks")
    work = story.send("accepted", client, f"/projects/{job.task_type.group_id}/tasks/accept_random")
    submit = work.replace("?", "/submit?")
    story.send("without proof", client, submit)
    story.send("handed in", client, submit, **ANSWER)
    story.facts["before review"] = worker_balance(worker)[0]
    story.send("once more", client, f"/projects/{job.task_type.group_id}/tasks/accept_random")
    story.open("too early", client, "/earnings/withdraw")
    _approve(karim, worker)
    story.facts["after review"] = worker_balance(worker)[0]


def _hire_group(story: Story, client: Client, worker: Worker, karim: Requester) -> None:
    members = make.qualification_type(of=karim, name="Karim's writers")
    asked = Requirement(members.public_id, "Exists", guards="DiscoverPreviewAndAccept")
    job = _job(karim, "3.00", title="Only for my writers", requirements=(asked,))
    group = job.task_type.group_id
    story.open("list before", client, "/projects")
    story.open("hidden job", client, f"/projects/{group}/tasks")
    grant(requester=karim, type_id=members.public_id, worker=worker, now=timezone.now())
    tell_at_once()
    story.facts["told"] = [mail.subject for mail in Mail.objects.filter(to="rahima@example.org")]
    story.open("list after", client, "/projects")
    story.open("list of another", signed_in(cast.tanvir()), "/projects")
    _do(story, "hire group job", client, job)


def _prove_address(story: Story, client: Client, shirin: User) -> None:
    """The letter of the first withdrawal: staff print and post it, the worker enters what it brought."""
    story.open("asks for a proof", client, "/earnings/withdraw")
    story.send("letter asked", client, "/earnings/address/letter")
    content = AddressLetter.objects.get().content()
    assert content is not None
    story.facts["letter"] = content
    staff = signed_in(shirin)
    staff.post("/staff/letters/print")
    run = LetterRun.objects.get()
    story.facts["printed"] = staff.get(f"/staff/letters/runs/{run.public_id}.pdf").content[:5]
    staff.post(f"/staff/letters/runs/{run.public_id}/posted")
    story.open("posted", client, "/earnings/address")
    story.send("proved", client, "/earnings/address", pin=content[1])
    again = make.worker(proved=False)
    save_contact(user=again.user, contact=Contact(*asdict(content[0]).values()), now=timezone.now())
    story.send("second account", signed_in(again), "/earnings/address/letter")


def _withdraw(story: Story, client: Client, worker: Worker) -> None:
    shirin = cast.shirin()
    _prove_address(story, client, shirin)
    story.open("methods", client, "/earnings/withdraw")
    story.send("method", client, "/earnings/methods/add/paypal", email="rahima@example.org")
    make.waited_out(worker.payout_methods.get(), now=timezone.now())
    page = client.get("/earnings/withdraw")
    method = page.context["form"].fields["method"].initial
    shown = client.post("/earnings/withdraw", {"method": method, "which": "all"})
    form = shown.context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    story.send("asked", client, "/earnings/withdraw/confirm", **values)
    payout = Payout.objects.get()
    send_payout(by=shirin.actor, payout_id=payout.public_id, reference="PP-1", now=timezone.now())
    story.facts["withdrawn"] = payout.amount
    story.facts["left"] = worker_balance(worker)[0]
    story.open("earnings", client, "/earnings")


def _job(
    karim: Requester, reward: str, *, title: str = "", requirements: tuple[Requirement, ...] = ()
) -> Batch:
    terms: Terms = make.terms(
        title=title or f"Write a small article for {reward}",
        category="writing",
        reward=reward,
        duration_seconds=1800,
        requirements=requirements,
    )
    return proof_batch(places=2, rows=1, form=ARTICLE, of_terms=terms, of=karim)


def _do(story: Story, step: str, client: Client, job: Batch) -> None:
    work = story.send(f"{step}: accepted", client, f"/projects/{job.task_type.group_id}/tasks/accept_random")
    story.send(step, client, work.replace("?", "/submit?"), **ANSWER)


def _approve(karim: Requester, worker: Worker) -> None:
    waiting = Assignment.objects.filter(worker=worker, state="submitted").values_list("public_id", flat=True)
    approve_assignments(requester=karim, assignment_ids=list(waiting), now=timezone.now())


def test_s1_4_to_s1_12_s1_19_s1_43_no_bid_and_no_application_work_starts_this_moment(story: Story) -> None:
    assert "No bids, no applications." in story.pages["list"]
    assert "Accept" in story.pages["list"]
    assert "assignment_id=" in story.addresses["accepted"]


def test_s1_32_s1_33_the_home_page_leads_to_free_registration(story: Story) -> None:
    assert 'href="/account/signup/">Register for free</a>' in story.pages["home"]


def test_s1_1_the_first_page_is_in_bengali_for_who_reads_bengali() -> None:
    assert "বিনা খরচে নিবন্ধন করুন" in visitor("bn").get("/").content.decode()


def test_s1_15_it_is_said_to_be_a_side_income(story: Story) -> None:
    assert "This is a side income and a first step, not a career." in story.pages["home"]


def test_s1_46_nothing_depends_on_whom_one_brings_along(story: Story) -> None:
    for page in ("home", "link", "account"):
        assert not re.search(r"referr?al|invite (a )?friend|recommend us", story.pages[page], re.IGNORECASE)


def test_s1_18_s1_31_s1_34_to_s1_37_the_link_in_the_mail_opens_the_second_step_and_the_profile_is_active(
    story: Story,
) -> None:
    assert "/account/confirm-email/" in str(story.facts["mail"])
    assert "Your profile is active." in story.pages["link"]
    assert 'name="full_name"' in story.pages["link"]


def test_s1_38_contact_details_under_account(story: Story) -> None:
    assert story.addresses["contact"].startswith("/account/choose")
    assert "Contact details" in story.pages["account"]


def test_s1_39_s1_53_work_right_after_joining(story: Story) -> None:
    assert story.addresses["joined"] == "/projects"


def test_s1_13_s1_20_s1_23_s1_24_small_jobs_with_their_time_from_ten_cents_to_eight_dollars(
    story: Story,
) -> None:
    for shown in ("time allotted 30 min", "$0.10", "$8.00"):
        assert shown in story.pages["list"]


def test_s1_22_s1_48_the_proof_is_described_together_with_the_job(story: Story) -> None:
    assert "proof: text, web address" in story.pages["list"]
    page = story.pages["description"]
    assert page.index("What to do") < page.index("What to hand in") < page.index("Where you posted it")


def test_s1_44_s1_47_s1_52_basic_work_is_open_to_everybody_without_experience(story: Story) -> None:
    assert "Write a small article for 0.10" in story.pages["list"]
    assert "What is needed" not in story.pages["list"]


def test_s1_21_s1_49_s1_50_nothing_is_handed_in_without_the_proof(story: Story) -> None:
    assert story.statuses["without proof"] == 422
    assert "Nothing was handed in yet." in story.pages["without proof"]
    assert "Handed in. $0.10 is yours when the work is approved." in story.pages["handed in"]


def test_s1_25_one_job_can_be_done_only_once(story: Story) -> None:
    assert story.statuses["once more"] == 422
    assert "You have done all that there was of this work" in story.pages["once more"]


def test_s1_41_s1_45_s1_59_properly_done_work_is_paid_exactly_and_not_before(story: Story) -> None:
    assert story.facts["before review"] == Money.zero()
    assert story.facts["after review"] == Money.parse("0.10")


def test_s1_40_s1_42_s1_57_s1_58_a_small_article_is_such_a_micro_job(story: Story) -> None:
    assert "Writing" in story.pages["list"]
    assert "small article" in story.pages["description"]


def test_s1_51_s1_54_hire_group_work_is_seen_by_the_chosen_alone(story: Story) -> None:
    assert "Only for my writers" not in story.pages["list before"]
    assert story.statuses["hidden job"] == 404
    assert "Only for my writers" in story.pages["list after"]
    assert "Only for my writers" not in story.pages["list of another"]


def test_s1_55_s1_56_the_requester_adds_the_worker_who_applies_for_nothing(story: Story) -> None:
    assert any("Karim" in subject or "qualification" in subject for subject in story.facts["told"])
    assert "Handed in. $3.00" in story.pages["hire group job"]


def test_s1_28_the_first_withdrawal_sends_a_letter_with_a_pin_to_the_address(story: Story) -> None:
    assert "/earnings/address" in story.pages["asks for a proof"]
    place, pin = cast_to(tuple[Place, str], story.facts["letter"])
    assert (place.full_name, place.address) == (CONTACT["full_name"], CONTACT["address"])
    assert re.fullmatch(r"\d{8}", pin)
    assert story.facts["printed"] == b"%PDF-"


def test_s1_29_s1_30_the_pin_proves_the_address_and_stops_second_accounts(story: Story) -> None:
    assert "It was posted on" in story.pages["posted"]
    assert "Your address is verified. You can withdraw now." in story.pages["proved"]
    assert "has proved this name and address" in story.pages["second account"]


def test_s1_26_money_can_be_withdrawn_from_ten_dollars(story: Story) -> None:
    assert "You can withdraw from $10.00. $10.00 to go." in story.pages["too early"]
    assert story.facts["withdrawn"] == Money.parse("13.10")
    assert story.facts["left"] == Money.zero()


def test_s1_27_methods_of_withdrawal_with_cheque_and_paypal(story: Story) -> None:
    for method in ("Cheque by post", "PayPal", "Bank account", "bKash"):
        assert method in story.pages["methods"]


def test_s1_16_s1_61_the_earnings_are_told_as_they_are(story: Story) -> None:
    assert "not enough data" in story.pages["list"].lower()
    assert "$13.10" in story.pages["earnings"]
