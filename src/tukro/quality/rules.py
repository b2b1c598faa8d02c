"""Review policies without a database: what they may say, how they score, what they decide (mturk-api 10).

Answers are compared as sets of values: white space around a value does not count, everything else does. The
house stores the check boxes of one name joined with ``|`` (questions/answers.py), so a text is taken apart at
that sign, here and in the key alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tukro.kernel.errors import Refused

KNOWN_ANSWERS = "ScoreMyKnownAnswers/2011-09-01"
PLURALITY = "SimplePlurality/2011-09-01"

Level = Literal["assignment", "hit"]
Values = frozenset[str]
ActionName = Literal["approve", "reject", "extend"]
Subject = Literal["Assignment", "HIT", "Question"]

NEVER, ALWAYS = 101, 0  # of "at least"; "less than" is the other way round
DEFAULT_MOST = 5  # places that ScoreMyKnownAnswers extends to when the policy does not say
QUESTIONS_AT_MOST = 15
QUESTION_ID_BYTES = 255
COMPARED_AT_MOST = 256  # characters; longer answers agree with nobody
REASON_AT_MOST = 1024  # characters, as in RequesterFeedback
YEAR = 365 * 24 * 3600
_MOST_PLACES = 1_000_000_000
_SEPARATOR = "|"
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report. ``question`` is "" when it is not about one."""

    subject: Subject
    subject_id: str
    question: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Intention:
    """What the policy wants done to an assignment or to the task."""

    name: ActionName
    target_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look found and wants. ``score`` is the one that later looks refer to."""

    score: int | None
    findings: tuple[Finding, ...]
    intentions: tuple[Intention, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """What SimplePlurality looks at."""

    assignment_id: str
    answers: Mapping[str, str]
    is_rejected: bool
    known_score: int | None


# --- what a policy may say --------------------------------------------------------------------------


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
            key[question] = _union(entry.get("Values", ()))
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


# --- scoring ----------------------------------------------------------------------------------------


def values_of(text: str) -> Values:
    """An answer as the set that is compared; empty values are no values."""
    return frozenset(filter(None, (part.strip() for part in text.split(_SEPARATOR))))


def percent(part: int, whole: int) -> int:
    """Whole percent, cut off as in AWS's table: two of three are 66."""
    return 100 * part // whole


def judge_submission(
    policy: KnownAnswers, *, task_id: str, assignment_id: str, answers: Mapping[str, str]
) -> Outcome:
    """Score one submission against the key, and say what follows: approve, else reject; and extend."""
    right = {question: _is_right(values, answers.get(question, "")) for question, values in policy.key}
    score = percent(sum(right.values()), len(right))
    findings = [
        Finding("Assignment", assignment_id, question, "KnownAnswerCorrect", str(int(is_right)))
        for question, is_right in right.items()
    ]
    findings.append(Finding("Assignment", assignment_id, "", "KnownAnswerScore", str(score)))
    intentions = []
    if score >= policy.approve_from:
        intentions.append(Intention("approve", assignment_id, policy.approve_reason))
    elif score < policy.reject_below:
        intentions.append(Intention("reject", assignment_id, policy.reject_reason))
    if score < policy.extension.below:
        intentions.append(Intention("extend", task_id))
    return Outcome(score, tuple(findings), tuple(intentions))


def judge_task(policy: Plurality, *, task_id: str, submissions: Sequence[Submission]) -> Outcome:
    """Look for answers that most agree on, score the workers by them, and say what follows.

    A worker who left a question out, or wrote more than is compared, agrees with nobody but counts among
    those who were asked. Where no question has an agreed answer, nothing can be said about the workers.
    """
    considered = [one for one in submissions if not _is_skipped(policy, one)]
    if not considered:
        return Outcome(None, (), ())
    findings: list[Finding] = []
    agreed: dict[str, Values] = {}
    for question in policy.questions:
        answer, score = _most_given(question, considered)
        found = answer is not None and score > policy.threshold
        findings.append(Finding("Question", task_id, question, "AgreedAnswerFound", str(found).lower()))
        if answer is not None and found:
            agreed[question] = answer
            findings.append(Finding("Question", task_id, question, "AgreedAnswer", _written(answer)))
            findings.append(Finding("Question", task_id, question, "AnswerAgreementScore", str(score)))
    intentions: list[Intention] = []
    for one in considered if agreed else ():
        correct = sum(_compared(one, question) == answer for question, answer in agreed.items())
        findings += _worker_findings(one.assignment_id, correct, len(agreed))
        intentions += _worker_intentions(policy, one.assignment_id, percent(correct, len(agreed)))
    score = percent(len(agreed), len(policy.questions))
    findings.append(Finding("HIT", task_id, "", "HitAgreementScore", str(score)))
    if score < policy.extension.below:
        intentions.append(Intention("extend", task_id))
    return Outcome(score, tuple(findings), tuple(intentions))


def places_after(places: int, extension: Extension) -> int:
    """How many places the task has after one extension: one more, unless the cap is reached."""
    return max(places, min(places + 1, extension.most))


def _is_right(key: Values, answer: str) -> bool:
    return bool(key) and values_of(answer) == key


def _is_skipped(policy: Plurality, one: Submission) -> bool:
    if policy.skip_rejected and one.is_rejected:
        return True
    return one.known_score is not None and one.known_score < policy.skip_score_below


def _most_given(question: str, considered: Sequence[Submission]) -> tuple[Values | None, int]:
    """The answer that more workers gave than any other, and their share; none when two lead."""
    counted = Counter(values for one in considered if (values := _compared(one, question)))
    leading = counted.most_common(2)
    if not leading or (len(leading) == 2 and leading[0][1] == leading[1][1]):
        return None, 0
    answer, count = leading[0]
    return answer, percent(count, len(considered))


def _compared(one: Submission, question: str) -> Values:
    text = one.answers.get(question, "").strip()
    return values_of(text) if len(text) <= COMPARED_AT_MOST else frozenset()


def _worker_findings(assignment_id: str, correct: int, asked: int) -> list[Finding]:
    values = {
        "WorkerAgreementScore": percent(correct, asked),
        "PluralityAnswersCorrect": correct,
        "PluralityAnswersIncorrect": asked - correct,
    }
    return [Finding("Assignment", assignment_id, "", key, str(value)) for key, value in values.items()]


def _worker_intentions(policy: Plurality, assignment_id: str, score: int) -> list[Intention]:
    if score >= policy.approve_from:
        return [Intention("approve", assignment_id)]
    if score < policy.reject_below:
        return [Intention("reject", assignment_id, policy.reject_reason)]
    return []


def _union(values: Iterable[object]) -> Values:
    return frozenset[str]().union(*(values_of(str(value)) for value in values))


def _written(answer: Values) -> str:
    return _SEPARATOR.join(sorted(answer))
