"""After handing in: the history as list and file, one piece of work with its repairs, bonuses and appeal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast as cast_to

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import override_settings
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import signed_in
from tukro.kernel.money import Money
from tukro.people.models import Requester, Worker
from tukro.work.actions.doing.assigning import expire_late, return_assignment, submit_assignment
from tukro.work.actions.reviewing import (
    approve_assignment,
    ask_revision,
    auto_approve_due,
    reject_assignments,
    send_bonus,
)
from tukro.work.models import Appeal, Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path) -> Iterator[None]:
    with override_settings(FILES_ROOT=tmp_path):
        yield


def handed_in(by: Worker, of: Requester, title: str = "Which digit?") -> Assignment:
    batch = make.batch(of=of, of_terms=make.terms(title=title), now=timezone.now())
    return make.submitted(by=by, of=batch, now=timezone.now())


def rejected(by: Worker, of: Requester, title: str = "Which digit?") -> Assignment:
    one = handed_in(by, of, title)
    reject_assignments(
        requester=of,
        assignment_ids=[one.public_id],
        reason_code="wrong",
        feedback="=It is a 4",
        now=timezone.now(),
    )
    return one


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return SimpleUploadedFile("why.png", out.getvalue(), "image/png")


def downloaded(by: Worker) -> str:
    answer = cast_to(StreamingHttpResponse, signed_in(by).get("/history.csv"))
    return answer.getvalue().decode("utf-8-sig")


def test_history_finds_by_requester_words_bonus_and_appeal() -> None:
    rahima, karim, other = cast.rahima(), cast.karim(), make.requester(name="রঙধনু")
    one, two = rejected(rahima, karim, "পাখির নাম"), handed_in(rahima, other, "Sum up")
    bonus = Money.parse("0.25")
    send_bonus(
        requester=other,
        assignment_id=two.public_id,
        amount=bonus,
        reason="So kind",
        token="t",
        now=timezone.now(),
    )
    client = signed_in(rahima)
    client.post(f"/history/{one.public_id}/appeal", {"text": "It is a 7"})

    def found(query: str) -> list[str]:
        results = client.get(f"/history?format=json&{query}").json()["results"]
        return [row["assignment_id"] for row in results]

    assert found(f"requester={karim.public_id}") == [one.public_id]
    assert found("search=পাখির") == [one.public_id]
    assert found("search=sum") == [two.public_id] == found("search=রঙধনু")
    assert found("state=bonus") == [two.public_id]
    assert found("state=appealed") == [one.public_id]
    page = client.get("/history").content.decode()
    assert "So kind" in page
    assert "Appeal open" in page


def test_the_whole_history_is_a_file_that_does_no_harm() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    one, two = rejected(rahima, karim), handed_in(rahima, karim)
    text = downloaded(rahima)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["AssignmentId"] for row in rows] == [two.public_id, one.public_id]
    assert [row["State"] for row in rows] == ["submitted", "rejected"]
    assert rows[1]["RequesterFeedback"] == "'=It is a 4"
    assert rows[1]["RewardUSD"] == "0.05"
    assert downloaded(cast.tanvir()).count("\n") == 1


def test_everybody_reads_who_decides_an_appeal() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    one = rejected(rahima, karim)
    worker = signed_in(rahima)
    worker.post(f"/history/{one.public_id}/appeal", {"text": "Look at the bar"})
    assert "The requester decides" in worker.get(f"/history/{one.public_id}").content.decode()
    assert "You decide" in signed_in(karim.user).get("/requester/appeals").content.decode()
    assert "The requester decides" in signed_in(cast.shirin()).get("/staff/appeals").content.decode()


def test_a_rejection_is_appealed_with_words_and_files_and_both_sides_see_it() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    one = rejected(rahima, karim)
    worker, requester, staff = signed_in(rahima), signed_in(karim.user), signed_in(cast.shirin())
    address = f"/history/{one.public_id}"
    assert "Is the rejection wrong?" in worker.get(address).content.decode()
    empty = worker.post(f"{address}/appeal", {"text": " ", "files": picture()})
    assert (empty.status_code, "Say in your own words" in empty.content.decode()) == (422, True)
    sent = worker.post(f"{address}/appeal", {"text": "Look at the bar", "files": [picture(), picture()]})
    assert sent.status_code == 302
    files = list(Appeal.objects.get(assignment=one).files.all())
    assert len(files) == 2
    for client, page in (
        (worker, address),
        (requester, f"/requester/assignments/{one.public_id}"),
        (requester, "/requester/appeals"),
        (staff, "/staff/appeals"),
    ):
        shown = client.get(page).content.decode()
        assert "Look at the bar" in shown, page
        assert f"/files/{files[0].public_id}" in shown, page
        file = cast_to(StreamingHttpResponse, client.get(f"/files/{files[0].public_id}"))
        assert file.getvalue()[:4] == b"\x89PNG"
    assert signed_in(cast.tanvir()).get(f"/files/{files[0].public_id}").status_code == 404
    elsewhere = signed_in(make.requester().user).get("/requester/appeals").content.decode()
    assert "Look at the bar" not in elsewhere
    assert "appeal against your rejections" in requester.get("/requester/").content.decode()

    approve_assignment(requester=karim, assignment_id=one.public_id, now=timezone.now(), override=True)
    assert "Appeal won" in worker.get(address).content.decode()
    assert "Look at the bar" not in staff.get("/staff/appeals").content.decode()
    assert "you overturned" in requester.get(f"/requester/assignments/{one.public_id}").content.decode()


def test_the_reason_of_a_rejection_stays_readable_when_the_work_is_approved_after_all() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    one = rejected(rahima, karim)
    worker, requester = signed_in(rahima), signed_in(karim.user)
    pages = [
        (worker, "/history"),
        (worker, f"/history/{one.public_id}"),
        (requester, f"/requester/assignments/{one.public_id}"),
    ]
    then = "Rejected, then approved after all"
    for client, page in pages:
        assert then not in client.get(page).content.decode(), page
    now = timezone.now()
    approve_assignment(requester=karim, assignment_id=one.public_id, feedback="Sorry", now=now, override=True)
    for client, page in pages:
        shown = client.get(page).content.decode()
        for words in (then, "The answer is wrong", "=It is a 4", "Sorry"):
            assert words in shown, (page, words)


def test_silence_is_told_as_what_approved_the_work_to_both_sides() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    work = handed_in(rahima, karim)
    page = signed_in(rahima.user).get(f"/history/{work.public_id}").content.decode()
    assert "unless the requester decides before" in page
    auto_approve_due(now=timezone.now() + timedelta(days=60))
    words = "by itself: the time to review was over"
    for address in ("/history", f"/history/{work.public_id}"):
        assert words in signed_in(rahima.user).get(address).content.decode()
    answer = signed_in(karim.user).get(f"/requester/assignments/{work.public_id}").content.decode()
    assert "approved and paid by itself: the time to review was over" in answer
    other = handed_in(rahima, karim)
    approve_assignment(requester=karim, assignment_id=other.public_id, now=timezone.now())
    assert words not in signed_in(rahima.user).get(f"/history/{other.public_id}").content.decode()


def test_what_ended_without_a_decision_says_how_it_ended_and_not_that_somebody_decided() -> None:
    rahima, now = cast.rahima(), timezone.now()
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2, now=now)
    given_back = make.accepted(by=rahima, of=batch, now=now).public_id
    return_assignment(worker=rahima, assignment_id=given_back, reason_code="other", now=now)
    too_late = make.accepted(by=rahima, of=batch, now=now).public_id
    expire_late(now=now + timedelta(days=60))
    client = signed_in(rahima)
    for assignment_id, ended in ((given_back, "Returned"), (too_late, "Time ran out")):
        page = client.get(f"/history/{assignment_id}").content.decode()
        assert f"<dt>{ended}</dt>" in page
        assert "<dt>Decided</dt>" not in page
    decided = rejected(rahima, karim, "Another")
    assert "<dt>Decided</dt>" in client.get(f"/history/{decided.public_id}").content.decode()


def test_an_appeal_is_taken_back() -> None:
    rahima = cast.rahima()
    one = rejected(rahima, cast.karim())
    client = signed_in(rahima)
    client.post(f"/history/{one.public_id}/appeal", {"text": "Hm"})
    client.post(f"/history/{one.public_id}/appeal/withdraw")
    page = client.get(f"/history/{one.public_id}").content.decode()
    assert "Appeal taken back" in page
    assert "Is the rejection wrong?" not in page


def test_a_repair_shows_what_was_asked_and_what_changed_to_both_sides(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima, karim = cast.rahima(), cast.karim()
    one = handed_in(rahima, karim)
    now = timezone.now() + timedelta(seconds=1)
    ask_revision(
        requester=karim,
        assignment_id=one.public_id,
        reason_code="unclear",
        feedback="Is that a 1?",
        now=now,
    )
    worker, requester = signed_in(rahima), signed_in(karim.user)
    waiting = worker.get(f"/history/{one.public_id}").content.decode()
    assert "Is that a 1?" in waiting
    assert "Repair it" in waiting
    submit_assignment(
        worker=rahima,
        assignment_id=one.public_id,
        fields=[("digit", "1"), ("note", "yes")],
        now=now + timedelta(minutes=1),
    )
    with django_assert_max_num_queries(10):
        mine = worker.get(f"/history/{one.public_id}").content.decode()
    theirs = requester.get(f"/requester/assignments/{one.public_id}").content.decode()
    for page in (mine, theirs):
        assert "Version 1" in page
        assert "Version 2" in page
        assert "Is that a 1?" in page
        assert page.count(">changed<") == 2


def test_a_strangers_work_is_not_found() -> None:
    one = handed_in(cast.rahima(), cast.karim())
    client = signed_in(cast.tanvir())
    assert client.get(f"/history/{one.public_id}").status_code == 404
    assert client.post(f"/history/{one.public_id}/appeal", {"text": "Mine"}).status_code == 404
    assert client.post(f"/history/{one.public_id}/appeal/withdraw").status_code == 404
