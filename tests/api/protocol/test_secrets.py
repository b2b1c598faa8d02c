"""What no task may ask for is refused to programs as it is to pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.api.conftest import Wire
from tests.api.hits import EXTERNAL, FORM, TYPE, create, refused
from tests.make import HTML_QUESTION

pytestmark = pytest.mark.django_db


def page(field: str) -> str:
    body = f"<!DOCTYPE html><html><head><title>?</title></head><body><form>{field}</form></body></html>"
    return HTML_QUESTION.format(body=body, height=0)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"Title": "Send us your bKash PIN"}, "Title"),
        ({"Description": "Enter your password to win."}, "Description"),
        ({"Question": page('<input type="password" name="x">')}, "Question"),
        ({"Question": page("<p>আপনার পাসওয়ার্ড লিখুন</p><input name='x'>")}, "Question"),
        ({"Question": FORM.replace("Which?", "Type your password")}, "Question"),
        (
            {"Question": FORM.replace("<QuestionIdentifier>digit<", "<QuestionIdentifier>card_number<")},
            "Question",
        ),
    ],
)
def test_a_hit_that_asks_for_secrets_is_refused(wire: Wire, given: dict[str, Any], where: str) -> None:
    client = wire.client_of(make.requester())
    no = refused(lambda **members: create(client, **members), **given)
    assert no["kind"] == "ParameterValidationError"
    assert f"not valid for the parameter {where}" in no["message"]
    assert client.list_hits()["HITs"] == []


def test_a_type_that_asks_for_secrets_is_refused(wire: Wire) -> None:
    client = wire.client_of(make.requester())
    no = refused(client.create_hit_type, **{**TYPE, "Description": "Give us your password."})
    assert no["kind"] == "ParameterValidationError"


@pytest.mark.parametrize(
    "question",
    [
        page("<p>Never give your password to anybody.</p><input name='x'>"),
        FORM.replace("Which?", "How many passwords did people forget in 2025?"),
        EXTERNAL,
    ],
)
def test_a_warning_a_survey_and_a_page_elsewhere_pass(wire: Wire, question: str) -> None:
    client = wire.client_of(make.requester())
    assert create(client, Question=question)["HITStatus"] == "Assignable"
