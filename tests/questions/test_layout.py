"""Layouts: values go into a page raw, and what comes out is a question like any other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.documents import PAGE, html
from tukro.questions.html5 import HTMLQuestion
from tukro.questions.layout import MissingParameters, UnknownParameters, html_question, merge
from tukro.questions.refusals import BadHtml, BadXml
from tukro.questions.xml import read_question

NAMED = PAGE.replace("<title>T", "<title>${title}").replace('name="comment"', 'name="${field name}"')


def test_values_go_in_raw_and_the_wire_sees_an_html_question() -> None:
    merged = merge(NAMED, [("field name", "a"), ("title", "<b> & </title><title>")], frame_height=450)
    page = PAGE.replace("<title>T", "<title><b> & </title><title>").replace("comment", "a")
    assert merged.question == HTMLQuestion(page, 450)
    assert merged.source == html(page)
    assert read_question(merged.source) == merged.question


def test_a_place_that_stands_twice_is_filled_twice_and_a_value_is_not_filled_again() -> None:
    merged = merge("<form>${a} ${a} ${b}</form>", [("a", "${b}"), ("b", "")])
    assert merged.question.content == "<form>${b} ${b} </form>"


def test_missing_names_are_listed_in_the_page_s_order() -> None:
    with pytest.raises(MissingParameters) as refusal:
        merge("${c} ${a} ${b}", [("a", "x")])
    assert refusal.value.facts["names"] == "c, b"


def test_unknown_names_and_names_given_twice_are_refused() -> None:
    with pytest.raises(UnknownParameters) as refusal:
        merge("${a}", [("a", "1"), ("z", "2"), ("a", "3"), ("A", "4")])
    assert refusal.value.facts["names"] == "z, a, A"


def test_many_parameters_are_fine() -> None:
    names = [f"name{at}" for at in range(300)]
    page = "".join(f"<p>${{{name}}}" for name in names)
    merged = merge(page, [(name, name) for name in names])
    assert merged.question.content == "".join(f"<p>{name}" for name in names)


def test_two_ways_to_write_a_bengali_name_are_one() -> None:
    merged = merge("${\u09a1\u09bc}", [("\u09dc", "x")])
    assert merged.question.content == "x"


def test_a_page_needs_no_form_of_its_own() -> None:
    assert merge("<p>${a}</p>", [("a", "x")]).question.content == "<p>x</p>"


def test_a_value_that_breaks_the_page_is_refused() -> None:
    with pytest.raises(BadHtml):
        merge("<p>${a}</p>", [("a", "<!--")])


def test_the_merged_size_counts() -> None:
    room = 65_535 - len(html_question("").encode())
    assert len(merge("${a}", [("a", "x" * room)]).source.encode()) == 65_535
    with pytest.raises(BadXml) as refusal:
        merge("${a}", [("a", "x" * (room + 1))])
    assert refusal.value.code == "too_long"


@pytest.mark.parametrize("value", ["\x00", "\x0b", "\uffff", "\ud800"])
def test_what_xml_cannot_carry_is_refused(value: str) -> None:
    with pytest.raises(BadXml):
        merge("${a}", [("a", value)])


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff<")))
def test_any_text_survives_the_way_through_the_wire(text: str) -> None:
    merged = merge("<p>${a}]]>${b}</p>", [("a", text), ("b", "]]" + text)])
    assert merged.question.content == f"<p>{text}]]>]]{text}</p>"
    # On the way out the question is read like anybody's.
    read = read_question(html_question(merged.question.content + "<form>"))
    assert isinstance(read, HTMLQuestion)
    assert read.content == merged.question.content + "<form>"
