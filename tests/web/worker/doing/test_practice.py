"""The first day: practice that answers at once, and a list that leads to the first paid task."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tests.web.joining import signed_in
from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.qualifications.actions.practising import answer_lesson
from tukro.qualifications.models import LessonPassed
from tukro.qualifications.rules.practice import LESSONS, practice_code
from tukro.runtime.place import ROOT
from tukro.web.worker.doing.practice import LESSON_WORDS
from tukro.work.actions.reviewing import approve_assignments

pytestmark = pytest.mark.django_db

RIGHT = {"counting": "৭", "typing": "01712 345-678", "feeling": "negative", "comparing": "different"}


def test_every_lesson_has_its_words() -> None:
    assert tuple(LESSON_WORDS) == LESSONS


def test_a_wrong_answer_is_helped_and_a_right_one_leads_on() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima.user)
    wrong = client.post("/practice/counting", {"answer": "10"})
    assert (wrong.status_code, "Leaves have no eye" in wrong.content.decode()) == (422, True)
    right = client.post("/practice/counting", {"answer": "৭"})
    assert (right.status_code, 'href="/practice/typing"' in right.content.decode()) == (200, True)
    client.post("/practice/counting", {"answer": "7"})
    assert LessonPassed.objects.count() == 1
    assert client.get("/practice/next")["Location"] == "/practice/typing"
    assert client.get("/practice/nothing").status_code == 404
    with pytest.raises(NotFound):
        answer_lesson(worker=rahima, lesson="nothing", answer="", now=NOW)


def test_the_code_of_the_practice_page_is_each_workers_own() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    client = signed_in(rahima.user)
    code = practice_code(rahima.public_id)
    assert code in client.get("/practice/page").content.decode()
    assert client.post("/practice/proof", {"answer": practice_code(tanvir.public_id)}).status_code == 422
    assert client.post("/practice/proof", {"answer": code.lower()}).status_code == 200


def test_the_picture_shows_as_many_fish_as_the_answer_says() -> None:
    picture = (ROOT / "src/tukro/web/static/img/practice-fish.svg").read_text()
    assert picture.count("<ellipse") == 7


def test_the_first_days_list_ends_with_the_first_pay() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima.user)
    for lesson, answer in {**RIGHT, "proof": practice_code(rahima.public_id)}.items():
        answer_lesson(worker=rahima, lesson=lesson, answer=answer, now=NOW)
    page = client.get("/dashboard").content.decode()
    assert page.count('class="is-done"') == 2  # the e-mail address and the practice
    done = make.submitted(by=rahima)
    assert client.get("/dashboard").content.decode().count('class="is-done"') == 3
    requester = Requester.objects.get(pk=done.requester_id)
    approve_assignments(requester=requester, assignment_ids=[done.public_id], now=NOW)
    assert "first-day" not in client.get("/dashboard").content.decode()
