"""A requester's life by a script against the wire, while people do the work on the worker site.

The script is written as the tutorials for MTurk write theirs, with boto3 as it comes; only the endpoint is
ours. Workers sign in, take the test, accept, and hand in as a browser does: in a page's frame, from a page on
another server, and in our own form. In the end every cent is where it belongs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from django.utils import timezone

from tests.visitor import Stranger, Visitor
from tukro.kernel.money import Money
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.queries import ledger_faults, worker_balance
from tukro.people.actions.accounts import create_requester, create_worker
from tukro.people.actions.keys import make_access_key
from tukro.people.aliases import alias
from tukro.people.models import Requester, Worker
from tukro.work.queries.faults import work_faults

pytestmark = [pytest.mark.story, pytest.mark.long]

PASSWORD = "a-long-enough-pass-phrase"
PATIENCE_SECONDS = 60
SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"

TEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<QuestionForm xmlns="{SCHEMAS}/2017-11-06/QuestionForm.xsd">
  <Overview><Title>Can you tell birds apart?</Title></Overview>
  <Question>
    <QuestionIdentifier>swims</QuestionIdentifier>
    <IsRequired>true</IsRequired>
    <QuestionContent><Text>Which of these birds swims?</Text></QuestionContent>
    <AnswerSpecification><SelectionAnswer><StyleSuggestion>radiobutton</StyleSuggestion><Selections>
      <Selection><SelectionIdentifier>duck</SelectionIdentifier><Text>A duck</Text></Selection>
      <Selection><SelectionIdentifier>sparrow</SelectionIdentifier><Text>A sparrow</Text></Selection>
    </Selections></SelectionAnswer></AnswerSpecification>
  </Question>
</QuestionForm>"""

ANSWER_KEY = f"""<AnswerKey xmlns="{SCHEMAS}/2005-10-01/AnswerKey.xsd">
  <Question>
    <QuestionIdentifier>swims</QuestionIdentifier>
    <AnswerOption><SelectionIdentifier>duck</SelectionIdentifier><AnswerScore>10</AnswerScore></AnswerOption>
  </Question>
  <QualificationValueMapping><PercentageMapping>
    <MaximumSummedScore>10</MaximumSummedScore>
  </PercentageMapping></QualificationValueMapping>
</AnswerKey>"""

PAGE = f"""<HTMLQuestion xmlns="{SCHEMAS}/2011-11-11/HTMLQuestion.xsd">
  <HTMLContent><![CDATA[<!DOCTYPE html>
<html>
  <head>
    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
    <title>Birds</title>
    <script type="text/javascript" src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>
  </head>
  <body>
    <form name="mturk_form" method="post" id="mturk_form" action="https://www.mturk.com/mturk/externalSubmit">
      <input type="hidden" value="" name="assignmentId" id="assignmentId">
      <p>Which bird do you see most often?</p>
      <p><textarea name="bird" cols="80" rows="3"></textarea></p>
      <p><input type="submit" id="submitButton" value="Submit"></p>
    </form>
    <script>turkSetAssignmentID();</script>
  </body>
</html>]]></HTMLContent>
  <FrameHeight>450</FrameHeight>
</HTMLQuestion>"""

SURVEY = f"""<ExternalQuestion xmlns="{SCHEMAS}/2006-07-14/ExternalQuestion.xsd">
  <ExternalURL>https://survey.example.org/start?study=birds&amp;wave=2</ExternalURL>
  <FrameHeight>0</FrameHeight>
</ExternalQuestion>"""

FORM = f"""<QuestionForm xmlns="{SCHEMAS}/2017-11-06/QuestionForm.xsd">
  <Question>
    <QuestionIdentifier>seen</QuestionIdentifier>
    <QuestionContent><Text>Which did you see today?</Text></QuestionContent>
    <AnswerSpecification><SelectionAnswer><MinSelectionCount>1</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>
      <StyleSuggestion>checkbox</StyleSuggestion><Selections>
      <Selection><SelectionIdentifier>crow</SelectionIdentifier><Text>Crow</Text></Selection>
      <Selection><SelectionIdentifier>heron</SelectionIdentifier><Text>Heron</Text></Selection>
      <Selection><SelectionIdentifier>kite</SelectionIdentifier><Text>Kite</Text></Selection>
    </Selections></SelectionAnswer></AnswerSpecification>
  </Question>
  <Question>
    <QuestionIdentifier>where</QuestionIdentifier>
    <IsRequired>true</IsRequired>
    <QuestionContent><Text>Where?</Text></QuestionContent>
    <AnswerSpecification><FreeTextAnswer/></AnswerSpecification>
  </Question>
</QuestionForm>"""


@dataclass
class Person:
    """A worker with a browser."""

    worker: Worker
    browser: Visitor
    frame: Stranger

    @property
    def id(self) -> str:
        """As the requester knows them."""
        return alias(self.worker, Requester.objects.get())


@pytest.fixture
def mturk(site: str) -> Any:
    """The client of a requester with 100 dollars: boto3 and a new key, retries off."""
    now = timezone.now()
    karim = create_requester("karim@example.org", PASSWORD, name="Karim Studio", now=now)
    deposit_play_money(requester=karim, amount=Money.parse("100.00"), now=now)
    key = make_access_key(requester=karim, now=now)
    return boto3.client(
        "mturk",
        endpoint_url=f"{site}/mturk",
        region_name="us-east-1",
        aws_access_key_id=key.key_id,
        aws_secret_access_key=key.secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def people(site: str) -> Iterator[dict[str, Person]]:
    """Three workers, each signed in."""
    with Visitor(site) as one, Visitor(site) as two, Visitor(site) as three, Stranger(site) as frame:
        yield {
            name: _person(name, browser, frame)
            for name, browser in {"rahima": one, "tanvir": two, "bilal": three}.items()
        }


def _person(name: str, browser: Visitor, frame: Stranger) -> Person:
    address = f"{name}@example.org"
    worker = create_worker(address, PASSWORD, country="BD", now=timezone.now())
    browser.sign_in(address, PASSWORD)
    return Person(worker, browser, frame)


def test_a_requesters_life_on_the_wire(mturk: Any, people: dict[str, Person]) -> None:
    rahima, tanvir, bilal = people.values()
    assert mturk.get_account_balance()["AvailableBalance"] == "100.00"

    # A test opens the work to those who know birds.
    birds = _make_qualification(mturk)
    for person, answer in ((rahima, "duck"), (tanvir, "duck"), (bilal, "sparrow")):
        _take_test(person, birds, answer)
    scores = {
        one["WorkerId"]: one["IntegerValue"]
        for one in mturk.list_workers_with_qualification_type(QualificationTypeId=birds)["Qualifications"]
    }
    assert scores == {rahima.id: 100, tanvir.id: 100, bilal.id: 0}

    # Three kinds of question; the token keeps a nervous script from asking twice.
    page = _make_hit(mturk, birds, "page", PAGE, MaxAssignments=2, UniqueRequestToken="birds-page")
    survey = _make_hit(mturk, birds, "survey", SURVEY, RequesterAnnotation="wave 2")
    form = _make_hit(mturk, birds, "form", FORM)
    with pytest.raises(mturk.exceptions.RequestError, match=page["HITId"]):
        _make_hit(mturk, birds, "page", PAGE, MaxAssignments=2, UniqueRequestToken="birds-page")
    assert _balance(mturk) == Decimal("100.00") - 4 * Decimal("1.20")

    # People do the work; who failed the test may not.
    assert _accept(bilal, page) is None
    _work_in_frame(rahima, page, bird="A kingfisher")
    _work_in_frame(tanvir, page, bird="asdf")
    _work_on_survey(rahima, survey, code="K1NG")
    _work_in_form(tanvir, form, seen=["1", "3"], where="By the river")

    # Poll until everything is there, read it, judge it.
    hit_ids = {page["HITId"], survey["HITId"], form["HITId"]}
    _wait_for(lambda: hit_ids == {one["HITId"] for one in mturk.list_reviewable_hits()["HITs"]})
    answers = {
        (assignment["HITId"], assignment["WorkerId"]): (
            assignment["AssignmentId"],
            _parse(assignment["Answer"]),
        )
        for hit_id in hit_ids
        for assignment in _all_assignments(mturk, hit_id, ["Submitted"])
    }
    assert {key: answer for key, (_, answer) in answers.items()} == {
        (page["HITId"], rahima.id): {"bird": ["A kingfisher"]},
        (page["HITId"], tanvir.id): {"bird": ["asdf"]},
        (survey["HITId"], rahima.id): {"code": ["K1NG"]},
        (form["HITId"], tanvir.id): {"seen": ["crow", "kite"], "where": ["By the river"]},
    }
    _judge(mturk, answers, wrong=(page["HITId"], tanvir.id))
    regretted = answers[form["HITId"], tanvir.id][0]
    _reject_and_think_again(mturk, regretted)

    # Thank, write, and part.
    thanked = answers[page["HITId"], rahima.id][0]
    _thank(mturk, rahima, thanked)
    _write_to(mturk, [rahima.id, tanvir.id, bilal.id], nobodys=bilal.id)
    mturk.create_worker_block(WorkerId=tanvir.id, Reason="Wrote nonsense on the page about birds.")
    last = _make_another(mturk, birds, page)
    assert _accept(tanvir, last) is None
    mturk.delete_worker_block(WorkerId=tanvir.id)

    # Nobody comes: expire, and clean up everything.
    mturk.update_expiration_for_hit(HITId=last["HITId"], ExpireAt=datetime(2015, 1, 1, tzinfo=UTC))
    for hit_id in hit_ids | {last["HITId"]}:
        mturk.delete_hit(HITId=hit_id)
    assert mturk.list_hits()["HITs"] == []
    mturk.delete_qualification_type(QualificationTypeId=birds)
    _expect_balanced_books(mturk, rahima, tanvir)


# --- the requester's script -------------------------------------------------------------------------


def _make_qualification(mturk: Any) -> str:
    made = mturk.create_qualification_type(
        Name="Knows birds",
        Keywords="birds, test",
        Description="A short test about birds",
        QualificationTypeStatus="Active",
        Test=TEST,
        AnswerKey=ANSWER_KEY,
        TestDurationInSeconds=300,
    )["QualificationType"]
    assert made["IsRequestable"]
    type_id: str = made["QualificationTypeId"]
    return type_id


def _terms(qualification: str, what: str) -> dict[str, Any]:
    return {
        "Title": f"Tell us about birds ({what})",
        "Description": "Short questions about birds around you",
        "Keywords": "birds, question, quick",
        "Reward": "1",
        "AssignmentDurationInSeconds": 600,
        "AutoApprovalDelayInSeconds": 86400,
        "QualificationRequirements": [
            {
                "QualificationTypeId": qualification,
                "Comparator": "GreaterThanOrEqualTo",
                "IntegerValues": [80],
                "ActionsGuarded": "PreviewAndAccept",
            }
        ],
    }


def _make_hit(mturk: Any, qualification: str, what: str, question: str, **more: Any) -> dict[str, Any]:
    hit: dict[str, Any] = mturk.create_hit(
        **_terms(qualification, what), Question=question, LifetimeInSeconds=3600, **more
    )["HIT"]
    assert hit["HITStatus"] == "Assignable"
    assert hit["Question"] == question
    return hit


def _make_another(mturk: Any, qualification: str, like: dict[str, Any]) -> dict[str, Any]:
    """Equal terms are one type, however they are given."""
    type_id = mturk.create_hit_type(**_terms(qualification, "page"))["HITTypeId"]
    assert type_id == like["HITTypeId"]
    hit: dict[str, Any] = mturk.create_hit_with_hit_type(
        HITTypeId=type_id, Question=PAGE, LifetimeInSeconds=3600
    )["HIT"]
    assert hit["HITGroupId"] == like["HITGroupId"]
    return hit


def _all_assignments(mturk: Any, hit_id: str, statuses: list[str]) -> list[dict[str, Any]]:
    pages = mturk.get_paginator("list_assignments_for_hit").paginate(
        HITId=hit_id, AssignmentStatuses=statuses
    )
    return [assignment for page in pages for assignment in page["Assignments"]]


def _parse(answer: str) -> dict[str, list[str]]:
    """What tutorials do by hand: question to values."""
    parsed = {}
    for one in ElementTree.fromstring(answer).iterfind("{*}Answer"):
        question, *values = (child.text or "" for child in one)
        parsed[question] = values
    return parsed


def _judge(mturk: Any, answers: dict[tuple[str, str], Any], *, wrong: tuple[str, str]) -> None:
    for key, (assignment_id, _) in answers.items():
        if key == wrong:
            mturk.reject_assignment(AssignmentId=assignment_id, RequesterFeedback="This is no bird.")
        elif "where" not in answers[key][1]:
            mturk.approve_assignment(AssignmentId=assignment_id, RequesterFeedback="Thank you!")
            with pytest.raises(mturk.exceptions.RequestError, match="status of: Submitted"):
                mturk.approve_assignment(AssignmentId=assignment_id)
    told = mturk.get_assignment(AssignmentId=answers[wrong][0])
    assert told["Assignment"]["AssignmentStatus"] == "Rejected"
    assert told["HIT"]["NumberOfAssignmentsCompleted"] == 2
    assert told["HIT"]["HITStatus"] == "Reviewable"


def _reject_and_think_again(mturk: Any, assignment_id: str) -> None:
    with pytest.raises(ClientError) as refused:
        mturk.delete_hit(HITId=mturk.get_assignment(AssignmentId=assignment_id)["HIT"]["HITId"])
    assert refused.value.response["Error"]["Code"] == "RequestError"
    mturk.reject_assignment(AssignmentId=assignment_id, RequesterFeedback="There are no kites here.")
    mturk.approve_assignment(AssignmentId=assignment_id, OverrideRejection=True)
    told = mturk.get_assignment(AssignmentId=assignment_id)["Assignment"]
    assert (told["AssignmentStatus"], "ApprovalTime" in told) == ("Approved", True)


def _thank(mturk: Any, person: Person, assignment_id: str) -> None:
    bonus = {
        "WorkerId": person.id,
        "BonusAmount": "0.25",
        "AssignmentId": assignment_id,
        "Reason": "A rare bird",
        "UniqueRequestToken": "rare-bird",
    }
    mturk.send_bonus(**bonus)
    with pytest.raises(mturk.exceptions.RequestError, match="idempotency"):
        mturk.send_bonus(**bonus)
    [paid] = mturk.list_bonus_payments(AssignmentId=assignment_id)["BonusPayments"]
    assert (paid["BonusAmount"], paid["Reason"]) == ("0.25", "A rare bird")


def _write_to(mturk: Any, worker_ids: list[str], *, nobodys: str) -> None:
    """A letter to those who worked for us; the others are told of, not raised."""
    answer = mturk.notify_workers(
        Subject="Next week", MessageText="There will be more birds.", WorkerIds=worker_ids
    )
    failures = answer["NotifyWorkersFailureStatuses"]
    assert [(one["WorkerId"], one["NotifyWorkersFailureCode"]) for one in failures] == [
        (nobodys, "HardFailure")
    ]


def _balance(mturk: Any) -> Decimal:
    return Decimal(mturk.get_account_balance()["AvailableBalance"])


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)


# --- the workers ------------------------------------------------------------------------------------


def _accept(person: Person, hit: dict[str, Any]) -> dict[str, Any] | None:
    """Accept the open HIT of its group; None when it is not for this worker."""
    taken = person.browser.call(f"/projects/{hit['HITGroupId']}/tasks/accept_random")
    if taken.status_code != 200:
        assert taken.json()["error"] in ("not_eligible", "blocked"), taken.text
        return None
    accepted: dict[str, Any] = taken.json()
    assert accepted["task_id"] == hit["HITId"]
    return accepted


def _take_test(person: Person, type_id: str, choice: str) -> None:
    """Look at the qualification, start its test, hand it in."""
    offered = person.browser.open(f"/qualifications/{type_id}")
    test = person.browser.send(offered.form(to="/request"))
    answers: dict[str, Any] = {"answer-1": {"duck": "1", "sparrow": "2"}[choice]}
    scored = person.browser.send(test.form(having="answer-1"), **answers)
    assert scored.status == 200, scored.text


def _work_in_frame(person: Person, hit: dict[str, Any], **answers: str) -> None:
    """The requester's page, in the frame where we serve it."""
    taken = _accept(person, hit)
    assert taken is not None
    (source,) = person.browser.open(taken["task_url"]).frames
    page = person.frame.open(source)
    handed_in = person.frame.send(page, page.form(having="bird"), **answers)
    assert handed_in.status == 200, handed_in.text


def _work_on_survey(person: Person, hit: dict[str, Any], **answers: str) -> None:
    """A page on the requester's own server, which hands in where its address says."""
    taken = _accept(person, hit)
    assert taken is not None
    (source,) = person.browser.open(taken["task_url"]).frames
    given = parse_qs(urlsplit(source).query)
    assert given["assignmentId"] == [taken["assignment_id"]]
    assert (given["hitId"], given["workerId"], given["wave"]) == ([hit["HITId"]], [person.id], ["2"])
    submit_to = f"{given['turkSubmitTo'][0]}/mturk/externalSubmit"
    handed_in = person.frame.post(submit_to, {"assignmentId": taken["assignment_id"], **answers})
    assert handed_in.status == 200, handed_in.text


def _work_in_form(person: Person, hit: dict[str, Any], *, seen: list[str], where: str) -> None:
    """A QuestionForm is a page of our own."""
    taken = _accept(person, hit)
    assert taken is not None
    answers: dict[str, Any] = {"answer-1": seen, "answer-2": where}
    page = person.browser.open(taken["task_url"])
    handed_in = person.browser.send(page.form(to="/submit"), **answers)
    assert handed_in.status == 200, handed_in.text


def _expect_balanced_books(mturk: Any, rahima: Person, tanvir: Person) -> None:
    """Paid is what was approved and given; the rejection's price waits for an appeal; the rest is back."""
    reward, fee = Decimal("1.00"), Decimal("0.20")
    bonus = Decimal("0.25") * Decimal("1.2")
    assert worker_balance(rahima.worker)[0] == Money.parse("2.25")
    assert worker_balance(tanvir.worker)[0] == Money.parse("1.00")
    assert _balance(mturk) == Decimal("100.00") - 4 * (reward + fee) - bonus
    assert ledger_faults(clock=True) == []
    assert work_faults() == []
