"""The first source document, statement by statement: from "Get started" to the money, with review.

The ids are those of the list of statements. Not here: navigation of the document itself, whose the first
market was, and the plea to subscribe to the document's site.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests import cast, make, quiz
from tests.notices.telling import tell_at_once
from tests.stories.telling import Story, lived
from tests.web.joining import CONTACT, PASSWORD, link_in, register, visitor
from tests.web.market import proof_batch, signed_in
from tukro.kernel.money import Money
from tukro.money.queries import worker_balance
from tukro.notices.models import Mail
from tukro.people.actions.joining import change_review_mode
from tukro.people.models import Requester, ReviewMode, Worker
from tukro.qualifications.actions.types import TypePlan, create_type_as
from tukro.qualifications.rules import Requirement
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import Assignment
from tukro.work.queries import open_groups

pytestmark = pytest.mark.django_db  # the database is made only for tests that ask for it

ANSWER = {"summary": "A short summary.", "mood": "good"}


@pytest.fixture(scope="module")
def story(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Story]:
    with lived(_live, django_db_blocker, tmp_path_factory.mktemp("files")) as told:
        yield told


def _live(story: Story) -> None:
    karim, shirin = cast.karim(), cast.shirin()
    change_review_mode(by=shirin.actor, mode=ReviewMode.BEFORE_FIRST_TASK, now=timezone.now())
    job = proof_batch(of=karim).task_type.group_id
    rahima = _join(story)
    worker = Worker.objects.get()
    story.send("not yet", rahima, f"/projects/{job}/tasks/accept_random")
    story.send("approved", signed_in(shirin), f"/staff/workers/{worker.public_id}/approve")
    tell_at_once()
    mail = Mail.objects.filter(to="rahima@example.org").latest("id")
    story.facts["mail"] = (mail.subject, link_in(mail))
    story.open("dashboard", rahima, link_in(mail))
    _do_tasks(story, rahima, worker, karim, job)
    _better_paid(story, rahima, karim)
    _money(story, rahima, worker)
    story.open("kinds", signed_in(karim.user), "/requester/projects/new")


def _join(story: Story) -> Client:
    client = visitor()
    story.open("landing", client, "/")
    story.open("how", client, "/how-it-works")
    story.open("rules", client, "/rules")
    story.open("request", client, "/account/worker")
    link = register(client, next="/account/worker")
    story.open("registration", client, link)
    step = "/account/welcome?next=/account/worker"
    story.send("personal information", client, step, **{**CONTACT, "language": "en"})
    story.send("under review", client, "/account/worker", country="BD", one_account="on", rules="on")
    again = visitor()
    story.send("sign in", again, "/account/login/", login="rahima@example.org", password=PASSWORD)
    return again


def _do_tasks(story: Story, client: Client, worker: Worker, karim: Requester, job: str) -> None:
    now = timezone.now()
    for hour in (3, 15):
        at = now.replace(hour=hour) + timedelta(days=1)
        story.facts[f"open at {hour}"] = [row.title for row in open_groups(worker, now=at).rows]
    story.open("list", client, "/projects")
    for no in ("first", "second"):
        work = story.send(f"{no}: accepted", client, f"/projects/{job}/tasks/accept_random")
        story.send(no, client, work.replace("?", "/submit?"), **ANSWER)
    story.open("waits", client, "/earnings")
    story.facts["before review"] = worker_balance(worker)[0]
    for count, assignment in enumerate(Assignment.objects.filter(worker=worker).order_by("pk"), start=1):
        approve_assignments(requester=karim, assignment_ids=[assignment.public_id], now=timezone.now())
        story.facts[f"after {count}"] = worker_balance(worker)[0]


def _better_paid(story: Story, client: Client, karim: Requester) -> None:
    plan = TypePlan(
        name="Reads carefully",
        description="A short test.",
        test=quiz.TEST,
        answer_key=quiz.KEY,
        test_duration_seconds=300,
    )
    test = create_type_as(requester=karim, plan=plan, now=timezone.now()).public_id
    asked = Requirement(test, "GreaterThanOrEqualTo", (80,))
    terms = make.terms(title="Careful work", reward="9.60", category="writing", requirements=(asked,))
    group = proof_batch(of=karim, rows=1, of_terms=terms).task_type.group_id
    story.open("what is needed", client, f"/projects/{group}/tasks")
    at = story.send("test", client, f"/qualifications/{test}/request")
    story.send("scored", client, at, **{"answer-1": "1", "answer-2": "2"})
    work = story.send("better paid: accepted", client, f"/projects/{group}/tasks/accept_random")
    story.send("better paid", client, work.replace("?", "/submit?"), **ANSWER)
    done = Assignment.objects.latest("pk")
    approve_assignments(requester=karim, assignment_ids=[done.public_id], now=timezone.now())


def _money(story: Story, client: Client, worker: Worker) -> None:
    story.open("earnings", client, "/earnings")
    story.open("dashboard after", client, "/dashboard")
    story.open("withdraw", client, "/earnings/withdraw")
    story.facts["earned"] = worker_balance(worker)[0]


def test_s0_2_s0_7_s0_12_s0_15_a_public_page_says_what_it_is_and_how_it_works(story: Story) -> None:
    assert story.statuses["how"] == 200
    assert story.pages["how"].count("<h2") >= 3


def test_s0_4_s0_40_no_promise_of_easy_money(story: Story) -> None:
    assert "Per hour: not enough data" in story.pages["list"]


def test_s0_1_s0_45_the_work_is_done_where_one_is_with_what_one_has(story: Story) -> None:
    assert "do it on your phone or computer" in story.pages["landing"]


def test_s0_3_trust_comes_from_counted_figures_and_rules_that_anybody_can_read(story: Story) -> None:
    for shown in ("Tasks paid so far", "Paid to workers", "counted from our own records", 'href="/rules"'):
        assert shown in story.pages["landing"]
    assert "Reject only with a true reason" in story.pages["rules"]


def test_s0_9_s0_10_one_operator_runs_the_site_and_decides_which_work_is_posted(story: Story) -> None:
    assert "The operator of this site decides." in story.pages["rules"]


@pytest.mark.parametrize("kind", ["Survey", "Transcription", "Looking at images", "Voice recording"])
def test_s0_13_the_work_is_of_kinds_that_people_do_with_ease(story: Story, kind: str) -> None:
    assert kind in story.pages["rules"]


def test_s0_46_the_landing_page_can_be_passed_on_to_friends(story: Story) -> None:
    assert (story.addresses["landing"], story.statuses["landing"]) == ("/", 200)
    assert '<meta name="description" content="An open marketplace' in story.pages["landing"]


def test_s0_28_s0_29_s0_30_the_landing_page_has_one_call_and_two_choices(story: Story) -> None:
    for shown in ("Register for free", "<h2>Make money</h2>", "<h2>Create tasks</h2>"):
        assert shown in story.pages["landing"]


def test_s0_31_s0_32_s0_33_request_a_worker_account_signs_in_or_creates_an_account(story: Story) -> None:
    assert story.addresses["request"] == "/account/login/?next=/account/worker"
    assert "Create your account" in story.pages["request"]
    assert story.statuses["sign in"] == 200


def test_s0_34_s0_35_the_registration_page_asks_for_personal_information(story: Story) -> None:
    assert 'name="full_name"' in story.pages["registration"]
    assert story.addresses["personal information"] == "/account/worker"


def test_s0_36_the_account_is_reviewed_and_nothing_is_taken_meanwhile(story: Story) -> None:
    assert "We are looking at it" in story.pages["under review"]
    assert story.statuses["not yet"] == 422
    assert "Your worker account waits for review." in story.pages["not yet"]


def test_s0_37_s0_38_s0_39_approval_is_told_by_mail_and_opens_dashboard_and_tasks(story: Story) -> None:
    assert story.facts["mail"] == ("Your worker account is approved", "/dashboard")
    assert story.statuses["dashboard"] == 200
    assert "Read and sum up" in story.pages["list"]


def test_s0_8_s0_11_s0_16_s0_17_a_worker_does_small_tasks_and_hands_them_in(story: Story) -> None:
    for no in ("first", "second"):
        assert "Handed in. $0.40 is yours when the work is approved." in story.pages[no]


def test_s0_18_s0_19_s0_25_paid_what_was_stated_and_only_after_approval(story: Story) -> None:
    assert "$0.40" in story.pages["list"]
    assert story.facts["before review"] == Money.zero()
    assert story.facts["after 1"] == Money.parse("0.40")


def test_s0_20_tasks_are_there_at_all_hours(story: Story) -> None:
    assert story.facts["open at 3"] == story.facts["open at 15"] == ["Read and sum up"]


def test_s0_21_s0_41_the_more_tasks_the_higher_the_income(story: Story) -> None:
    assert story.facts["after 2"] == Money.parse("0.80")


def test_s0_22_s0_23_s0_24_skill_is_tested_and_opens_better_paid_work(story: Story) -> None:
    assert "Reads carefully" in story.pages["what is needed"]
    assert "Your score: 100." in story.pages["scored"]
    assert "Handed in. $9.60" in story.pages["better paid"]


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("Survey", id="s0_26a"),
        pytest.param("Data entry", id="s0_26b"),
        pytest.param("Web research", id="s0_26c"),
        pytest.param("Transcription of speech", id="s0_26d"),
        pytest.param("Writing", id="s0_26e"),
        pytest.param("Voice recording", id="s0_26f"),
        pytest.param("Find and report", id="s0_26g"),
        pytest.param("Checking information", id="s0_26h"),
        pytest.param("Blank page", id="s0_26i"),
    ],
)
def test_s0_26_requesters_start_from_every_kind_of_task(story: Story, kind: str) -> None:
    assert kind in story.pages["kinds"]


def test_s0_42_earnings_are_told_from_ones_own_record(story: Story) -> None:
    assert story.facts["earned"] == Money.parse("10.40")
    assert "$10.40" in story.pages["earnings"]
    assert "$10.40" in story.pages["dashboard after"]


def test_s0_43_money_goes_to_a_bank_account_paypal_or_a_gift_card(story: Story) -> None:
    for method in ("Bank account", "PayPal", "Amazon gift card"):
        assert method in story.pages["withdraw"]
