"""What is stored of a posted form, and the XML that the wire makes of it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.questions.answers import (
    ANSWERS_NAMESPACE,
    RESERVED_NAMES,
    AnswerTooLarge,
    answers_xml,
    stored_fields,
)

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
