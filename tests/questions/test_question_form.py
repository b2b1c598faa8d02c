"""QuestionForm: what its documents say, and which of them cannot be asked."""

from __future__ import annotations

import time

import pytest

from tests.questions.documents import counts, form, free_text, overview, question, selection
from tukro.questions.question_form import (
    Binary,
    Choice,
    EmbeddedBinary,
    FileUpload,
    Formatted,
    FreeText,
    ItemList,
    Overview,
    Pattern,
    Question,
    QuestionForm,
    Selection,
    Style,
    Text,
    Title,
)
from tukro.questions.refusals import BadFormattedContent, BadQuestion, BadXml
from tukro.questions.xml import read_question

PICTURE = (
    "<Binary><MimeType><Type>image</Type><SubType>png</SubType></MimeType>"
    "<DataURL>https://example.org/cat.png</DataURL><AltText>A cat</AltText></Binary>"
)
FILM = (
    "<EmbeddedBinary><EmbeddedMimeType><Type>video</Type><SubType>mp4</SubType></EmbeddedMimeType>"
    "<DataURL>https://example.org/cat.mp4</DataURL><AltText>A cat jumps</AltText><Width>320</Width>"
    "<Height>240</Height><ApplicationParameter><Name>loop</Name><Value>no</Value></ApplicationParameter>"
    "</EmbeddedBinary>"
)
UPLOAD = (
    "<FileUploadAnswer><MaxFileSizeInBytes>2000000000</MaxFileSizeInBytes>"
    "<MinFileSizeInBytes>1000</MinFileSizeInBytes></FileUploadAnswer>"
)
FLASH = (
    "<Application><Flash><FlashMovieURL>http://example.org/x.swf</FlashMovieURL><Width>1</Width>"
    "<Height>1</Height></Flash></Application>"
)


def read(*parts: str, date: str = "2017-11-06") -> QuestionForm:
    found = read_question(form(*parts, date=date))
    assert isinstance(found, QuestionForm)
    return found


def answer_of(answer: str, date: str = "2017-11-06") -> object:
    return read(question(answer=answer), date=date).questions[0].answer


@pytest.mark.parametrize("date", ["2017-11-06", "2005-10-01"])
def test_everything_stands_in_the_order_of_the_document(date: str) -> None:
    content = (
        "<Title>Cats</Title><Text>Two\nlines</Text><List><ListItem>a</ListItem><ListItem>b</ListItem></List>"
        f"<FormattedContent><![CDATA[<b>bold</b> & it]]></FormattedContent>{PICTURE}{FILM}<Title/>"
    ).replace(" & ", " &amp; ")
    found = read(overview(content), question("one"), overview("<Text>and</Text>"), question("two"), date=date)
    assert found.date == date
    assert found.parts[0] == Overview(
        (
            Title("Cats"),
            Text("Two\nlines"),
            ItemList(("a", "b")),
            Formatted("<b>bold</b> &amp; it"),
            Binary("image", "png", "https://example.org/cat.png", "A cat"),
            EmbeddedBinary(
                "video", "mp4", "https://example.org/cat.mp4", "A cat jumps", "320", "240", (("loop", "no"),)
            ),
            Title(""),
        )
    )
    assert found.parts[2] == Overview((Text("and"),))
    assert [one.identifier for one in found.questions] == ["one", "two"]


def test_a_question_has_a_name_and_may_be_required() -> None:
    named = question("q1", required=True).replace("<IsReq", "<DisplayName>First</DisplayName><IsReq")
    assert read(named).parts == (Question("q1", "First", True, (Text("Why?"),), FreeText()),)
    bare = question("q2").replace("<IsRequired>false</IsRequired>", "")
    assert read(bare).questions[0].is_required is False
    assert (
        read(bare.replace("<QuestionC", "<IsRequired> 1 </IsRequired><QuestionC", 1)).questions[0].is_required
    )


def test_a_free_text_carries_its_constraints() -> None:
    constraints = (
        '<IsNumeric minValue="-1" maxValue="20"/><Length minLength="1" maxLength="3"/>'
        '<AnswerFormatRegex regex="^[A-F]" errorText="A to F." flags="i"/><AnswerFormatRegex regex="\\d"/>'
    )
    extra = "<DefaultText>Charlie</DefaultText><NumberOfLinesSuggestion>5</NumberOfLinesSuggestion>"
    assert answer_of(free_text(constraints).replace("</FreeText", f"{extra}</FreeText")) == FreeText(
        is_numeric=True,
        minimum=-1,
        maximum=20,
        min_length=1,
        max_length=3,
        patterns=(
            Pattern("^[A-F]", "A to F.", ignore_case=True),
            Pattern("\\d", "Invalid input supplied.", ignore_case=False),
        ),
        default="Charlie",
        lines=5,
    )
    assert answer_of("<FreeTextAnswer/>") == FreeText()
    assert answer_of(free_text()) == FreeText()
    assert answer_of(free_text("<IsNumeric/>")) == FreeText(is_numeric=True)


def test_a_selection_carries_counts_style_and_the_other_one() -> None:
    other = "<OtherSelection><NumberOfLinesSuggestion>2</NumberOfLinesSuggestion></OtherSelection>"
    assert answer_of(selection("a", "b", counts=counts(0, 2), style="checkbox", other=other)) == Choice(
        selections=(Selection("a", Text("a")), Selection("b", Text("b"))),
        minimum=0,
        maximum=2,
        style=Style.CHECK_BOX,
        other=FreeText(lines=2),
    )
    assert answer_of(selection("a")) == Choice((Selection("a", Text("a")),), minimum=1, maximum=1)


def test_selections_may_be_pictures_and_formatted() -> None:
    answer = selection("a", "b").replace("<Text>a</Text>", PICTURE)
    answer = answer.replace("<Text>b</Text>", "<FormattedContent>&lt;i&gt;b&lt;/i&gt;</FormattedContent>")
    found = answer_of(answer)
    assert isinstance(found, Choice)
    assert [one.content for one in found.selections] == [
        Binary("image", "png", "https://example.org/cat.png", "A cat"),
        Formatted("<i>b</i>"),
    ]


def test_only_the_old_schema_asks_for_files() -> None:
    assert answer_of(UPLOAD, date="2005-10-01") == FileUpload(max_bytes=2_000_000_000, min_bytes=1000)
    with pytest.raises(BadXml):
        answer_of(UPLOAD)


@pytest.mark.parametrize("style", ["radiobutton", "checkbox", "list", "dropdown", "combobox", "multichooser"])
def test_every_style_is_known(style: str) -> None:
    found = answer_of(selection("a", style=style))
    assert isinstance(found, Choice)
    assert found.style == Style(style)


SWAPPED_SIZES = (
    "<FileUploadAnswer><MinFileSizeInBytes>1</MinFileSizeInBytes>"
    "<MaxFileSizeInBytes>2</MaxFileSizeInBytes></FileUploadAnswer>"
)
NO_LINES = "<NumberOfLinesSuggestion>0</NumberOfLinesSuggestion>"
INVALID = {
    "no content": question(content=" ").replace(" </QuestionContent>", "</QuestionContent>"),
    "no specification": question(answer=""),
    "two specifications": question(answer="<FreeTextAnswer/><FreeTextAnswer/>"),
    "empty identifier": question(""),
    "required by word": question().replace("false", "maybe"),
    "content after answer": question().replace("</Question>", "<QuestionContent/></Question>"),
    "unknown content": question(content="<Div>x</Div>"),
    "markup in text": question(content="<Text><b>x</b></Text>"),
    "empty list": question(content="<List/>"),
    "another namespace": question().replace("<Text>", '<Text xmlns="">'),
    "an attribute": question().replace("<Text>", '<Text class="x">'),
    "no selection": question(answer=selection()),
    "style before counts": question(
        answer=selection("a", style="list").replace("<Selections>", f"{counts(1, 1)}<Selections>")
    ),
    "unknown style": question(answer=selection("a", style="slider")),
    "at most none": question(answer=selection("a", counts=counts(0, 0))),
    "fewer than none": question(answer=selection("a", counts=counts(-1, 1))),
    "no lines": question(answer=free_text().replace("</FreeTextAnswer>", f"{NO_LINES}</FreeTextAnswer>")),
    "numbers with words": question(answer=free_text('<IsNumeric minValue="one"/>')),
    "numbers with fractions": question(answer=free_text('<IsNumeric minValue="1.5"/>')),
    "longest of nothing": question(answer=free_text('<Length maxLength="0"/>')),
    "pattern without pattern": question(answer=free_text("<AnswerFormatRegex/>")),
    "unknown flag": question(answer=free_text('<AnswerFormatRegex regex="a" flags="g"/>')),
    "length before number": question(answer=free_text("<Length/><IsNumeric/>")),
    "unknown kind of file": question(content=PICTURE.replace("image", "text")),
    "address without scheme": question(content=PICTURE.replace("https://", "")),
    "address that runs": question(content=PICTURE.replace("https://", "javascript:")),
    "application": question(content=FLASH),
}


@pytest.mark.parametrize("part", INVALID.values(), ids=INVALID.keys())
def test_what_the_schema_does_not_know_is_refused(part: str) -> None:
    with pytest.raises(BadXml) as refusal:
        read(part)
    assert refusal.value.code == "not_valid"


REFUSED = {
    "no_question": [overview("<Text>x</Text>")],
    "identifier_twice": [question("a"), question("a")],
    "limits_crossed": [question(answer=free_text('<IsNumeric minValue="2" maxValue="1"/>'))],
    "too_few_selections": [question(answer=selection("a", counts=counts(2, 2)))],
    "style_for_one": [question(answer=selection("a", "b", counts=counts(1, 2), style="radiobutton"))],
    "bad_regex": [question(answer=free_text('<AnswerFormatRegex regex="(a"/>'))],
}


@pytest.mark.parametrize(("code", "parts"), REFUSED.items(), ids=REFUSED.keys())
def test_what_cannot_be_asked_is_refused(code: str, parts: list[str]) -> None:
    with pytest.raises(BadQuestion) as refusal:
        read(*parts)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "answer",
    [
        free_text('<Length minLength="3" maxLength="2"/>'),
        selection("a", "b", "c", counts=counts(3, 2)),
        UPLOAD.replace("2000000000", "999"),
    ],
    ids=["lengths", "counts", "sizes"],
)
def test_limits_that_cross_are_refused(answer: str) -> None:
    with pytest.raises(BadQuestion) as refusal:
        answer_of(answer, date="2005-10-01")
    assert refusal.value.code == "limits_crossed"


def test_the_largest_size_of_a_file_stands_first() -> None:
    with pytest.raises(BadXml):
        answer_of(SWAPPED_SIZES, date="2005-10-01")


def test_a_selection_may_stand_twice_in_the_form_but_once_in_a_question() -> None:
    read(question("a", selection("x")), question("b", selection("x")))
    with pytest.raises(BadQuestion) as refusal:
        answer_of(selection("x", "x"))
    assert refusal.value.code == "identifier_twice"


def test_the_other_selection_counts_as_one_more() -> None:
    answer_of(selection("a", counts=counts(2, 2), other="<OtherSelection/>"))


def test_programs_of_the_past_are_refused_by_name() -> None:
    with pytest.raises(BadQuestion) as refusal:
        read(question(content=FLASH), date="2005-10-01")
    assert refusal.value.code == "application"


def test_bad_formatted_content_is_refused_wherever_it_stands() -> None:
    bad = "<FormattedContent>&lt;script&gt;&lt;/script&gt;</FormattedContent>"
    for part in (
        overview(bad),
        question(content=bad),
        question(answer=selection("a").replace("<Text>a</Text>", bad)),
    ):
        with pytest.raises(BadFormattedContent):
            read(part)


@pytest.mark.parametrize(
    "regex",
    [
        "(a|a)*$",
        "(?:a{1000}){1000}",
        "((a|aa)+)+$",
        "(?:(?:(?:x{100}){100}){100}){100}",
        "(" * 300 + ")" * 300,
    ],
)
def test_a_form_of_regex_bombs_is_refused_within_a_second(regex: str) -> None:
    bombs = free_text(f'<AnswerFormatRegex regex="{regex}"/>' * 40)
    started = time.process_time()
    with pytest.raises(BadQuestion) as refusal:
        answer_of(bombs)
    assert refusal.value.code == "bad_regex"
    assert time.process_time() - started < 1
