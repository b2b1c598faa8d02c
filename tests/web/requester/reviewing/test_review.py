"""Reviewing pages: what a requester sees and decides, and what strangers cannot."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import escape, unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import make
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester, User
from tukro.questions.proof import Field, Form, Kind
from tukro.web.taskhost.frames import drawn_url
from tukro.web.templatetags.review import shown
from tukro.work.actions.doing.assigning import return_assignment
from tukro.work.actions.reviewing import reject_assignments
from tukro.work.models import Assignment, Batch, ProofFile
from tukro.work.rules import REVISIONS_AT_MOST

pytestmark = pytest.mark.django_db
REASON = {"reason_code": "wrong", "feedback": "The picture shows a 3."}


@pytest.fixture
def batch(karim: Requester) -> Batch:
    """Karim's three digits, published now."""
    return make.batch(of=karim, rows=3, now=timezone.now())


@pytest.fixture
def answers(batch: Batch) -> list[Assignment]:
    """Three answers by three workers."""
    return [
        make.submitted(of=batch, by=make.worker(), fields=[("digit", str(no))], now=timezone.now())
        for no in range(3)
    ]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def states(answers: list[Assignment]) -> list[str]:
    return [Assignment.objects.get(pk=answer.pk).state for answer in answers]


def shown_ids(response: Any) -> list[str]:
    return [line.assignment.public_id for line in response.context["lines"]]


def test_the_grid_shows_answers_beside_their_rows_oldest_first(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    response = as_karim.get(f"/requester/batches/{batch.public_id}/review")
    assert response.status_code == 200
    assert shown_ids(response) == [answer.public_id for answer in answers]
    line = response.context["lines"][0]
    assert line.inputs == [("image", f"{answers[0].task.row_no}.png")]
    assert line.answers == [("digit", "0")]


def test_answers_to_a_proof_form_stand_under_what_was_asked(as_karim: Client, karim: Requester) -> None:
    form = Form("Open ${image}.", (Field("what", Kind.TEXT, "What is on ${image}?"),))
    batch = make.batch(of=karim, question_kind="proof", question_body=form.dump(), now=timezone.now())
    rahima = make.worker()
    answer = make.submitted(of=batch, by=rahima, fields=[("what", "an owl")], now=timezone.now())
    for address in (f"batches/{batch.public_id}/review", f"assignments/{answer.public_id}"):
        page = as_karim.get(f"/requester/{address}").content.decode()
        assert '<dt translate="no">What is on 1.png?</dt>' in page
    assert '<div class="lines prose" translate="no">Open 1.png.</div>' in page  # of the answer alone
    record = client_of(rahima.user).get(f"/history/{answer.public_id}").content.decode()
    assert '<span translate="no">What is on 1.png?</span>' in record


def test_files_stand_among_the_answers_as_the_form_asked(as_karim: Client, karim: Requester) -> None:
    asked = [("first", Kind.TEXT), ("shot", Kind.IMAGE), ("last", Kind.TEXT)]
    form = Form("Look.", tuple(Field(name, kind, f"The {name} one", required=False) for name, kind in asked))
    batch = make.batch(of=karim, question_kind="proof", question_body=form.dump(), now=timezone.now())
    rahima = make.worker()
    answer = make.submitted(of=batch, by=rahima, fields=[("first", "1"), ("last", "3")], now=timezone.now())
    owl = {"name": "owl.png", "media_type": "image/png", "size": 9, "uploaded_at": answer.accepted_at}
    ProofFile.objects.create(public_id="F1", assignment=answer, field="shot", **owl)
    for client, address in (
        (as_karim, f"/requester/batches/{batch.public_id}/review"),
        (as_karim, f"/requester/assignments/{answer.public_id}"),
        (client_of(rahima.user), f"/history/{answer.public_id}"),
    ):
        page = client.get(address).content.decode()
        places = [page.index(f"The {name} one") for name, _ in asked]
        assert places == sorted(places)


def test_the_grid_costs_the_same_for_one_answer_and_for_many(
    as_karim: Client, karim: Requester, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for places in (1, 12):  # one after the other: both are of one group, and the first is full
        batch = make.batch(of=karim, rows=1, places=places, now=timezone.now())
        for _no in range(places):
            make.submitted(of=batch, now=timezone.now())
        with django_assert_num_queries(7):
            as_karim.get(f"/requester/batches/{batch.public_id}/review")


def test_seconds_can_be_typed_in_bengali_digits(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    page = as_karim.get(f"/requester/batches/{batch.public_id}/review?shortest=৩০&state=all")
    assert page.context["filters"].shortest_seconds == 30
    assert 'type="number"' not in page.content.decode()  # a browser lets nobody type them into one


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [0, 1, 2]),
        ("words=1", [1]),
        ("words=digit", [0, 1, 2]),
        ("shortest=30", [2]),
        ("longest=29", [0, 1]),
        ("state=approved", []),
        ("state=all", [0, 1, 2]),
        ("state=nonsense&shortest=x", [0, 1, 2]),
        ("words=%00", [0, 1, 2]),
    ],
)
def test_filters_stand_in_the_address(
    as_karim: Client, batch: Batch, answers: list[Assignment], query: str, expected: list[int]
) -> None:
    Assignment.objects.filter(pk=answers[2].pk).update(worked_seconds=30)
    response = as_karim.get(f"/requester/batches/{batch.public_id}/review?{query}")
    assert shown_ids(response) == [answers[no].public_id for no in expected]


def test_answers_of_one_worker(as_karim: Client, batch: Batch, answers: list[Assignment]) -> None:
    worker_id = answers[1].worker.public_id
    response = as_karim.get(f"/requester/batches/{batch.public_id}/review?worker={worker_id}")
    assert shown_ids(response) == [answers[1].public_id]


def test_pages_follow_by_key(
    as_karim: Client, batch: Batch, answers: list[Assignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.web.requester.reviewing.review.PAGE", 2)
    first = as_karim.get(f"/requester/batches/{batch.public_id}/review")
    cursor = first.context["next_cursor"]
    second = as_karim.get(f"/requester/batches/{batch.public_id}/review?after={cursor}")
    assert shown_ids(first) + shown_ids(second) == [answer.public_id for answer in answers]
    assert second.context["next_cursor"] == ""


def test_after_one_is_approved_the_grid_comes_again_at_the_next_that_waits(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    grid = f"/requester/batches/{batch.public_id}/review"
    first, second, third = (answer.public_id for answer in answers)
    page = as_karim.get(grid)
    assert [f'id="answer-{one}"' in page.content.decode() for one in (first, second, third)] == [True] * 3
    answer = as_karim.post(f"{grid}/decide", {"approve_one": second})
    assert answer.headers["Location"] == f"{grid}#answer-{third}"
    last = as_karim.post(f"{grid}/decide", {"approve_one": third})
    assert last.headers["Location"] == grid


def test_a_verdict_on_a_later_page_leads_back_to_that_page(
    as_karim: Client, batch: Batch, answers: list[Assignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.web.requester.reviewing.review.PAGE", 1)
    grid = f"/requester/batches/{batch.public_id}/review"
    first, second, third = (answer.public_id for answer in answers)
    after = f'<input type="hidden" name="after" value="{first}">'
    assert after in as_karim.get(f"{grid}?after={first}").content.decode()
    asked = as_karim.post(f"{grid}/decide", {"action": "reject", "ids": [second], "after": first})
    assert after in asked.content.decode()
    sent = as_karim.post(f"{grid}/reject", {**REASON, "ids": [second], "after": first})
    assert sent.headers["Location"] == f"{grid}?after={first}"
    assert shown_ids(as_karim.get(sent.headers["Location"])) == [third]
    sent = as_karim.post(f"{grid}/decide", {"approve_one": third, "after": first})
    # Nothing is left on that page; what waits is before it.
    assert shown_ids(as_karim.get(sent.headers["Location"], follow=True)) == [first]


def test_ticked_answers_are_approved_and_paid(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    response = as_karim.post(
        f"/requester/batches/{batch.public_id}/review/decide",
        {"action": "approve", "scope": "selected", "ids": [answers[0].public_id, answers[2].public_id]},
    )
    assert response.status_code == 302
    assert states(answers) == ["approved", "submitted", "approved"]
    assert worker_balance(answers[0].worker)[0] == Money.parse("0.05")


def test_all_that_match_are_approved(as_karim: Client, batch: Batch, answers: list[Assignment]) -> None:
    as_karim.post(
        f"/requester/batches/{batch.public_id}/review/decide",
        {"action": "approve", "scope": "matching", "query": "words=1"},
    )
    assert states(answers) == ["submitted", "approved", "submitted"]


@pytest.mark.parametrize("act", ["decide", "approve_all"])
def test_all_means_what_the_page_counted_and_not_what_came_in_since(
    as_karim: Client, batch: Batch, answers: list[Assignment], act: str
) -> None:
    drawn = drawn_of(as_karim, batch)
    late = hand_in_later(answers[2], drawn)
    given = {"action": "approve", "scope": "matching", "drawn": drawn}
    told = as_karim.post(f"/requester/batches/{batch.public_id}/review/{act}", given, follow=True)
    assert states(answers) == ["approved", "approved", "submitted"]
    assert "left as they are: 1." in told.content.decode()
    assert shown_ids(told) == [late.public_id]


def test_rejecting_all_leaves_what_came_in_since_the_page_was_drawn(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    drawn = drawn_of(as_karim, batch)
    hand_in_later(answers[2], drawn)
    given = {"action": "reject", "scope": "matching", "drawn": drawn}
    asked = as_karim.post(f"/requester/batches/{batch.public_id}/review/decide", given)
    assert (asked.context["count"], asked.context["drawn"]) == (2, drawn)
    assert "not among these: 1." in asked.content.decode()
    as_karim.post(f"/requester/batches/{batch.public_id}/review/reject", {**given, **REASON})
    assert states(answers) == ["rejected", "rejected", "submitted"]


def drawn_of(as_karim: Client, batch: Batch) -> str:
    """The moment that the page of reviewing carries along."""
    page = as_karim.get(f"/requester/batches/{batch.public_id}/review").content.decode()
    found = set(re.findall(r'name="drawn" value="([^"]+)"', page))
    assert len(found) == 1
    return str(found.pop())


def hand_in_later(answer: Assignment, drawn: str) -> Assignment:
    answer.submitted_at = datetime.fromisoformat(drawn) + timedelta(seconds=1)
    answer.save()
    return answer


def test_nothing_ticked_decides_nothing(as_karim: Client, batch: Batch, answers: list[Assignment]) -> None:
    as_karim.post(f"/requester/batches/{batch.public_id}/review/decide", {"action": "approve"})
    assert states(answers) == ["submitted"] * 3


def test_rejecting_many_asks_for_a_reason_and_shows_what_reopening_costs(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    chosen = [answer.public_id for answer in answers]
    asked = as_karim.post(
        f"/requester/batches/{batch.public_id}/review/decide", {"action": "reject", "ids": chosen}
    )
    assert states(answers) == ["submitted"] * 3
    assert asked.context["reopen_cost"] == (batch.task_type.reward + batch.task_type.fee) * 3

    done = as_karim.post(
        f"/requester/batches/{batch.public_id}/review/reject", {"scope": "selected", "ids": chosen, **REASON}
    )
    assert done.status_code == 302
    assert states(answers) == ["rejected"] * 3
    assert Assignment.objects.get(pk=answers[0].pk).feedback == "The picture shows a 3."


@pytest.mark.parametrize("missing", ["reason_code", "feedback"])
def test_a_rejection_without_reason_or_words_is_refused(
    as_karim: Client, batch: Batch, answers: list[Assignment], missing: str
) -> None:
    given = {name: value for name, value in REASON.items() if name != missing}
    response = as_karim.post(
        f"/requester/batches/{batch.public_id}/review/reject", {"ids": [answers[0].public_id], **given}
    )
    assert response.status_code == 422
    assert states(answers) == ["submitted"] * 3


def test_reopening_sets_money_aside_and_offers_the_place_again(
    as_karim: Client, karim: Requester, batch: Batch, answers: list[Assignment]
) -> None:
    before = requester_balance(karim)[0]
    as_karim.post(
        f"/requester/batches/{batch.public_id}/review/reject",
        {"ids": [answers[0].public_id], "reopen": "on", **REASON},
    )
    assert requester_balance(karim)[0] == before - (batch.task_type.reward + batch.task_type.fee)
    again = make.submitted(of=batch, by=make.worker(), now=timezone.now())
    assert again.task_id == answers[0].task_id


def test_everything_that_waits_is_approved_at_once(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    page = as_karim.get(f"/requester/batches/{batch.public_id}/review").content.decode()
    assert "Their workers get $0.15" in page
    as_karim.post(f"/requester/batches/{batch.public_id}/review/approve_all")
    assert states(answers) == ["approved"] * 3


def test_a_program_approves_by_json(
    as_karim: Client, answers: list[Assignment], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the verb finds whose session it is
        response = as_karim.post(
            "/requester/assignments/approve",
            {"assignment_ids": [answers[0].public_id, answers[1].public_id]},
            content_type="application/json",
        )
    assert response.json() == {"approved": 2}
    again = as_karim.post(
        "/requester/assignments/approve?format=json", {"assignment_ids": [answers[0].public_id]}
    )
    assert again.json() == {"approved": 0}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"assignment_ids": "x"}', '{"assignment_ids": []}', '{"assignment_ids": [1]}', "\xff"],
)
def test_rubbish_from_a_program_is_refused(as_karim: Client, body: str) -> None:
    response = as_karim.post(
        "/requester/assignments/approve", body.encode("latin-1"), content_type="application/json"
    )
    assert response.status_code == 400


def test_one_answer_is_judged_and_the_next_one_follows(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    first, second, third = (f"/requester/assignments/{answer.public_id}" for answer in answers)
    assert as_karim.get(first).status_code == 200

    approved = as_karim.post(f"{first}/approve", {"feedback": "Thank you"})
    assert approved.headers["Location"] == second
    words = {"reason_code": "unclear", "feedback": "Which one?"}
    assert as_karim.post(f"{second}/revise", {**words, "seconds": "60"}).status_code == 422
    revised = as_karim.post(f"{second}/revise", {**words, "seconds": str(7 * 86400)})
    assert revised.headers["Location"] == third
    rejected = as_karim.post(f"{third}/reject", REASON)
    assert rejected.headers["Location"] == f"/requester/batches/{batch.public_id}/review"

    assert states(answers) == ["approved", "revising", "rejected"]
    answers[1].refresh_from_db()
    assert answers[1].deadline_at > timezone.now() + timedelta(days=6)
    for address in (first, second, third):
        decided = as_karim.get(address)
        assert decided.status_code == 200
        assert "Keys: j next, k previous." in decided.content.decode()


def test_a_rejection_is_overturned_and_paid(
    as_karim: Client, karim: Requester, answers: list[Assignment]
) -> None:
    address = f"/requester/assignments/{answers[0].public_id}"
    reject_assignments(
        requester=karim,
        assignment_ids=[answers[0].public_id],
        reason_code="wrong",
        feedback="A mistake of mine",
        now=timezone.now(),
    )
    as_karim.post(f"{address}/overturn", {"feedback": "Sorry"})
    assert states(answers)[0] == "approved"
    assert worker_balance(answers[0].worker)[0] == Money.parse("0.05")


def test_a_bonus_is_paid_once_per_form(as_karim: Client, karim: Requester, answers: list[Assignment]) -> None:
    address = f"/requester/assignments/{answers[0].public_id}/bonus"
    before = requester_balance(karim)[0]
    for _time in range(2):
        as_karim.post(address, {"amount": "১.৫০", "reason": "Very careful", "token": "t1"})
    assert worker_balance(answers[0].worker)[0] == Money.parse("1.50")
    assert requester_balance(karim)[0] == before - Money.parse("1.80")


@pytest.mark.parametrize("amount", ["0", "-1", "abc", "1.234", "99999999999", ""])
def test_a_bonus_of_no_amount_is_refused(as_karim: Client, answers: list[Assignment], amount: str) -> None:
    response = as_karim.post(
        f"/requester/assignments/{answers[0].public_id}/bonus",
        {"amount": amount, "reason": "x", "token": "t1"},
    )
    assert response.status_code == 422
    assert worker_balance(answers[0].worker)[0] == Money.zero()


def test_what_moved_on_meanwhile_is_refused_in_words(as_karim: Client, answers: list[Assignment]) -> None:
    address = f"/requester/assignments/{answers[0].public_id}"
    as_karim.post(f"{address}/approve")
    for given in (REASON, {}):  # the page has no such form any more, and says why
        response = as_karim.post(f"{address}/reject", given)
        assert response.status_code == 422
        assert response.context["overtaken"]
        assert str(response.context["overtaken"]) in response.content.decode()
    assert states(answers)[0] == "approved"
    assert not as_karim.get(address).context["overtaken"]


def addresses(batch: Batch, answer: Assignment) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        ("get", f"/requester/batches/{batch.public_id}/review", {}),
        ("post", f"/requester/batches/{batch.public_id}/review/decide", {"ids": [answer.public_id]}),
        (
            "post",
            f"/requester/batches/{batch.public_id}/review/reject",
            {"ids": [answer.public_id], **REASON},
        ),
        ("post", f"/requester/batches/{batch.public_id}/review/approve_all", {}),
        ("post", "/requester/assignments/approve", {"assignment_ids": [answer.public_id]}),
        ("get", f"/requester/assignments/{answer.public_id}", {}),
        ("post", f"/requester/assignments/{answer.public_id}/approve", {}),
        ("post", f"/requester/assignments/{answer.public_id}/overturn", {}),
        ("post", f"/requester/assignments/{answer.public_id}/reject", REASON),
        (
            "post",
            f"/requester/assignments/{answer.public_id}/revise",
            {"reason_code": "other", "feedback": "x"},
        ),
        (
            "post",
            f"/requester/assignments/{answer.public_id}/bonus",
            {"amount": "1", "reason": "x", "token": "t"},
        ),
        ("get", f"/requester/batches/{batch.public_id}/results", {}),
        ("get", f"/requester/batches/{batch.public_id}/results.csv", {}),
    ]


def test_an_answer_that_went_back_as_often_as_one_can_is_offered_no_more_repair(
    as_karim: Client, answers: list[Assignment]
) -> None:
    place = f"/requester/assignments/{answers[0].public_id}"
    words = {"reason_code": "unclear", "feedback": "Which digit?"}
    for _ in range(REVISIONS_AT_MOST):
        assert "/revise" in as_karim.get(place).content.decode()
        assert as_karim.post(f"{place}/revise", words).status_code == 302
        return_assignment(
            worker=answers[0].worker,
            assignment_id=answers[0].public_id,
            reason_code="other",
            now=timezone.now(),
        )
    page = as_karim.get(place).content.decode()
    assert "as often as one can be" in page
    assert "/revise" not in page
    refused = as_karim.post(f"{place}/revise", words)
    assert (refused.status_code, "3 times at most" in refused.content.decode()) == (422, True)


def test_another_requesters_things_do_not_exist(batch: Batch, answers: list[Assignment]) -> None:
    stranger = client_of(make.requester(name="Somebody else").user)
    for method, address, data in addresses(batch, answers[0]):
        response = getattr(stranger, method)(address, data)
        assert (address, response.status_code) == (address, 404)
    assert states(answers) == ["submitted"] * 3


def test_another_requesters_answer_in_ones_own_batch_is_not_judged(answers: list[Assignment]) -> None:
    stranger = make.requester(name="Somebody else")
    own = make.batch(of=stranger, now=timezone.now())
    client = client_of(stranger.user)
    for action in ("approve", "reject"):
        client.post(
            f"/requester/batches/{own.public_id}/review/decide",
            {"action": action, "ids": [answers[0].public_id]},
        )
    response = client.post(
        f"/requester/batches/{own.public_id}/review/reject", {"ids": [answers[0].public_id], **REASON}
    )
    assert response.status_code == 404
    assert states(answers) == ["submitted"] * 3


def test_strangers_are_asked_to_sign_in(client: Client, batch: Batch, answers: list[Assignment]) -> None:
    for method, address, data in addresses(batch, answers[0]):
        response = getattr(client, method)(address, data)
        assert (address, response.status_code) == (address, 302)
    assert states(answers) == ["submitted"] * 3


def test_markup_in_answers_stays_text(as_karim: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, rows=[{"<b>name</b>": "<script>alert(1)</script>"}], now=timezone.now())
    answer = make.submitted(
        of=batch, fields=[("<i>x</i>", "<img src=x onerror=alert(2)>")], now=timezone.now()
    )
    for address in (
        f"/requester/batches/{batch.public_id}/review",
        f"/requester/assignments/{answer.public_id}",
    ):
        html = as_karim.get(address).content.decode()
        for said in (
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(2)>",
            "<i>x</i>",
            "<b>name</b>",
        ):
            assert (said in html, escape(said) in html) == (False, True), (address, said)


def test_a_painted_mask_is_shown_as_a_picture() -> None:
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    assert shown(png) == f'<img class="proof" src="data:image/png;base64,{png}" alt="">'
    assert shown(f"{png}<script>") == f"{png}<script>"  # text; the template escapes it


def test_labelled_things_are_shown_one_in_a_line_with_the_words_that_they_stand_for() -> None:
    place, bold = (
        '"label": "place", "startOffset": 0, "endOffset": 6',
        '"label": "<b>", "startOffset": 7, "endOffset": 9',
    )
    entities = f"[{{{place}}}, {{{bold}}}]"
    inputs = [("id", "x1"), ("sentence", "Bogura <b>")]
    assert (
        shown(entities, inputs)
        == '<ol class="labelled"><li>place: “Bogura”</li><li>&lt;b&gt;: “&lt;b”</li></ol>'
    )
    assert "startOffset: 7" in shown(entities)  # which text is meant is not known
    boxes = '[{"height": 40, "label": "6", "left": 31, "top": 13, "width": 70}]'
    assert shown(boxes) == '<ol class="labelled"><li>6: 31, 13; 70 × 40</li></ol>'
    for odd in ('[{"x": ', f'[{{"x": {"[" * 9000}{"]" * 9000}}}]', "[{}, 1]"):
        assert shown(odd).startswith(odd[:1000])


BOXES = {
    "boundingBoxes": [{"left": 40, "top": 30, "width": 20, "height": 20, "label": "<b>House</b>"}],
    "inputImageProperties": {"height": 80, "width": 120},
}


def drawn_answer(karim: Requester, drawn: object) -> Assignment:
    page = '<crowd-bounding-box name="drawn" src="${image}" labels="[\'Sun\']"></crowd-bounding-box>'
    batch = make.batch(of=karim, rows=1, question_body=page, now=timezone.now())
    answer = json.dumps([{"drawn": drawn, "note": "fine"}])
    return make.submitted(of=batch, fields=[("taskAnswers", answer)], now=timezone.now())


def framed(page: str) -> Any:
    """What the frame of drawings shows, read as the browser would: by its address alone."""
    [address] = re.findall(r'<iframe class="drawn[^>]*src="([^"]+)"', page)
    parts = urlsplit(unescape(address))
    return Client(headers={"host": parts.netloc}).get(f"{parts.path}?{parts.query}")


@pytest.mark.parametrize("where", ["batches/{batch}/review", "assignments/{id}"])
def test_what_was_drawn_is_shown_over_its_picture_in_a_frame_of_the_task_host(
    as_karim: Client, karim: Requester, where: str
) -> None:
    answer = drawn_answer(karim, BOXES)
    answer.task.input = {"image": "https://pictures.example/house.png"}
    answer.task.save()
    batch = answer.task.batch
    assert batch is not None
    page = as_karim.get(f"/requester/{where.format(batch=batch.public_id, id=answer.public_id)}")
    assert "pictures.example" not in page.headers["Content-Security-Policy"]
    assert "<image" not in page.content.decode()  # our own origin loads nothing of it
    frame = framed(page.content.decode())
    sheet = frame.content.decode()
    assert '<image href="https://pictures.example/house.png" width="120" height="80"' in sheet
    assert 'd="M40 30L60 30L60 50L40 50Z"' in sheet
    assert "&lt;b&gt;House&lt;/b&gt;" in sheet
    assert "<b>House" not in sheet
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; script-src http")
    assert "img-src https: data:;" in policy
    assert "unsafe" not in policy


def test_a_drawing_that_cannot_be_read_is_text(as_karim: Client, karim: Requester) -> None:
    answer = drawn_answer(karim, {**BOXES, "boundingBoxes": [{"left": "far"}]})
    page = as_karim.get(f"/requester/assignments/{answer.public_id}").content.decode()
    assert '<iframe class="drawn' not in page
    assert "left: &quot;far&quot;" in page


def test_each_version_of_a_drawing_has_its_own_frame(karim: Requester) -> None:
    answer = drawn_answer(karim, BOXES)
    first = urlsplit(drawn_url(answer.public_id, viewer="1", version=1))
    missing = urlsplit(drawn_url(answer.public_id, viewer="1", version=7))
    other_name = drawn_url(answer.public_id, viewer="2").split("//")[1].split("/")[0]
    assert Client(headers={"host": first.netloc}).get(first.path).status_code == HTTPStatus.OK
    assert Client(headers={"host": missing.netloc}).get(missing.path).status_code == HTTPStatus.NOT_FOUND
    assert Client(headers={"host": other_name}).get(first.path).status_code == HTTPStatus.FORBIDDEN
