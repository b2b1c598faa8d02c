"""A worker's posted form against its QuestionForm: typed answers, or problems by question."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.documents import counts, form, free_text, overview, question, selection
from tukro.questions.answering import (
    OTHER,
    Posted,
    Problem,
    name_of,
    other_name_of,
    plain_number,
    read_posted,
)
from tukro.questions.answers import Answered, Selected, Uploaded, Value, Written
from tukro.questions.question_form import (
    AnswerSpecification,
    Choice,
    FreeText,
    Pattern,
    Question,
    QuestionForm,
    Selection,
    Text,
)
from tukro.questions.xml import read_question


def asked(answer: str, *, required: bool = False, date: str = "2017-11-06") -> QuestionForm:
    read = read_question(
        form(overview("<Text>x</Text>"), question("q", answer, required=required), date=date)
    )
    assert isinstance(read, QuestionForm)
    return read


def outcome(
    answer: str, *values: str, other: str = "", required: bool = False, file: Uploaded | None = None
) -> tuple[Value | None, str]:
    """What is kept of the answer to one question, and the code of the problem with it."""
    date = "2005-10-01" if "FileUpload" in answer else "2017-11-06"
    pairs = [*((name_of(1), value) for value in values), (other_name_of(1), other)]
    files = {} if file is None else {name_of(1): file}
    posted = read_posted(asked(answer, required=required, date=date), pairs, files)
    kept = posted.answers[0].value if posted.answers else None
    return kept, posted.problems[0].code if posted.problems else ""


NUMBER = free_text('<IsNumeric minValue="-5" maxValue="100"/>')


@pytest.mark.parametrize(
    ("answer", "required", "text", "kept", "code"),
    [
        ("<FreeTextAnswer/>", False, "", "", ""),
        ("<FreeTextAnswer/>", False, " ", " ", ""),
        ("<FreeTextAnswer/>", False, " any thing ", " any thing ", ""),
        ("<FreeTextAnswer/>", False, "a\r\nb\rc", "a\nb\nc", ""),
        ("<FreeTextAnswer/>", True, "", "", "required"),
        ("<FreeTextAnswer/>", True, " \n", " \n", "required"),
        (NUMBER, False, "", "", ""),
        (NUMBER, False, "  ", "", ""),
        (NUMBER, True, "", "", "required"),
        (NUMBER, False, "12", "12", ""),
        (NUMBER, False, " ১২.৫ ", "12.5", ""),  # Bengali digits are kept in ASCII
        (NUMBER, False, "−3", "-3", ""),
        (NUMBER, False, "+3.", "+3.", ""),
        (NUMBER, False, "-5.01", "-5.01", "too_small"),
        (NUMBER, False, "100.01", "100.01", "too_large"),
        (NUMBER, False, "9" * 300, "9" * 300, "too_large"),
        (NUMBER, False, "twelve", "twelve", "not_a_number"),
        (NUMBER, False, "1e3", "1e3", "not_a_number"),
        (NUMBER, False, "1,5", "1,5", "not_a_number"),
        (NUMBER, False, "1 2", "1 2", "not_a_number"),
        (NUMBER, False, ".", ".", "not_a_number"),
        (
            free_text('<Length minLength="2"/>'),
            False,
            "",
            "",
            "required",
        ),  # a length is asked for: so is a text
        (free_text('<Length minLength="0"/>'), False, "", "", ""),
        (free_text('<Length minLength="2"/>'), False, "ক", "ক", "too_short"),
        (free_text('<Length minLength="2"/>'), False, "  ", "  ", ""),  # white space counts
        (free_text('<Length maxLength="3"/>'), False, "কখগ", "কখগ", ""),
        (free_text('<Length maxLength="3"/>'), False, "কখগঘ", "কখগঘ", "too_long"),
        (free_text('<Length maxLength="3"/>'), False, "😀😀😀", "😀😀😀", ""),
        (free_text('<AnswerFormatRegex regex="b"/>'), False, "abc", "abc", ""),
        (free_text('<AnswerFormatRegex regex="^b"/>'), False, "abc", "abc", "wrong_format"),
        (free_text('<AnswerFormatRegex regex="^B" flags="i"/>'), False, "bc", "bc", ""),
        (
            free_text('<AnswerFormatRegex regex="a"/><AnswerFormatRegex regex="b"/>'),
            False,
            "a",
            "a",
            "wrong_format",
        ),
        (free_text('<AnswerFormatRegex regex="^b"/>'), False, "", "", ""),  # nothing was answered
        (free_text('<IsNumeric/><AnswerFormatRegex regex="^\\d{2}$"/>'), False, "১২", "12", ""),
    ],
)
def test_a_text_is_held_against_its_constraints(
    answer: str, required: bool, text: str, kept: str, code: str
) -> None:
    assert outcome(answer, text, required=required) == (Written(kept), code)


ONE = selection("a", "b", "c")
TWO = selection("a", "b", "c", counts=counts(2, 2))
MANY = selection("a", "b", "c", counts=counts(0, 2))
OPEN = selection("a", "b", counts=counts(1, 2), other=free_text().replace("FreeTextAnswer", "OtherSelection"))


@pytest.mark.parametrize(
    ("answer", "required", "ticked", "other", "kept", "code"),
    [
        (ONE, False, [], "", Selected(()), ""),
        (ONE, True, [], "", Selected(()), "required"),
        (MANY, True, [], "", Selected(()), ""),  # none is enough
        (ONE, True, ["2"], "", Selected(("b",)), ""),
        (ONE, False, ["1", "2"], "", Selected(("a", "b")), "too_many"),
        (TWO, False, ["1"], "", Selected(("a",)), "too_few"),
        (TWO, False, ["3", "1"], "", Selected(("a", "c")), ""),  # in the form's order
        (TWO, False, ["1", "1"], "", Selected(("a",)), "too_few"),
        (ONE, False, ["a"], "", Selected(()), "unknown_selection"),
        (ONE, False, ["4"], "", Selected(()), "unknown_selection"),
        (ONE, False, ["0"], "", Selected(()), "unknown_selection"),
        (ONE, False, ["1", "9"], "", Selected(("a",)), "unknown_selection"),
        (ONE, False, [OTHER], "x", Selected(()), "unknown_selection"),
        (ONE, False, ["1"], "never asked", Selected(("a",)), ""),
        (OPEN, False, ["1", OTHER], "mine", Selected(("a",), "mine"), ""),
        (OPEN, True, [], "mine", Selected((), "mine"), ""),  # whoever writes one has chosen it
        (OPEN, False, ["1"], "an afterthought", Selected(("a",)), ""),
        (OPEN, False, [OTHER], " ", Selected((), " "), "other_empty"),
        (OPEN, False, ["1", "2", OTHER], "mine", Selected(("a", "b"), "mine"), "too_many"),
        (OPEN, True, [""], "", Selected(()), "required"),
    ],
)
def test_selections_are_counted_and_known(
    answer: str, required: bool, ticked: list[str], other: str, kept: Selected, code: str
) -> None:
    assert outcome(answer, *ticked, other=other, required=required) == (kept, code)


def test_a_worker_s_own_selection_has_constraints_too() -> None:
    numeric = free_text("<IsNumeric/>").replace("FreeTextAnswer", "OtherSelection")
    answer = selection("a", other=numeric)
    assert outcome(answer, OTHER, other="৭") == (Selected((), "7"), "")
    assert outcome(answer, OTHER, other="seven") == (Selected((), "seven"), "not_a_number")


UPLOAD = (
    "<FileUploadAnswer><MaxFileSizeInBytes>10</MaxFileSizeInBytes>"
    "<MinFileSizeInBytes>2</MinFileSizeInBytes></FileUploadAnswer>"
)


@pytest.mark.parametrize(("size", "code"), [(1, "file_too_small"), (2, ""), (10, ""), (11, "file_too_large")])
def test_a_file_has_a_size(size: int, code: str) -> None:
    assert outcome(UPLOAD, file=Uploaded(size, "3KEY")) == (Uploaded(size, "3KEY"), code)


def test_a_file_that_was_not_handed_in_is_no_answer() -> None:
    assert outcome(UPLOAD, required=True) == (None, "required")
    beside = form(question("scan", UPLOAD), question("why", free_text()), date="2005-10-01")
    read = read_question(beside)
    assert isinstance(read, QuestionForm)
    assert read_posted(read, []) == Posted((Answered("why", Written("")),), ())


def test_a_form_of_optional_files_alone_asks_for_one_of_them() -> None:
    read = read_question(form(question("scan", UPLOAD), question("photo", UPLOAD), date="2005-10-01"))
    assert isinstance(read, QuestionForm)
    assert read_posted(read, []) == Posted((), (Problem("scan", 1, "nothing"),))
    one = Uploaded(2, "3KEY")
    assert read_posted(read, [], {name_of(2): one}) == Posted((Answered("photo", one),), ())


def test_problems_name_their_question_and_carry_facts() -> None:
    read = read_question(
        form(
            question("age", NUMBER),
            overview("<Text>x</Text>"),
            question("code", free_text('<AnswerFormatRegex regex="^[A-Z]+$" errorText="Capital letters."/>')),
            question("why", free_text('<Length minLength="5"/>')),
            question("pick", TWO, required=True),
        )
    )
    assert isinstance(read, QuestionForm)
    posted = read_posted(
        read, [("answer-1", "200"), ("answer-2", "a"), ("answer-3", "ab"), ("answer-4", "1")]
    )
    assert posted.problems == (
        Problem("age", 1, "too_large", {"minimum": -5, "maximum": 100}),
        Problem("code", 2, "wrong_format", {"error_text": "Capital letters."}),
        Problem("why", 3, "too_short", {"minimum": 5, "length": 2}),
        Problem("pick", 4, "too_few", {"minimum": 2, "maximum": 2, "count": 1}),
    )


def test_every_question_is_answered_in_the_form_s_order_whatever_was_posted() -> None:
    read = read_question(form(question("z", ONE), question("a"), question("m", free_text())))
    assert isinstance(read, QuestionForm)
    assert read_posted(
        read, [("answer-3", "x"), ("answer-9", "y"), ("q", "z"), ("answer-3-other", "w")]
    ) == Posted((Answered("z", Selected(())), Answered("a", Written("")), Answered("m", Written("x"))), ())


def test_patterns_that_explode_on_an_answer_are_stopped_within_a_second() -> None:
    slow = FreeText(patterns=(Pattern("^(\\w|a|[a-z])*$", "Letters.", ignore_case=False),))
    questions = tuple(Question(str(at), "", False, (Text("x"),), slow) for at in range(50))
    started = time.process_time()
    posted = read_posted(
        QuestionForm("2017-11-06", questions), [(name_of(at), "a" * 60 + "!") for at in range(1, 51)]
    )
    assert {problem.code for problem in posted.problems} == {"wrong_format"}
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("5", "5"),
        ("০১২", "012"),
        ("٣", "3"),
        ("-.5", "-.5"),
        ("", ""),
        ("½", ""),
        ("5٫5", ""),
        ("0x10", ""),
        ("--5", ""),
    ],
)
def test_numbers_are_read_in_any_script(typed: str, number: str) -> None:
    assert plain_number(typed) == number


pairs = st.lists(
    st.tuples(
        st.sampled_from(["answer-1", "answer-2", "answer-2-other", "answer-3", "x"]),
        st.sampled_from(["1", "2", "9", OTHER, "", "a", "১"]) | st.text(),
    ),
    max_size=8,
)
specifications: st.SearchStrategy[AnswerSpecification] = st.one_of(
    st.builds(
        FreeText,
        is_numeric=st.booleans(),
        minimum=st.none() | st.integers(-3, 3),
        min_length=st.none() | st.integers(0, 3),
        max_length=st.none() | st.integers(1, 4),
    ),
    st.builds(
        Choice,
        selections=st.integers(1, 3).map(lambda n: tuple(Selection(str(at), Text("")) for at in range(n))),
        minimum=st.integers(0, 2),
        maximum=st.integers(1, 3),
        other=st.none() | st.just(FreeText()),
    ),
)
forms = st.lists(st.tuples(specifications, st.booleans()), min_size=1, max_size=3).map(
    lambda made: QuestionForm(
        "2017-11-06",
        tuple(Question(f"q{at}", "", required, (), one) for at, (one, required) in enumerate(made)),
    )
)


@given(forms, pairs)
def test_what_is_accepted_meets_the_form(asked_: QuestionForm, posted: list[tuple[str, str]]) -> None:
    read = read_posted(asked_, posted)
    assert [one.question for one in read.answers] == [one.identifier for one in asked_.questions]
    wrong = {problem.question for problem in read.problems}
    for one, answered in zip(asked_.questions, read.answers, strict=True):
        if one.identifier in wrong:
            continue
        match one.answer, answered.value:
            case FreeText() as box, Written(text):
                assert text.strip() or not one.is_required
                assert not box.is_numeric or not text or text.isascii()
                assert box.max_length is None or len(text) <= box.max_length
                assert not box.min_length or len(text) >= box.min_length
            case Choice() as choice, Selected(identifiers, other):
                count = len(identifiers) + (other is not None)
                assert count == 0 or choice.minimum <= count <= choice.maximum
                assert count or not one.is_required or not choice.minimum
                assert other is None or (other.strip() and choice.other)
            case _:
                pytest.fail("an answer of another kind")
