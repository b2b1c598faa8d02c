"""What a review policy may say (mturk-api 10); a faulty one is refused with its parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tukro.kernel.errors import Refused
from tukro.quality.rules.values import Values, union
from tukro.work.rules import YEAR

KNOWN_ANSWERS = "ScoreMyKnownAnswers/2011-09-01"
PLURALITY = "SimplePlurality/2011-09-01"
Level = Literal["assignment", "hit"]
NEVER = 101  # of "at least"; of "less than" it is 0
DEFAULT_MOST = 5  # places that ScoreMyKnownAnswers extends to when the policy does not say
QUESTIONS_AT_MOST = 15
QUESTION_ID_BYTES = 255
REASON_AT_MOST = 1024  # characters, as in RequesterFeedback
_MOST_PLACES = 1_000_000_000
_TRUTH = {"t": True, "true": True, "f": False, "false": False}


class BadReviewPolicy(Refused):
    """The policy cannot be followed. ``code``: name, missing, unknown, twice, value."""


@dataclass(frozen=True, slots=True)
class Extension:
    """One place more while the task has fewer than ``most``, and ``seconds`` more time."""

    below: int  # the score that is too low
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """ScoreMyKnownAnswers: judge one submission by questions whose answers are known."""

    key: tuple[tuple[str, Values], ...]
    approve_from: int
    approve_reason: str
    reject_below: int
    reject_reason: str
    extension: Extension


@dataclass(frozen=True, slots=True)
class Plurality:
    """SimplePlurality: judge a task's submissions by how far they agree."""

    questions: tuple[str, ...]
    threshold: int
    skip_rejected: bool
    skip_score_below: int
    approve_from: int
    reject_below: int
    reject_reason: str
    extension: Extension


def known_answers(given: Mapping[str, Any]) -> KnownAnswers:
    """Read an assignment-level policy as it came over the wire. Refuses BadReviewPolicy."""
    said = _Parameters(given, KNOWN_ANSWERS, "AssignmentReviewPolicy")
    policy = KnownAnswers(
        key=said.answer_key("AnswerKey"),
        approve_from=said.number("ApproveIfKnownAnswerScoreIsAtLeast", 0, 101, NEVER),
        approve_reason=said.reason("ApproveReason"),
        reject_below=said.number("RejectIfKnownAnswerScoreIsLessThan", 0, 101, 0),
        reject_reason=said.reason("RejectReason"),
        extension=Extension(
            below=said.number("ExtendIfKnownAnswerScoreIsLessThan", 0, 101, 0),
            most=said.number("ExtendMaximumAssignments", 2, 25, DEFAULT_MOST),
            seconds=said.number("ExtendMinimumTimeInSeconds", 60, YEAR, 0),
        ),
    )
    said.refuse_the_rest()
    return policy


def plurality(given: Mapping[str, Any]) -> Plurality:
    """Read a HIT-level policy as it came over the wire. Refuses BadReviewPolicy."""
    said = _Parameters(given, PLURALITY, "HITReviewPolicy")
    extends = said.has("ExtendIfHITAgreementScoreIsLessThan")
    policy = Plurality(
        questions=said.questions("QuestionIds"),
        threshold=said.number("QuestionAgreementThreshold", 0, 100),
        skip_rejected=said.truth("DisregardAssignmentIfRejected"),
        skip_score_below=said.number("DisregardAssignmentIfKnownAnswerScoreIsLessThan", 0, 101, 0),
        approve_from=said.number("ApproveIfWorkerAgreementScoreIsAtLeast", 0, 101, NEVER),
        reject_below=said.number("RejectIfWorkerAgreementScoreIsLessThan", 0, 101, 0),
        reject_reason=said.reason("RejectReason"),
        extension=Extension(
            below=said.number("ExtendIfHITAgreementScoreIsLessThan", 1, 100, 0),
            most=said.number("ExtendMaximumAssignments", 1, _MOST_PLACES, None if extends else 0),
            seconds=said.number("ExtendMinimumTimeInSeconds", 60, YEAR, None if extends else 0),
        ),
    )
    said.refuse_the_rest()
    return policy


class _Parameters:
    """A policy's parameters by name, each read once; what was not read is not of this policy.

    Names are taken without regard to case: AWS's own sample writes ``QuestionIDs`` for ``QuestionIds``.
    """

    def __init__(self, given: Mapping[str, Any], name: str, member: str) -> None:
        if given.get("PolicyName") != name:
            raise BadReviewPolicy(
                code="name", parameter=f"{member}.PolicyName", value=given.get("PolicyName", "")
            )
        self._left: dict[str, Mapping[str, Any]] = {}
        for parameter in given.get("Parameters", ()):
            key = str(parameter.get("Key", ""))
            if key.lower() in self._left:
                raise BadReviewPolicy(code="twice", parameter=key, value="")
            self._left[key.lower()] = parameter

    def has(self, name: str) -> bool:
        return name.lower() in self._left

    def text(self, name: str, default: str | None = "") -> str:
        """The one value of a parameter; ``default`` None: the parameter is required."""
        if not self.has(name):
            if default is None:
                raise BadReviewPolicy(code="missing", parameter=name, value="")
            return default
        values = self._values(name)
        if len(values) != 1:
            raise BadReviewPolicy(code="value", parameter=name, value=", ".join(values))
        return values[0]

    def reason(self, name: str) -> str:
        """What the worker will be told."""
        text = self.text(name)
        if len(text) > REASON_AT_MOST:
            raise BadReviewPolicy(code="value", parameter=name, value=text)
        return text

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        if not self.has(name) and default is not None:
            return default
        text = self.text(name, default=None).strip()
        # ASCII digits only: int() would take a Bengali five, a sign and underscores, too.
        if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
            raise BadReviewPolicy(code="value", parameter=name, value=text)
        return int(text)

    def truth(self, name: str) -> bool:
        text = self.text(name, default="F")
        if text.strip().lower() not in _TRUTH:
            raise BadReviewPolicy(code="value", parameter=name, value=text)
        return _TRUTH[text.strip().lower()]

    def questions(self, name: str) -> tuple[str, ...]:
        """Question ids: one value each, or several in one value with commas between."""
        if not self.has(name):
            raise BadReviewPolicy(code="missing", parameter=name, value="")
        values = self._values(name)
        found = tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",")))
        if not 0 < len(found) <= QUESTIONS_AT_MOST or not all(map(_is_question_id, found)):
            raise BadReviewPolicy(code="value", parameter=name, value=", ".join(values))
        return found

    def answer_key(self, name: str) -> tuple[tuple[str, Values], ...]:
        if not self.has(name):
            raise BadReviewPolicy(code="missing", parameter=name, value="")
        key: dict[str, Values] = {}
        for entry in self._left.pop(name.lower()).get("MapEntries", ()):
            question = str(entry.get("Key", ""))
            if not _is_question_id(question):
                raise BadReviewPolicy(code="value", parameter=name, value=question)
            if question in key:
                raise BadReviewPolicy(code="twice", parameter=question, value="")
            key[question] = union(entry.get("Values", ()))
        if not key:
            raise BadReviewPolicy(code="missing", parameter=f"{name}.MapEntries", value="")
        return tuple(key.items())

    def refuse_the_rest(self) -> None:
        """A misspelt threshold would otherwise be one that never acts."""
        for parameter in self._left.values():
            raise BadReviewPolicy(code="unknown", parameter=str(parameter.get("Key", "")), value="")

    def _values(self, name: str) -> list[str]:
        return [str(value) for value in self._left.pop(name.lower()).get("Values", ())]


def _is_question_id(text: str) -> bool:
    return 0 < len(text.encode()) <= QUESTION_ID_BYTES
