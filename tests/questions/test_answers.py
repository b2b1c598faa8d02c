"""What is stored of a posted form, and the XML that the wire makes of it."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.questions.answers import (
    ANSWERS_NAMESPACE,
    RESERVED_NAMES,
    Answered,
    AnswerTooLarge,
    Selected,
    Uploaded,
    Value,
    Written,
    answers_of,
    answers_xml,
    read_answers,
    stored_fields,
    typed_answers_xml,
    typed_body,
)
from tukro.questions.refusals import BadXml

pairs = st.lists(st.tuples(st.sampled_from(["a", "b", "ভাষা", "hitId", ""]) | st.text(max_size=8), st.text()))


def test_reserved_names_are_dropped_and_order_is_kept() -> None:
    posted = [
        ("assignmentId", "3X"),
        ("b", "2"),
        ("hitId", "3Y"),
        ("a", ""),
        ("workerId", "A1"),
        ("turkSubmitTo", ""),
    ]
    assert stored_fields(posted) == [("b", "2"), ("a", "")]


def test_values_of_one_name_are_joined_at_its_first_place() -> None:
    assert stored_fields([("x", "1"), ("y", "2"), ("x", "3")]) == [("x", "1|3"), ("y", "2")]


def test_what_the_database_cannot_hold_is_replaced() -> None:
    assert stored_fields([("a\x00", "\ud800b")]) == [("a�", "�b")]


def test_too_large_an_answer_is_refused() -> None:
    with pytest.raises(AnswerTooLarge):
        stored_fields([("a", "x" * 1_048_577)])
    with pytest.raises(AnswerTooLarge):
        stored_fields([(str(n), "") for n in range(1001)])


@given(pairs)
def test_each_stored_name_stands_once_and_none_is_reserved(posted: list[tuple[str, str]]) -> None:
    fields = stored_fields(posted)
    names = [name for name, _ in fields]
    assert len(names) == len(set(names))
    assert not RESERVED_NAMES & set(names)
    assert stored_fields(fields) == fields


@given(pairs)
def test_the_xml_is_well_formed_whatever_was_typed(posted: list[tuple[str, str]]) -> None:
    fields = stored_fields(posted)
    root = ElementTree.fromstring(answers_xml(fields).encode())
    tag = f"{{{ANSWERS_NAMESPACE}}}"
    answers = root.findall(f"{tag}Answer")
    assert root.tag == f"{tag}QuestionFormAnswers"
    assert len(answers) == len(fields)


def test_text_comes_back_from_the_xml_as_it_was() -> None:
    fields = [("নাম", "রহিমা & <b>\r\nকরিম</b> 😀"), ("empty", "")]
    root = ElementTree.fromstring(answers_xml(fields).encode())
    tag = f"{{{ANSWERS_NAMESPACE}}}"
    read = [
        (answer.findtext(f"{tag}QuestionIdentifier"), answer.findtext(f"{tag}FreeText"))
        for answer in root.findall(f"{tag}Answer")
    ]
    assert read == fields


def test_characters_that_xml_has_no_place_for_are_replaced() -> None:
    assert "<FreeText>a\N{REPLACEMENT CHARACTER}b</FreeText>" in answers_xml([("x", "a\x01b")])


def test_an_empty_value_is_an_empty_element() -> None:
    assert "<FreeText/>" in answers_xml([("x", "")])


# --- typed answers -------------------------------------------------------------------------------------

TYPED = [
    Answered("colour", Selected(("red", "blue"), "mauve & <pink>")),
    Answered("none", Selected(())),
    Answered("only my own", Selected((), "")),
    Answered("words", Written("two\nlines")),
    Answered("nothing", Written("")),
    Answered("file", Uploaded(12, "3KEY")),
]


def test_typed_answers_are_written_one_element_per_line() -> None:
    assert typed_answers_xml(TYPED).split("\n") == [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        f'<QuestionFormAnswers xmlns="{ANSWERS_NAMESPACE}">',
        "<Answer>",
        "<QuestionIdentifier>colour</QuestionIdentifier>",
        "<SelectionIdentifier>red</SelectionIdentifier>",
        "<SelectionIdentifier>blue</SelectionIdentifier>",
        "<OtherSelectionText>mauve &amp; &lt;pink&gt;</OtherSelectionText>",
        "</Answer>",
        "<Answer>",
        "<QuestionIdentifier>none</QuestionIdentifier>",
        "</Answer>",
        "<Answer>",
        "<QuestionIdentifier>only my own</QuestionIdentifier>",
        "<OtherSelectionText/>",
        "</Answer>",
        "<Answer>",
        "<QuestionIdentifier>words</QuestionIdentifier>",
        "<FreeText>two",
        "lines</FreeText>",
        "</Answer>",
        "<Answer>",
        "<QuestionIdentifier>nothing</QuestionIdentifier>",
        "<FreeText/>",
        "</Answer>",
        "<Answer>",
        "<QuestionIdentifier>file</QuestionIdentifier>",
        "<UploadedFileSizeInBytes>12</UploadedFileSizeInBytes>",
        "<UploadedFileKey>3KEY</UploadedFileKey>",
        "</Answer>",
        "</QuestionFormAnswers>",
    ]


def test_a_stored_answer_shows_its_texts_to_pages_and_keeps_its_types_for_the_wire() -> None:
    body = typed_body(TYPED)
    assert body["fields"] == [
        ["colour", "red|blue|mauve & <pink>"],
        ["none", ""],
        ["only my own", ""],
        ["words", "two\nlines"],
        ["nothing", ""],
        ["file", "3KEY"],
    ]
    assert answers_of(body) == TYPED


def test_fields_without_types_are_texts() -> None:
    body = {"fields": [["a", "1"], ["b", ""]]}
    assert answers_of(body) == [Answered("a", Written("1")), Answered("b", Written(""))]
    assert typed_answers_xml(answers_of(body)) == answers_xml([("a", "1"), ("b", "")])
    assert answers_of({}) == []


def test_too_large_an_answer_to_a_form_is_refused() -> None:
    with pytest.raises(AnswerTooLarge):
        typed_body([Answered("q", Written("x" * 1_048_576))])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<QuestionFormAnswers/>",
        f'<QuestionFormAnswers xmlns="{ANSWERS_NAMESPACE}"/>',
        typed_answers_xml([]),
        typed_answers_xml(TYPED).replace("FreeText", "Text"),
        typed_answers_xml(TYPED).replace(">12<", ">0<"),
        typed_answers_xml(TYPED).replace("<FreeText/>", "<FreeText/><FreeText/>"),
    ],
)
def test_what_is_no_document_of_answers_is_refused(text: str) -> None:
    with pytest.raises(BadXml):
        read_answers(text)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
anything = st.one_of(
    st.builds(Written, texts),
    st.builds(Selected, st.lists(texts, max_size=3).map(tuple), st.none() | texts),
    st.builds(Uploaded, st.integers(1, 2_000_000_000), texts),
)
answers = st.lists(st.builds(Answered, texts, anything), max_size=4)


@given(answers)
def test_typed_answers_come_out_of_the_store_as_they_went_in(given_: list[Answered]) -> None:
    assert answers_of(json.loads(json.dumps(typed_body(given_)))) == given_


@given(st.lists(st.builds(Answered, texts, anything), min_size=1, max_size=4))
def test_the_document_is_valid_and_says_the_same_whatever_was_typed(given_: list[Answered]) -> None:
    read = read_answers(typed_answers_xml(given_))
    assert read == [Answered(_carried(one.question), _carried_value(one.value)) for one in given_]


def _carried(text: str) -> str:
    """What XML can carry of a text."""
    return "".join(
        sign if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff") else "\ufffd"
        for sign in text
    )


def _carried_value(value: Value) -> Value:
    match value:
        case Written(text):
            return Written(_carried(text))
        case Selected(identifiers, other):
            return Selected(tuple(map(_carried, identifiers)), None if other is None else _carried(other))
        case Uploaded(size, key):
            return Uploaded(size, _carried(key))


def test_the_largest_answer_can_be_read_again() -> None:
    fields = [(f"{at}" + "&" * 500, "\r" * 500) for at in range(1000)]
    assert [(one.question, one.text) for one in read_answers(answers_xml(fields))] == fields
