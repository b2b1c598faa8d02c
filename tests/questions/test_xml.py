"""XML from strangers: what is read, what is refused, and that nothing is expanded, fetched or waited for."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.questions.documents import NAMES, PAGE, answer_key, external, form, html, question
from tukro.questions.external import ExternalQuestion
from tukro.questions.html5 import HTMLQuestion
from tukro.questions.question_form import QuestionForm
from tukro.questions.refusals import BadQuestion, BadXml
from tukro.questions.schema import KNOWN, MAX_BYTES, parse
from tukro.questions.xml import read_question, read_test

ENTITIES = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "lol" * 10}">' for at in range(12))
BOMB = f"<!DOCTYPE lolz [{ENTITIES}]>"


def test_root_and_namespace_decide_the_kind() -> None:
    assert read_question(external()) == ExternalQuestion("https://example.org/study?a=1&b=2", 600)
    assert read_question(html()) == HTMLQuestion(PAGE, 450)
    assert isinstance(read_question(form(question())), QuestionForm)
    assert isinstance(read_question(form(question(), date="2005-10-01")), QuestionForm)


@pytest.mark.parametrize(
    "before",
    [
        "\n  ",
        '<?xml version="1.0"?>',
        "\ufeff",
        '\n<?xml version="1.0" encoding="UTF-8"?>\n<!-- mine -->',
        "<?php ?>",
    ],
)
def test_white_space_and_what_may_stand_before_the_root_are_read_over(before: str) -> None:
    assert isinstance(read_question(f"{before}{external()}\n\n"), ExternalQuestion)


@pytest.mark.parametrize("encoding", ["ASCII", "UTF-16", "ISO-8859-1", "no-such-encoding"])
def test_the_text_was_decoded_already_whatever_its_declaration_says(encoding: str) -> None:
    read = read_question(
        f'<?xml version="1.0" encoding="{encoding}"?>{html(PAGE.replace("<title>T", "<title>ক"))}'
    )
    assert isinstance(read, HTMLQuestion)
    assert "<title>ক</title>" in read.content


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_xml"),
        ("What is this?", "bad_xml"),
        ("<a>", "bad_xml"),
        (external()[:-5], "bad_xml"),
        (external() + "<more/>", "bad_xml"),
        ("\x00", "bad_xml"),
        (external("https://x.org/\x01"), "bad_xml"),
        ("\ud800", "bad_xml"),
        ("<Question/>", "unknown_document"),
        ("<ExternalQuestion><ExternalURL>https://x.org</ExternalURL></ExternalQuestion>", "unknown_document"),
        (external().replace("2006-07-14", "2017-11-06"), "unknown_document"),
        (
            external().replace("ExternalQuestion>", "QuestionForm>").replace("<ExternalQ", "<QuestionF"),
            "bad_xml",
        ),
        (answer_key("<Question/>"), "not_valid"),
        (f'<QuestionForm xmlns="{NAMES}/2006-07-14/ExternalQuestion.xsd"/>', "unknown_document"),
        (external(height="tall"), "not_valid"),
        (external().replace("<FrameHeight>600</FrameHeight>", ""), "not_valid"),
        (f'<HTMLQuestion xmlns="{NAMES}/2011-11-11/HTMLQuestion.xsd"/>', "not_valid"),
        (form(), "not_valid"),
        (BOMB + external(), "doctype"),
        ('<?xml version="1.0"?>\n<!-- x -->' + BOMB + external(), "doctype"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd">' + external(), "doctype"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + external("&x;"), "doctype"),
        (external().replace("https:", "&secret;"), "bad_xml"),
        ("<a>" * 200 + "</a>" * 200, "too_deep"),
        ("<a>" * 9000, "bad_xml"),
    ],
)
def test_what_is_no_question_is_refused_at_once(text: str, code: str) -> None:
    started = time.process_time()
    with pytest.raises(BadXml) as refusal:
        read_question(text)
    assert refusal.value.code == code
    assert time.process_time() - started < 1


def test_an_answer_key_is_no_question() -> None:
    key = answer_key(
        "<Question><QuestionIdentifier>q</QuestionIdentifier><AnswerOption>"
        "<SelectionIdentifier>a</SelectionIdentifier><AnswerScore>1</AnswerScore></AnswerOption></Question>"
    )
    with pytest.raises(BadXml) as refusal:
        read_question(key)
    assert refusal.value.code == "unknown_document"


def test_the_limit_counts_bytes_and_white_space() -> None:
    page = PAGE.replace("<title>T", "<title>" + "ক" * 5000)
    assert isinstance(read_question(html(page)), HTMLQuestion)
    room = MAX_BYTES - len(html(page).encode())
    assert isinstance(read_question(html(page) + " " * room), HTMLQuestion)
    with pytest.raises(BadXml) as refusal:
        read_question(html(page) + " " * (room + 1))
    assert refusal.value.code == "too_long"


def test_the_details_name_the_line_of_the_text_as_it_was_given() -> None:
    with pytest.raises(BadXml) as refusal:
        read_question("\n\n\n<a>\n<b>\n</a>")
    assert "(line 6, " in refusal.value.details


def test_a_schema_location_in_the_document_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.xsd"
    other.write_text("not a schema")
    located = external().replace(
        "<ExternalQuestion ",
        '<ExternalQuestion xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="urn:x file://{other} {NAMES}/2006-07-14/ExternalQuestion.xsd file://{other}" ',
    )
    assert isinstance(read_question(located), ExternalQuestion)


def test_a_doctype_inside_the_page_is_the_page_s_own() -> None:
    assert isinstance(read_question(html(PAGE)), HTMLQuestion)


def test_a_test_is_a_question_form_that_asks_for_no_file() -> None:
    upload = (
        "<FileUploadAnswer><MaxFileSizeInBytes>10</MaxFileSizeInBytes>"
        "<MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>"
    )
    assert len(read_test(form(question())).questions) == 1
    for bad, code in [
        (html(), "not_a_test"),
        (external(), "not_a_test"),
        (form(question(answer=upload), date="2005-10-01"), "file_in_test"),
    ]:
        with pytest.raises(BadQuestion) as refusal:
            read_test(bad)
        assert refusal.value.code == code


def test_every_known_document_has_a_schema_of_ours() -> None:
    for date, name in KNOWN:
        folder = Path(__file__).parents[2] / "src/tukro/questions/schemas"
        etree.XMLSchema(etree.parse(str(folder / f"{name}-{date}.xsd")))


@given(st.text())
def test_no_text_makes_the_reader_fall_over(text: str) -> None:
    for document in (text, external(text), html(text), form(text), html() + text):
        with suppress(BadQuestion):
            read_question(document)


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]).filter(
            lambda c: c not in "\ufffe\uffff"
        )
    )
)
def test_any_text_comes_out_of_an_element_as_it_went_in(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert (parse(f"<a>{escaped}</a>").text or "") == text


@pytest.mark.parametrize("number", ["9" * 5_000, "0" * 5_000 + "4"])
def test_a_number_of_thousands_of_digits_is_refused_in_words(number: str) -> None:
    base = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"
    page = (
        f'<ExternalQuestion xmlns="{base}/2006-07-14/ExternalQuestion.xsd">'
        f"<ExternalURL>https://example.org/</ExternalURL><FrameHeight>{number}</FrameHeight></ExternalQuestion>"
    )
    with pytest.raises(BadQuestion, match="too long"):
        read_question(page)
