"""Questions over the wire with boto3: what is kept, and each bad document refused with its words."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from tests import cast, make
from tests.api.conftest import MTurkClient, Wire
from tests.api.hits import TYPE, create, get, refused
from tests.questions.documents import (
    PAGE,
    answer_key,
    counts,
    external,
    form,
    free_text,
    html,
    overview,
    question,
    selection,
)
from tests.web.joining import signed_in
from tukro.campaigns.actions.projects import change_project
from tukro.campaigns.models import Project
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.questions.answers import Selected, Written, read_answers
from tukro.work.actions.doing.assigning import accept_task, submit_assignment
from tukro.work.models import Question, Task, TaskType

XML_WORDS = (
    "There was an error parsing the XML question or answer data in your request. Please make sure the data "
    "is well-formed and validates against the appropriate schema. Details: "
)
HTML_WORDS = (
    "There was an error parsing the HTML5 data in your request.  Please make sure the data is well-formed "
    "and validates as HTML5. Details: Errors: "
)
XHTML_WORDS = (
    "There was an error parsing the XHTML data in your request. Please make sure the data is well-formed and "
    "validates against the appropriate schema. Details: "
)
MISSING_WORDS = (
    "Your request is missing required parameters. Required parameters include HITLayoutParameter. You have "
    "not provided all required HITLayout parameters. Missing parameter names: "
)
BOMB = (
    "<!DOCTYPE a ["
    + "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "ha" * 10}">' for at in range(12))
    + "]>"
)


@pytest.fixture
def karim(transactional_db: None) -> Requester:
    return cast.karim()


@pytest.fixture
def client(wire: Wire, karim: Requester) -> MTurkClient:
    return wire.client_of(karim)


GOOD = {
    "page": html(),
    "page with white space and declaration": f'\n<?xml version="1.0" encoding="UTF-8"?>\n{html()}\n ',
    "page in Bengali": html(PAGE.replace("<title>T", "<title>কাজ")),
    "external page": external(),
    "external page here": external("http://127.0.0.1:5000/study"),
    "form": form(overview("<Title>Hello</Title>"), question(required=True)),
    "form of 2005": form(question(answer=selection("a", "b")), date="2005-10-01"),
    "formatted": form(question(content="<FormattedContent><![CDATA[<b>Why</b>?]]></FormattedContent>")),
    "constraints": form(question(answer=free_text('<AnswerFormatRegex regex="^[A-Z]{2}$" flags="i"/>'))),
}


def test_a_question_comes_back_as_it_was_given_byte_by_byte(client: MTurkClient) -> None:
    made = {name: create(client, Question=source) for name, source in GOOD.items()}
    assert {name: hit["Question"] for name, hit in made.items()} == GOOD
    assert {name: get(client, hit["HITId"])["Question"] for name, hit in made.items()} == GOOD


BAD = {
    "nothing": ("", "XMLParseError", XML_WORDS),
    "no markup": ("What is this?", "XMLParseError", XML_WORDS),
    "cut off": (html()[:-3], "XMLParseError", XML_WORDS),
    "bare ampersand": (external().replace("&amp;", "&"), "XMLParseError", XML_WORDS),
    "without namespace": (
        "<HTMLQuestion><HTMLContent/><FrameHeight>0</FrameHeight></HTMLQuestion>", "XMLParseError", XML_WORDS,
    ),
    "unknown date": (html().replace("2011-11-11", "2017-01-17"), "XMLParseError", XML_WORDS),
    "no frame height": (html().replace("<FrameHeight>450</FrameHeight>", ""), "XMLParseError", XML_WORDS),
    "wrong order": (
        form(question("a").replace("</Question>", "<QuestionContent><Text/></QuestionContent></Question>")),
        "XMLParseError",
        XML_WORDS,
    ),
    "entities": (BOMB + html(), "XMLParseError", XML_WORDS + "A document type declaration is not allowed."),
    "file": (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + html("<form>&x;</form>"),
        "XMLParseError",
        XML_WORDS + "A document type declaration is not allowed.",
    ),
    "deep": ("<a>" * 9000, "XMLParseError", XML_WORDS),
    "too long": (html(PAGE + "x" * 65_535), "XMLParseError", XML_WORDS + "The document is "),
    "an answer": (
        '<QuestionFormAnswers xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/'
        'QuestionFormAnswers.xsd"><Answer><QuestionIdentifier>q</QuestionIdentifier></Answer></QuestionFormAnswers>',
        "XMLParseError",
        XML_WORDS + "A question cannot be QuestionFormAnswers.",
    ),
    "two bodies": (
        html("<!DOCTYPE html>\n<body>\n<form></form>\n<body>"),
        "HTML5ParseError",
        HTML_WORDS + "<! [4,1] A “body” start tag seen but an element of the same type was already open. !> "
        "Invalid content: <!DOCTYPE html>",
    ),
    "attributes together": (
        html("<form a='b'c='d'></form>"),
        "HTML5ParseError",
        HTML_WORDS + "<! [1,1] No space between attributes. !> Invalid content: <form a='b'c='d'></form>",
    ),
    "no form": (html("<p>Look!</p>"), "HTML5ParseError", HTML_WORDS + "<! [1,1] There is no form. !>"),
    "crowd elements": (
        html("<crowd-form><crowd-rating name='a'></crowd-rating></crowd-form>"),
        "HTML5ParseError",
        HTML_WORDS + "<! [1,13] The element “crowd-rating” is not supported. !>",
    ),
    "script in a form": (
        form(question(content="<FormattedContent>&lt;script&gt;x&lt;/script&gt;</FormattedContent>")),
        "XHTMLParseError",
        XHTML_WORDS + "The element 'script' is not allowed",
    ),
    "http": (
        external("http://example.org/study"),
        "InvalidParameterValue",
        'The value "http://example.org/study" is not valid for the parameter ExternalURL. '
        "It must begin with https://.",
    ),
    "javascript": (
        external("javascript:alert(1)"),
        "InvalidParameterValue",
        'The value "javascript:alert(1)" is not valid',
    ),
    "no question": (
        form(overview("<Text>Hi</Text>")), "InvalidParameterValue", "The QuestionForm holds no Question.",
    ),
    "same question": (
        form(question("a"), question("a")),
        "InvalidParameterValue",
        "The QuestionIdentifier 'a' stands twice.",
    ),
    "regex bomb": (
        form(question(answer=free_text('<AnswerFormatRegex regex="(a|a)*$"/>'))),
        "InvalidParameterValue",
        "The AnswerFormatRegex '(a|a)*$' of the question 'q' cannot be used: it takes too long.",
    ),
    "large regex": (
        form(question(answer=free_text('<AnswerFormatRegex regex="(?:a{1000}){1000}"/>'))),
        "InvalidParameterValue",
        "The AnswerFormatRegex '(?:a{1000}){1000}' of the question 'q' cannot be used:",
    ),
}  # fmt: skip


@dataclass
class Said:
    """What the wire said, as it stands in the answer: boto3 hides the code of this kind of error."""

    kind: str
    code: str
    words: str
    seconds: float


def said(client: MTurkClient, act: Any, **given: Any) -> Said:
    bodies: list[bytes] = []
    event = "after-call.mturk"
    client.meta.events.register(
        event, lambda http_response, **_: bodies.append(http_response.content), "said"
    )
    started = time.monotonic()
    refused(act, **given)
    seconds = time.monotonic() - started
    client.meta.events.unregister(event, unique_id="said")
    body = json.loads(bodies[0])
    code = body["TurkErrorCode"].removeprefix("AWS.MechanicalTurk.")
    return Said(body["__type"], code, body["Message"], seconds)


def test_a_bad_question_is_refused_with_its_words_and_nothing_is_made(
    client: MTurkClient, karim: Requester
) -> None:
    before = requester_balance(karim)
    of_type = {"HITTypeId": client.create_hit_type(**TYPE)["HITTypeId"]}
    for name, (source, code, words) in BAD.items():
        for act, more in (
            (client.create_hit, TYPE | {"Title": "Other"}),
            (client.create_hit_with_hit_type, of_type),
        ):
            answer = said(client, act, LifetimeInSeconds=3600, Question=source, **more)
            assert (name, answer.kind, answer.code) == (name, "ParameterValidationError", code)
            assert (name, answer.words[: len(words)]) == (name, words)
            assert answer.seconds < 5, name  # a second of computing at most, on a machine that may be busy
    assert not Task.objects.exists()
    assert not Question.objects.exists()
    assert TaskType.objects.count() == 1
    assert requester_balance(karim) == before


def test_a_question_and_a_layout_exclude_each_other_and_one_is_needed(client: MTurkClient) -> None:
    hit = {**TYPE, "LifetimeInSeconds": 3600}
    for given in ({}, {"Question": html(), "HITLayoutId": "3" + "A" * 29}):
        assert refused(client.create_hit, **hit, **given)["kind"] == "ParameterValidationError"


def test_a_bad_test_or_answer_key_is_refused_in_the_same_words(client: MTurkClient) -> None:
    test = form(question("q", selection("a", "b")))
    key = answer_key(
        "<Question><QuestionIdentifier>q</QuestionIdentifier><AnswerOption><SelectionIdentifier>a"
        "</SelectionIdentifier><AnswerScore>1</AnswerScore></AnswerOption></Question>"
    )
    of_text = form(question("q", free_text()))
    bad = [
        (html(), "", "InvalidParameterValue", "A test must be a QuestionForm."),
        (test[:-1], "", "XMLParseError", XML_WORDS),
        (test, key[:-1], "XMLParseError", XML_WORDS),
        (test, test, "XMLParseError", XML_WORDS),
        (of_text, key, "InvalidParameterValue", "The question 'q' cannot be scored by an AnswerKey"),
    ]
    usual = {"Name": "Cats", "Description": "Knows cats", "QualificationTypeStatus": "Active"}
    for form_given, key_given, code, words in bad:
        given = {**usual, "Test": form_given, "TestDurationInSeconds": 60}
        answer = said(
            client,
            client.create_qualification_type,
            **given,
            **({"AnswerKey": key_given} if key_given else {}),
        )
        assert (answer.kind, answer.code) == ("ParameterValidationError", code)
        assert answer.words.startswith(words)
    given = {**usual, "Test": test, "TestDurationInSeconds": 60, "AnswerKey": key}
    made = client.create_qualification_type(**given)["QualificationType"]
    assert (made["Test"], made["AnswerKey"]) == (test, key)


# --- layouts -----------------------------------------------------------------------------------------------


@pytest.fixture
def layout(karim: Requester) -> Project:
    return make.project(
        of=karim, template='<p>${image} &amp; ${words}</p><input name="digit">', frame_height=300
    )


def from_layout(client: MTurkClient, layout: Project, **values: str) -> dict[str, Any]:
    parameters = [{"Name": name, "Value": value} for name, value in values.items()]
    return create(client, Question=None, HITLayoutId=layout.public_id, HITLayoutParameters=parameters)


def test_a_layout_s_parameters_go_in_raw_and_the_hit_shows_the_merged_question(
    client: MTurkClient, layout: Project
) -> None:
    hit = from_layout(client, layout, words="<b>এক & দুই</b>", image="${words}")
    merged = html('<p>${words} &amp; <b>এক & দুই</b></p><input name="digit">', height="300")
    assert (hit["HITLayoutId"], hit["Question"]) == (layout.public_id, merged)
    asked = Task.objects.select_related("question").get(public_id=hit["HITId"]).question
    assert (asked.kind, asked.frame_height) == ("html", 300)
    assert asked.body == '<p>${words} &amp; <b>এক & দুই</b></p><input name="digit">'


def test_later_edits_of_the_project_do_not_reach_the_hit(
    client: MTurkClient, layout: Project, karim: Requester
) -> None:
    hit = from_layout(client, layout, words="a", image="b")
    plan = make.plan(template='<p>${other}</p><input name="x">')
    change_project(requester=karim, project_id=layout.public_id, plan=plan, now=datetime.now(UTC))
    assert get(client, hit["HITId"])["Question"] == hit["Question"]


UNFILLED: list[tuple[list[tuple[str, str]] | None, str, str]] = [
    ([("image", "x")], "AWS.MissingParameters", MISSING_WORDS + "words"),
    (None, "AWS.MissingParameters", MISSING_WORDS + "image, words"),
    (
        [("image", "x"), ("words", "y"), ("Words", "z")],
        "InvalidParameterValue",
        "Parameter names that the layout does not have or that were given twice: Words",
    ),
    (
        [("image", "x"), ("words", "<!--")],
        "HTML5ParseError",
        HTML_WORDS + "<! [1,12] Unexpected end of file in comment. !>",
    ),
    ([("image", "x"), ("words", "y" * 65_535)], "XMLParseError", XML_WORDS),
]


def test_a_layout_that_cannot_be_filled_is_refused(client: MTurkClient, layout: Project) -> None:
    for given, code, words in UNFILLED:
        hit = {**TYPE, "LifetimeInSeconds": 3600, "HITLayoutId": layout.public_id}
        if given is not None:
            hit["HITLayoutParameters"] = [{"Name": name, "Value": value} for name, value in given]
        answer = said(client, client.create_hit, **hit)
        assert (answer.kind, answer.code) == ("ParameterValidationError", code)
        assert answer.words.startswith(words)
    assert not Task.objects.exists()


def test_a_stranger_s_layout_does_not_exist(client: MTurkClient) -> None:
    others = make.project(of=make.requester(email="other@example.org"))
    for layout_id in (others.public_id, "3" + "A" * 29):
        hit = {**TYPE, "LifetimeInSeconds": 3600, "HITLayoutId": layout_id}
        error = refused(client.create_hit, **hit)
        assert (error["kind"], error["code"]) == ("RequestError", "HITLayoutDoesNotExist")
        assert error["message"].startswith(f"HITLayout {layout_id} does not exist.")


def test_the_program_on_the_project_s_page_runs_as_it_stands(
    wire: Wire,
    karim: Requester,
    layout: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = signed_in(karim.user).get(f"/requester/projects/{layout.public_id}")
    program = answer.context["python"]
    key = wire.key_of(karim)
    for name, value in {
        "AWS_ENDPOINT_URL_MTURK": wire.endpoint,
        "AWS_ACCESS_KEY_ID": key.key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # another test's may have kept that test's key
    names: dict[str, Any] = {}
    exec(compile(program, "the page", "exec"), names)
    names["mturk"].close()
    made = Task.objects.select_related("question", "task_type").get()
    assert capsys.readouterr().out.strip() == made.public_id
    assert made.question.body == '<p>… &amp; …</p><input name="digit">'
    assert made.task_type.reward == layout.reward
    assert f'<code translate="no">{layout.public_id}</code>' in answer.content.decode()


# --- answers of forms ------------------------------------------------------------------------------------


def test_answers_to_a_form_come_back_with_their_types(client: MTurkClient, karim: Requester) -> None:
    other = "<OtherSelection/>"
    hit = create(
        client,
        Question=form(
            question("colour", selection("red", "blue", counts=counts(0, 3), other=other)),
            question("age", free_text('<IsNumeric minValue="0"/>'), required=True),
            question("why"),
        ),
    )
    worker = make.worker()
    accepted = accept_task(worker=worker, task_id=hit["HITId"], now=datetime.now(UTC))
    fields = [("answer-1", "2"), ("answer-1", "other"), ("answer-1-other", "<mauve>"), ("answer-2", "৪২")]
    submit_assignment(
        worker=worker, assignment_id=accepted.assignment_id, fields=fields, now=datetime.now(UTC)
    )
    (assignment,) = client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"]
    assert [(one.question, one.value) for one in read_answers(assignment["Answer"])] == [
        ("colour", Selected(("blue",), "<mauve>")),
        ("age", Written("42")),
        ("why", Written("")),
    ]
