"""AnswerKey: what the answers to a qualification's test are worth (mturk-api 7.4, 8.5).

Scoring is exact: whole numbers and fractions, halves rounded up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from lxml import etree

from tukro.questions.answers import Answered, Selected
from tukro.questions.question_form import Choice, QuestionForm
from tukro.questions.refusals import BadQuestion
from tukro.questions.schema import read_document, whole

# A qualification's value is a signed 32-bit number, on the wire and in the table.
_SMALLEST: Final = -(2**31)
_LARGEST: Final = 2**31 - 1
_LONGEST_MULTIPLIER: Final = 40
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Option:
    """Worth ``score`` if exactly these selections were chosen: all of them and no others."""

    selections: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    identifier: str
    options: tuple[Option, ...]
    default: int = 0


@dataclass(frozen=True, slots=True)
class Percentage:
    maximum: int


@dataclass(frozen=True, slots=True)
class Scale:
    multiplier: Fraction


@dataclass(frozen=True, slots=True)
class Range:
    """Both bounds belong to the range."""

    low: int
    high: int
    value: int


@dataclass(frozen=True, slots=True)
class Ranges:
    ranges: tuple[Range, ...]
    outside: int


Mapped: TypeAlias = Percentage | Scale | Ranges


@dataclass(frozen=True, slots=True)
class AnswerKey:
    questions: tuple[KeyQuestion, ...]
    mapping: Mapped | None = None


def read_answer_key(text: str) -> AnswerKey:
    """The key in a document. Raises BadXml, and BadQuestion for a mapping that cannot be computed."""
    root = read_document(text, expected="AnswerKey").root
    questions = tuple(_question(one) for one in root if _name(one) == "Question")
    mapping = next((one for one in root if _name(one) == "QualificationValueMapping"), None)
    return AnswerKey(questions, None if mapping is None else _mapping(mapping[0]))


def refuse_unscorable(form: QuestionForm) -> None:
    """A test that a key scores asks for selections only. Raises BadQuestion."""
    for question in form.questions:
        if not isinstance(question.answer, Choice) or question.answer.other is not None:
            raise BadQuestion(
                code="not_scorable",
                details=f"The question '{question.identifier}' cannot be scored by an AnswerKey: only "
                "SelectionAnswer without OtherSelection can.",
                question=question.identifier,
            )


def score(key: AnswerKey, answers: Iterable[Answered]) -> int:
    """The qualification's value that ``answers`` earn."""
    chosen = {
        one.question: frozenset(one.value.identifiers) for one in answers if isinstance(one.value, Selected)
    }
    return max(_SMALLEST, min(_LARGEST, _mapped(key.mapping, summed(key, chosen))))


def summed(key: AnswerKey, chosen: Mapping[str, frozenset[str]]) -> int:
    """The sum of the scores before it is mapped; ``chosen`` are the selections per question."""
    return sum(
        _score_of(question, chosen.get(question.identifier, frozenset())) for question in key.questions
    )


def _score_of(question: KeyQuestion, chosen: frozenset[str]) -> int:
    return next((one.score for one in question.options if one.selections == chosen), question.default)


def _mapped(mapping: Mapped | None, total: int) -> int:
    match mapping:
        case None:
            return total
        case Percentage(maximum):
            return _half_up(Fraction(100 * total, maximum))
        case Scale(multiplier):
            return _half_up(total * multiplier)
        case Ranges(ranges, outside):
            return next((one.value for one in ranges if one.low <= total <= one.high), outside)


def _half_up(value: Fraction) -> int:
    return math.floor(value + _HALF)


# --- reading --------------------------------------------------------------------------------------------


def _question(element: etree._Element) -> KeyQuestion:
    default = next((whole(one.text or "0") for one in element if _name(one) == "DefaultScore"), 0)
    options = tuple(_option(one) for one in element if _name(one) == "AnswerOption")
    return KeyQuestion(element[0].text or "", options, default)


def _option(element: etree._Element) -> Option:
    *selections, worth = [one.text or "" for one in element]
    return Option(frozenset(selections), whole(worth))


def _mapping(element: etree._Element) -> Mapped:
    match _name(element):
        case "PercentageMapping":
            return _percentage(whole(element[0].text or "0"))
        case "ScaleMapping":
            return Scale(_multiplier((element[0].text or "").strip()))
        case _:
            *ranges, outside = element
            bounds = (tuple(whole(part.text or "0") for part in one) for one in ranges)
            return Ranges(tuple(Range(*one) for one in bounds), whole(outside.text or "0"))


def _percentage(maximum: int) -> Percentage:
    if maximum <= 0:
        raise BadQuestion(
            code="bad_mapping",
            details=f'The value "{maximum}" is not valid for the parameter MaximumSummedScore.',
        )
    return Percentage(maximum)


def _multiplier(text: str) -> Fraction:
    """The number as it is written, not the nearest double: 0.1 is a tenth."""
    nearest = float(text)
    if not nearest:
        return Fraction(0)  # however huge its exponent
    if len(text) > _LONGEST_MULTIPLIER or not math.isfinite(nearest):  # the schema lets INF and NaN pass
        raise BadQuestion(
            code="bad_mapping",
            details=f'The value "{text[:_LONGEST_MULTIPLIER]}" is not valid for the parameter '
            "SummedScoreMultiplier.",
        )
    return Fraction(text)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
