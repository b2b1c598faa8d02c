"""HITs of each kind, made by boto3, done on the worker's pages, and read back by boto3."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from tests import cast
from tests.api.conftest import MTurkClient, Wire
from tests.api.hits import EXTERNAL, HTML, create
from tests.web.forms.sample import COLOUR, COUNT, PHOTO, form_xml
from tests.web.market import signed_in
from tests.web.reading import frame_source
from tukro.work.models import Assignment

ANSWERS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<QuestionFormAnswers xmlns="'
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd"
    '">\n{answers}\n</QuestionFormAnswers>'
)


@pytest.fixture
def client(wire: Wire) -> MTurkClient:
    return wire.client_of(cast.karim())


@pytest.fixture
def rahima(client: MTurkClient) -> Client:
    return signed_in(cast.rahima())


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> Iterator[None]:
    with override_settings(FILES_ROOT=tmp_path):
        yield


def accepted(worker: Client, hit: dict[str, Any]) -> str:
    """The address of the work page, found by the link that a script prints for the HIT."""
    link = worker.get(f"/mturk/preview?groupId={hit['HITTypeId']}")
    page = worker.get(link["Location"])
    assert hit["Title"] in page.content.decode()
    return worker.post(f"{link['Location']}/accept_random")["Location"]


def handed_in(client: MTurkClient, hit: dict[str, Any]) -> dict[str, Any]:
    [assignment] = client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"]
    assert assignment["AssignmentStatus"] == "Submitted"
    found: dict[str, Any] = assignment
    return found


def test_an_external_question_is_handed_in_to_where_its_page_was_told(
    client: MTurkClient, rahima: Client
) -> None:
    hit = create(client, Question=EXTERNAL)
    src = frame_source(rahima.get(accepted(rahima, hit)))
    assert src.startswith("https://example.org/study?a=1&b=2&assignmentId=")
    given = Assignment.objects.get()
    posted = {"assignmentId": given.public_id, "rt": "350", "word": "বই"}
    Client().post("/mturk/externalSubmit", posted)
    assignment = handed_in(client, hit)
    assert (assignment["AssignmentId"], assignment["WorkerId"]) == (given.public_id, given.worker.public_id)
    assert assignment["Answer"] == ANSWERS.format(
        answers="<Answer>\n<QuestionIdentifier>rt</QuestionIdentifier>\n<FreeText>350</FreeText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>word</QuestionIdentifier>\n<FreeText>বই</FreeText>\n</Answer>"
    )


def test_an_html_question_is_handed_in_through_its_frame(client: MTurkClient, rahima: Client) -> None:
    hit = create(client, Question=HTML)
    src = urlsplit(frame_source(rahima.get(accepted(rahima, hit))))
    frame = Client(headers={"host": src.netloc})
    page = frame.get(f"{src.path}?{src.query}").content.decode()
    assert '<input name="digit">' in page
    frame.post("/mturk/externalSubmit", {"assignmentId": Assignment.objects.get().public_id, "digit": "7"})
    assert "<FreeText>7</FreeText>" in handed_in(client, hit)["Answer"]


def test_a_question_form_is_filled_in_and_comes_back_typed(client: MTurkClient, rahima: Client) -> None:
    source = form_xml(COLOUR, COUNT, PHOTO)
    hit = create(client, Question=source)
    assert hit["Question"] == source
    address = accepted(rahima, hit)
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(picture, "PNG")
    posted = {
        "answer-1": "other",
        "answer-1-other": "<violet>",
        "answer-2": "৭",
        "answer-3": SimpleUploadedFile("p.png", picture.getvalue(), "image/png"),
    }
    rahima.post(address.replace("?", "/submit?"), posted)
    assignment = handed_in(client, hit)
    file = Assignment.objects.get().files.get()
    assert assignment["Answer"] == ANSWERS.format(
        answers="<Answer>\n<QuestionIdentifier>colour &amp; shade</QuestionIdentifier>\n"
        "<OtherSelectionText>&lt;violet&gt;</OtherSelectionText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>count</QuestionIdentifier>\n<FreeText>7</FreeText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>photo</QuestionIdentifier>\n"
        f"<UploadedFileSizeInBytes>{file.size}</UploadedFileSizeInBytes>\n"
        f"<UploadedFileKey>{file.public_id}</UploadedFileKey>\n</Answer>"
    )
    address_of_file = client.get_file_upload_url(
        AssignmentId=assignment["AssignmentId"], QuestionIdentifier="photo"
    )["FileUploadURL"]
    assert urlsplit(address_of_file).scheme in ("http", "https")
