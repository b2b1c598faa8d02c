"""How review policies score, and what they decide (mturk-api 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tukro.quality.rules.policies import Extension, KnownAnswers, Plurality
from tukro.quality.rules.values import Values, values_of, written

ActionName = Literal["approve", "reject", "extend"]
Subject = Literal["Assignment", "HIT", "Question"]
COMPARED_AT_MOST = 256  # characters; longer answers agree with nobody


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
            findings.append(Finding("Question", task_id, question, "AgreedAnswer", written(answer)))
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
