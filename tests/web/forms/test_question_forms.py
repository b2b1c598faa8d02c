"""QuestionForms on the worker's pages: shown, drafted, checked on the server, handed in with their types."""

from __future__ import annotations

import io
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from tests import cast, make
from tests.web.forms.sample import ANIMALS, COLOUR, COUNT, GOOD, OVERVIEW, PHOTO, form_batch
from tests.web.market import address, signed_in, taken
from tests.web.reading import policy_of
from tukro.people.models import Worker
from tukro.questions.answers import answers_of, typed_answers_xml
from tukro.work.actions.doing.assigning import Accepted
from tukro.work.actions.reviewing import ask_revision
from tukro.work.models import Assignment, Draft, ProofFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES_ROOT=tmp_path):
        yield tmp_path


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


@pytest.fixture
def accepted(rahima: Worker) -> Accepted:
    return taken(rahima, form_batch())


def picture(size: int = 20) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.effect_noise((size, size), 90).save(out, "PNG")
    return SimpleUploadedFile("ছবি.png", out.getvalue(), "image/png")


def state_of(accepted: Accepted) -> str:
    return Assignment.objects.get(public_id=accepted.assignment_id).state


def test_a_least_length_is_not_called_optional(rahima: Worker) -> None:
    """mturk-api 8.1: a least length above 0 implies an answer."""
    free = COUNT.replace("<IsRequired>true</IsRequired>", "")
    least = free.replace("</Constraints>", '<Length minLength="1"/></Constraints>')
    batches = [
        form_batch(one, of_terms=make.terms(title=title)) for title, one in (("free", free), ("least", least))
    ]
    pages = [signed_in(rahima).get(address(taken(rahima, batch))).content.decode() for batch in batches]
    free_of_it, least_of_it = (page.count("(optional)") for page in pages)  # the reason for a return is, too
    assert free_of_it == least_of_it + 1


def test_everything_that_the_form_says_is_on_the_page(rahima: Worker, accepted: Accepted) -> None:
    page = signed_in(rahima).get(address(accepted)).content.decode()
    for shown in (
        '<h3 translate="no">What do you see?</h3>',
        "Look at the picture &amp; answer.",
        '<a href="https://example.org/park" rel="nofollow noopener noreferrer" target="_blank">',
        "<li>Guess when you must.</li>",
        "<b>bold</b>",
        'src="https://pictures.example.net/park.png?size=big&amp;x=1" alt="A park"',
        '<audio class="form-media" src="https://sounds.example.net/birds.mp3"',
        '<input type="radio" name="answer-1" value="2" required>',
        "<b>Green</b>",
        'alt="Blue"',
        '<input type="checkbox" name="answer-2" value="3">',
        "Choose at most 2.",
        '<select id="question-3" name="answer-3"',
        "A number from 0 to 99.",
        ">\nA park with</textarea>",
        "From 5 to 200 characters.",
        '<input class="field-wide" type="file" id="question-6" name="answer-6"',
        "No passwords or one-time codes here",
    ):
        assert shown in page, shown


def test_pictures_and_recordings_come_from_the_hosts_that_the_form_names_alone(
    rahima: Worker, accepted: Accepted
) -> None:
    client = signed_in(rahima)
    policy = policy_of(client.get(address(accepted)))
    assert policy["img-src"] == (
        "'self' data: blob: https://pictures.example.net https://pictures.example.org"
    )
    assert policy["media-src"] == "'self' https://sounds.example.net"
    assert "example.net" not in client.get("/tasks").headers["Content-Security-Policy"]


def test_a_form_without_pictures_keeps_the_policy_of_the_site(rahima: Worker) -> None:
    client = signed_in(rahima)
    page, elsewhere = client.get(address(taken(rahima, form_batch(COUNT)))), client.get("/tasks")
    assert policy_of(page) == policy_of(elsewhere)


def test_a_preview_shows_the_form_and_takes_nothing(rahima: Worker) -> None:
    batch = form_batch()
    answer = signed_in(rahima).get(f"/projects/{batch.task_type.group_id}/tasks")
    page = answer.content.decode()
    assert '<fieldset class="card stack plain" disabled>' in page
    assert "Which colour is the bench?" in page
    assert "https://sounds.example.net" in policy_of(answer)["media-src"]


def test_answers_are_kept_with_their_types(rahima: Worker, accepted: Accepted) -> None:
    answer = signed_in(rahima).post(address(accepted, "submit"), {**GOOD, "answer-6": picture()})
    assert answer.status_code == HTTPStatus.FOUND
    file = ProofFile.objects.get()
    assert (file.field, file.name) == ("photo", "ছবি.png")
    body = Assignment.objects.get().handed_in
    assert body["fields"] == [
        ["colour & shade", "G|x"],
        ["animals", "dog|cow"],
        ["season", ""],
        ["count", "12"],
        ["words", "a green Park"],
        ["photo", file.public_id],
    ]
    assert typed_answers_xml(answers_of(body)).split("\n", 2)[2] == (
        "<Answer>\n<QuestionIdentifier>colour &amp; shade</QuestionIdentifier>\n"
        "<SelectionIdentifier>G|x</SelectionIdentifier>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>animals</QuestionIdentifier>\n"
        "<SelectionIdentifier>dog</SelectionIdentifier>\n<SelectionIdentifier>cow</SelectionIdentifier>\n"
        "</Answer>\n<Answer>\n<QuestionIdentifier>season</QuestionIdentifier>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>count</QuestionIdentifier>\n<FreeText>12</FreeText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>words</QuestionIdentifier>\n<FreeText>a green Park</FreeText>\n"
        "</Answer>\n<Answer>\n<QuestionIdentifier>photo</QuestionIdentifier>\n"
        f"<UploadedFileSizeInBytes>{file.size}</UploadedFileSizeInBytes>\n"
        f"<UploadedFileKey>{file.public_id}</UploadedFileKey>\n</Answer>\n</QuestionFormAnswers>"
    )


def test_every_fault_is_named_at_its_question_and_in_one_list(rahima: Worker, accepted: Accepted) -> None:
    wrong = {
        "answer-2": ["1", "2", "3"],
        "answer-3": "other",
        "answer-4": "120",
        "answer-5": "a wide meadow",
    }
    answer = signed_in(rahima).post(address(accepted, "submit"), wrong)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    for position, label, words in (
        (1, "Colour", "This field is required."),
        (2, "Question 2", "Choose at most 2."),
        (3, "Question 3", "Write your own answer, or choose another one."),
        (4, "Question 4", "The number is too large: at most 99."),
        (5, "Question 5", "Say that it is a park."),
    ):
        assert f'<a href="#question-{position}" translate="no">{label}</a>: {words}' in page
        assert f'<p class="error" id="question-{position}-error">{words}</p>' in page
    # what was typed is still there
    assert 'name="answer-4" value="120"' in page
    assert ">\na wide meadow</textarea>" in page
    assert page.count(' value="2" checked') == 1
    assert state_of(accepted) == "accepted"


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"answer-4": "dozen"}, "Write a number only, without words or signs beside it."),
        ({"answer-4": "-1"}, "The number is too small: at least 0."),
        ({"answer-5": "park"}, "This is too short: at least 5 characters, now 4."),
        ({"answer-5": "park" * 60}, "This is too long: at most 200 characters, now 240."),
        ({"answer-1": "9"}, "Choose one of the options."),
        ({"answer-1": ["1", "2"]}, "Choose at most 1."),
        ({"answer-3": "other", "answer-3-other": "the monsoon season"}, "This is too long"),
        ({"answer-6": "3FAKE"}, None),
    ],
)
def test_the_server_checks_what_a_browser_may_not(
    rahima: Worker, accepted: Accepted, posted: dict[str, str | list[str]], words: str | None
) -> None:
    answer = signed_in(rahima).post(address(accepted, "submit"), {**GOOD, **posted})
    if words is None:  # a text where a file belongs is no answer, and none was asked for
        assert [name for name, _ in Assignment.objects.get().handed_in["fields"]][-1] == "words"
    else:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert words in answer.content.decode()
        assert state_of(accepted) == "accepted"


def test_ones_own_answer_stands_beside_the_given_ones(rahima: Worker, accepted: Accepted) -> None:
    posted = {**GOOD, "answer-1": "other", "answer-1-other": "বেগুনি", "answer-3-other": "monsoon"}
    signed_in(rahima).post(address(accepted, "submit"), posted)
    typed = {one["question"]: one for one in Assignment.objects.get().handed_in["typed"]}
    assert typed["colour & shade"] == {"question": "colour & shade", "selections": [], "other": "বেগুনি"}
    assert typed["season"] == {"question": "season", "selections": [], "other": "monsoon"}


def test_a_draft_is_kept_and_shown_again(rahima: Worker, accepted: Accepted) -> None:
    client = signed_in(rahima)
    draft = {
        "answer-1": "other",
        "answer-1-other": "বেগুনি",
        "answer-2": ["1", "3"],
        "answer-3": "2",
        "answer-5": "",
    }
    assert client.post(address(accepted, "draft"), draft).status_code == HTTPStatus.NO_CONTENT
    page = client.get(address(accepted)).content.decode()
    assert 'name="answer-1" value="other" checked' in page
    assert 'name="answer-1-other" value="বেগুনি"' in page
    assert [f'name="answer-2" value="{no}" checked' in page for no in (1, 2, 3)] == [True, False, True]
    assert '<option value="2" selected translate="no">Winter</option>' in page
    assert "A park with" not in page  # the default was emptied, and stays so


def test_handing_in_the_same_twice_is_one_answer(rahima: Worker, accepted: Accepted) -> None:
    client = signed_in(rahima)
    for _ in range(2):
        assert client.post(address(accepted, "submit"), GOOD).status_code == HTTPStatus.FOUND
    other = client.post(address(accepted, "submit"), {**GOOD, "answer-4": "13"})
    assert other.status_code == HTTPStatus.CONFLICT
    assert ["count", "12"] in Assignment.objects.get().handed_in["fields"]
    assert not Draft.objects.exists()


def test_a_repair_shows_the_answer_so_far(rahima: Worker) -> None:
    batch = form_batch()
    accepted = taken(rahima, batch)
    client = signed_in(rahima)
    client.post(address(accepted, "submit"), {**GOOD, "answer-1": "other", "answer-1-other": "violet"})
    ask_revision(
        requester=batch.requester,
        assignment_id=accepted.assignment_id,
        reason_code="incomplete",
        feedback="Which season?",
        now=timezone.now(),
    )
    page = client.get(address(accepted)).content.decode()
    assert "Which season?" in page
    assert 'name="answer-1" value="other" checked' in page
    assert 'name="answer-1-other" value="violet"' in page
    assert [f'name="answer-2" value="{no}" checked' in page for no in (1, 2, 3)] == [True, False, True]
    assert client.post(address(accepted, "submit"), {**GOOD, "answer-3": "1"}).status_code == HTTPStatus.FOUND
    assert ["season", "s"] in Assignment.objects.get().handed_in["fields"]


# --- files ---


def test_a_file_is_uploaded_without_a_script_and_the_form_is_kept(rahima: Worker, accepted: Accepted) -> None:
    client = signed_in(rahima)
    answer = client.post(address(accepted, "submit"), {**GOOD, "answer-6": picture(), ":upload": "1"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    page = client.get(address(accepted)).content.decode()
    file = ProofFile.objects.get()
    assert f'name=":remove_file" value="{file.public_id}"' in page
    assert 'type="file"' not in page
    assert 'value="১২"' in page
    client.post(address(accepted, "submit"), {":remove_file": file.public_id})
    assert not ProofFile.objects.exists()


def test_a_file_of_the_wrong_size_is_named_at_its_question(rahima: Worker, accepted: Accepted) -> None:
    answer = signed_in(rahima).post(address(accepted, "submit"), {**GOOD, "answer-6": picture(200)})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The file is too large: at most 5\N{NO-BREAK SPACE}kB." in answer.content.decode()
    assert state_of(accepted) == "accepted"


def test_a_file_of_a_kind_that_is_not_taken_is_named_at_its_question(
    rahima: Worker, accepted: Accepted
) -> None:
    page = SimpleUploadedFile("cv.png", b"<html><script>alert(1)</script></html>", "image/png")
    answer = signed_in(rahima).post(address(accepted, "submit"), {**GOOD, "answer-6": page})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Only pictures (JPEG, PNG, WebP, GIF), PDF documents" in answer.content.decode()
    assert 'href="#question-6"' in answer.content.decode()


def test_a_question_that_asks_for_no_file_takes_none(rahima: Worker, accepted: Accepted) -> None:
    answer = signed_in(rahima).post(address(accepted, "submit"), {"answer-1": picture(), ":upload": "1"})
    assert (answer.status_code, ProofFile.objects.count()) == (HTTPStatus.NOT_FOUND, 0)


def test_a_file_with_a_very_long_name_of_its_question_is_kept_too(rahima: Worker) -> None:
    long = PHOTO.replace(">photo<", f">{'photo' * 40}<")
    accepted = taken(rahima, form_batch(long))
    signed_in(rahima).post(address(accepted, "submit"), {"answer-1": picture()})
    assert ProofFile.objects.get().field == "answer-1"
    [typed] = Assignment.objects.get().handed_in["typed"]
    assert (typed["question"], typed["key"]) == ("photo" * 40, ProofFile.objects.get().public_id)


# --- others ---


def test_a_form_with_only_choices_is_handed_in_as_data_by_scripts(rahima: Worker) -> None:
    accepted = taken(rahima, form_batch(OVERVIEW, COLOUR, ANIMALS))
    client = signed_in(rahima)
    refused = client.post(address(accepted, "submit") + "&format=json", {"answer-1": "1"})
    assert (refused.status_code, refused.json()["error"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "bad_answer")
    given = client.post(
        address(accepted, "submit") + "&format=json", {"answer-1": "1", "answer-2": "2"}
    ).json()
    assert given["state"] == "Submitted"


def test_the_requester_reads_the_answers_with_their_files(rahima: Worker) -> None:
    batch = form_batch()
    accepted = taken(rahima, batch)
    signed_in(rahima).post(address(accepted, "submit"), {**GOOD, "answer-6": picture()})
    page = signed_in(batch.requester.user).get(f"/requester/batches/{batch.public_id}/review")
    shown = page.content.decode()
    file = ProofFile.objects.get()
    assert "colour &amp; shade" in shown
    assert "Dog (dog)\nCow (cow)" in shown
    assert ">G|x<" in shown
    assert f"/files/{file.public_id}" in shown
    assert f">{file.public_id}<" not in shown
