"""A page of crowd elements on the live site: done in Bengali, lost, taken up again, handed in."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import cast, make
from tests.web.browser import Visits
from tukro.work.models import AssignmentState, Draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <crowd-classifier name="mood" categories="['Good', 'Bad']">
    <classification-target>${image}</classification-target>
  </crowd-classifier>
  <crowd-checkbox name="sure" value="yes">Sure</crowd-checkbox>
  <crowd-input name="why" label="Why"></crowd-input>
  <label><input type="radio" name="plain" value="a"> Plain</label>
</crowd-form>"""


def test_a_worker_does_a_page_of_elements_in_bengali_and_loses_nothing(visit: Visits) -> None:
    rahima = cast.rahima()
    batch = make.batch(question_body=PAGE, now=timezone.now())
    assignment = make.accepted(by=rahima, of=batch, now=timezone.now())
    task = assignment.task
    page = visit(user=rahima.user, language="bn")
    page.goto(
        f"/projects/{task.task_type.group_id}/tasks/{task.public_id}?assignment_id={assignment.public_id}"
    )
    frame = page.frame_locator("iframe")

    frame.get_by_role("button", name="জমা দিন").click()
    frame.get_by_text("একটি বেছে নিন").last.wait_for()
    frame.get_by_label("Bad").check()
    frame.get_by_role("checkbox", name="Sure").check()
    frame.get_by_label("Plain").check()
    frame.get_by_label("Why").fill("ঠান্ডা")
    page.get_by_role("status").get_by_text("সেভ হয়েছে").wait_for()
    given = {"mood": {"label": "Bad"}, "sure": {"yes": True}, "why": "ঠান্ডা", "plain": {"a": True}}
    assert json.loads(Draft.objects.get(assignment=assignment).body["fields"][0][1]) == [given]

    page.reload()
    expect(frame.get_by_label("Why")).to_have_value("ঠান্ডা")
    frame.get_by_label("Why").fill("ঠান্ডা চা")
    frame.get_by_role("button", name="জমা দিন").click()
    page.wait_for_url("**/done*")
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.SUBMITTED
    assert [name for name, _value in assignment.handed_in["fields"]] == ["taskAnswers"]
    assert json.loads(assignment.handed_in["fields"][0][1]) == [given | {"why": "ঠান্ডা চা"}]
