"""Review policies: what they may say, how they score, what they decide. The worked example is AWS's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quality.policies import answer_key, known, parameter, plural
from tukro.quality import rules
from tukro.quality.rules import BadReviewPolicy, Extension, Finding, Intention, Submission

USUAL = (parameter("QuestionIds", "A", "B", "C", "D"), parameter("QuestionAgreementThreshold", "50"))


def refusal_of(read: Any, policy: Mapping[str, Any]) -> tuple[object, object]:
    with pytest.raises(BadReviewPolicy) as refused:
        read(policy)
    return refused.value.facts["code"], refused.value.facts["parameter"]


# --- what a policy may say --------------------------------------------------------------------------


def test_what_is_not_said_never_acts() -> None:
    policy = rules.known_answers(known(answer_key(q="yes")))
    assert (policy.approve_from, policy.reject_below) == (101, 0)
    assert policy.extension == Extension(below=0, most=5, seconds=0)


def test_all_that_known_answers_can_say() -> None:
    policy = rules.known_answers(
        known(
            answer_key(q1="yes", q2=["a", "b"]),
            parameter("ApproveIfKnownAnswerScoreIsAtLeast", "79"),
            parameter("ApproveReason", "Thank you"),
            parameter("RejectIfKnownAnswerScoreIsLessThan", "20"),
            parameter("RejectReason", "Known answers were wrong"),
            parameter("ExtendIfKnownAnswerScoreIsLessThan", "50"),
            parameter("ExtendMaximumAssignments", "9"),
            parameter("ExtendMinimumTimeInSeconds", "3600"),
        )
    )
    assert policy == rules.KnownAnswers(
        key=(("q1", frozenset({"yes"})), ("q2", frozenset({"a", "b"}))),
        approve_from=79,
        approve_reason="Thank you",
        reject_below=20,
        reject_reason="Known answers were wrong",
        extension=Extension(below=50, most=9, seconds=3600),
    )


def test_all_that_plurality_can_say() -> None:
    policy = rules.plurality(
        plural(
            parameter("QuestionIDs", "q1,q2", "q3"),
            parameter("QuestionAgreementThreshold", "60"),
            parameter("DisregardAssignmentIfRejected", "true"),
            parameter("DisregardAssignmentIfKnownAnswerScoreIsLessThan", "50"),
            parameter("ExtendIfHITAgreementScoreIsLessThan", "70"),
            parameter("ExtendMaximumAssignments", "7"),
            parameter("ExtendMinimumTimeInSeconds", "60"),
            parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "75"),
            parameter("RejectIfWorkerAgreementScoreIsLessThan", "25"),
            parameter("RejectReason", "Too far from the others"),
        )
    )
    assert policy == rules.Plurality(
        questions=("q1", "q2", "q3"),
        threshold=60,
        skip_rejected=True,
        skip_score_below=50,
        approve_from=75,
        reject_below=25,
        reject_reason="Too far from the others",
        extension=Extension(below=70, most=7, seconds=60),
    )


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ApproveIfKnownAnswerScoreIsAtLeast", "102"),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "-1"),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "7.5"),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "৭৫"),
        ("RejectIfKnownAnswerScoreIsLessThan", "high"),
        ("RejectIfKnownAnswerScoreIsLessThan", ""),
        ("ExtendIfKnownAnswerScoreIsLessThan", "1_0"),
        ("ExtendMaximumAssignments", "1"),
        ("ExtendMaximumAssignments", "26"),
        ("ExtendMinimumTimeInSeconds", "59"),
        ("ExtendMinimumTimeInSeconds", "31536001"),
    ],
)
def test_a_number_out_of_its_range_is_refused(name: str, wrong: str) -> None:
    assert refusal_of(rules.known_answers, known(answer_key(q="a"), parameter(name, wrong))) == (
        "value",
        name,
    )


def test_one_parameter_has_one_value() -> None:
    two = parameter("ApproveIfKnownAnswerScoreIsAtLeast", "70", "80")
    assert refusal_of(rules.known_answers, known(answer_key(q="a"), two)) == (
        "value",
        "ApproveIfKnownAnswerScoreIsAtLeast",
    )


@pytest.mark.parametrize("name", ["ApproveReason", "RejectReason"])
def test_a_reason_has_room_for_what_feedback_has(name: str) -> None:
    fits, too_long = parameter(name, "অ" * 1024), parameter(name, "অ" * 1025)
    rules.known_answers(known(answer_key(q="a"), fits))
    assert refusal_of(rules.known_answers, known(answer_key(q="a"), too_long)) == ("value", name)


def test_a_key_is_required_and_holds_something() -> None:
    assert refusal_of(rules.known_answers, known()) == ("missing", "AnswerKey")
    assert refusal_of(rules.known_answers, known(parameter("AnswerKey"))) == (
        "missing",
        "AnswerKey.MapEntries",
    )
    nameless = {"Key": "AnswerKey", "MapEntries": [{"Key": "", "Values": ["a"]}]}
    assert refusal_of(rules.known_answers, known(nameless)) == ("value", "AnswerKey")
    too_long = {"Key": "AnswerKey", "MapEntries": [{"Key": "অ" * 86, "Values": ["a"]}]}
    assert refusal_of(rules.known_answers, known(too_long)) == ("value", "AnswerKey")


def test_a_parameter_of_another_policy_is_refused() -> None:
    strange = known(answer_key(q="a"), parameter("QuestionIds", "q"))
    assert refusal_of(rules.known_answers, strange) == ("unknown", "QuestionIds")


def test_a_parameter_given_twice_is_refused() -> None:
    twice = known(answer_key(q="a"), parameter("RejectReason", "x"), parameter("rejectreason", "y"))
    assert refusal_of(rules.known_answers, twice) == ("twice", "rejectreason")


def test_a_policy_stands_at_its_own_level() -> None:
    assert refusal_of(rules.known_answers, plural(*USUAL)) == ("name", "AssignmentReviewPolicy.PolicyName")
    assert refusal_of(rules.plurality, known(answer_key(q="a"))) == ("name", "HITReviewPolicy.PolicyName")


@pytest.mark.parametrize("name", ["QuestionIds", "QuestionAgreementThreshold"])
def test_plurality_needs_questions_and_a_threshold(name: str) -> None:
    policy = plural(*(p for p in USUAL if p["Key"] != name))
    assert refusal_of(rules.plurality, policy) == ("missing", name)


def test_plurality_compares_at_most_fifteen_questions() -> None:
    sixteen = parameter("QuestionIds", ",".join(f"q{no}" for no in range(16)))
    assert refusal_of(rules.plurality, plural(sixteen, USUAL[1])) == ("value", "QuestionIds")


@pytest.mark.parametrize("name", ["ExtendMaximumAssignments", "ExtendMinimumTimeInSeconds"])
def test_plurality_that_extends_says_how_far(name: str) -> None:
    extension = {
        "ExtendIfHITAgreementScoreIsLessThan": "50",
        "ExtendMaximumAssignments": "5",
        "ExtendMinimumTimeInSeconds": "3600",
    }
    del extension[name]
    policy = plural(*USUAL, *(parameter(key, value) for key, value in extension.items()))
    assert refusal_of(rules.plurality, policy) == ("missing", name)


def test_a_truth_is_t_or_f() -> None:
    wrong = parameter("DisregardAssignmentIfRejected", "yes")
    assert refusal_of(rules.plurality, plural(*USUAL, wrong)) == ("value", "DisregardAssignmentIfRejected")


# --- known answers ----------------------------------------------------------------------------------


def judged(policy: Mapping[str, Any], **answers: str) -> rules.Outcome:
    return rules.judge_submission(
        rules.known_answers(policy), task_id="TASK", assignment_id="ONE", answers=answers
    )


def test_known_answers_are_reported_one_by_one_and_as_a_score() -> None:
    outcome = judged(known(answer_key(sky="blue", grass="green", snow="white")), sky="blue", grass="red")
    assert outcome.findings == (
        Finding("Assignment", "ONE", "sky", "KnownAnswerCorrect", "1"),
        Finding("Assignment", "ONE", "grass", "KnownAnswerCorrect", "0"),
        Finding("Assignment", "ONE", "snow", "KnownAnswerCorrect", "0"),
        Finding("Assignment", "ONE", "", "KnownAnswerScore", "33"),
    )


@pytest.mark.parametrize(
    ("key", "answer", "score"),
    [
        ("Blue", " Blue\n", 100),
        (" Blue ", "Blue", 100),
        ("Blue", "blue", 0),
        ("Blue", "Blue!", 0),
        ("", "", 0),
        ("", "blue", 0),
        ("blue", "", 0),
        (["a", "b"], "b|a", 100),
        (["a", "b"], "a", 0),
        ("a", "a|b", 0),
    ],
)
def test_answers_are_right_when_they_are_the_same_set(
    key: str | Sequence[str], answer: str, score: int
) -> None:
    assert judged(known(answer_key(q=key)), q=answer).score == score


@pytest.mark.parametrize(
    ("rule", "value", "acts"),
    [
        ("ApproveIfKnownAnswerScoreIsAtLeast", "50", ["approve"]),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "51", []),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "0", ["approve"]),
        ("ApproveIfKnownAnswerScoreIsAtLeast", "101", []),
        ("RejectIfKnownAnswerScoreIsLessThan", "50", []),
        ("RejectIfKnownAnswerScoreIsLessThan", "51", ["reject"]),
        ("RejectIfKnownAnswerScoreIsLessThan", "0", []),
        ("RejectIfKnownAnswerScoreIsLessThan", "101", ["reject"]),
        ("ExtendIfKnownAnswerScoreIsLessThan", "50", []),
        ("ExtendIfKnownAnswerScoreIsLessThan", "51", ["extend"]),
    ],
)
def test_thresholds(rule: str, value: str, acts: list[str]) -> None:
    outcome = judged(known(answer_key(a="1", b="2"), parameter(rule, value)), a="1")
    assert outcome.score == 50
    assert [intention.name for intention in outcome.intentions] == acts


def test_approving_goes_before_rejecting_and_extending_comes_last() -> None:
    everything = known(
        answer_key(q="a"),
        parameter("ApproveIfKnownAnswerScoreIsAtLeast", "0"),
        parameter("ApproveReason", "fine"),
        parameter("RejectIfKnownAnswerScoreIsLessThan", "101"),
        parameter("ExtendIfKnownAnswerScoreIsLessThan", "101"),
    )
    assert judged(everything, q="b").intentions == (
        Intention("approve", "ONE", "fine"),
        Intention("extend", "TASK"),
    )


@given(right=st.integers(0, 20), wrong=st.integers(0, 20))
def test_a_score_is_whole_percent_cut_off(right: int, wrong: int) -> None:
    if right + wrong == 0:
        return
    key = answer_key(**{f"q{no}": "yes" for no in range(right + wrong)})
    score = judged(known(key), **{f"q{no}": "yes" for no in range(right)}).score
    assert score is not None
    assert score * (right + wrong) <= 100 * right < (score + 1) * (right + wrong)


# --- agreement --------------------------------------------------------------------------------------


def submission(
    name: str, *, rejected: bool = False, known_score: int | None = None, **answers: str
) -> Submission:
    return Submission(name, answers, rejected, known_score)


EXAMPLE = [
    submission("W1", A="coat", B="blue", C="large", D="Furry"),
    submission("W2", A="sweater", B="blue", C="large", D="fur"),
    submission("W3", A="coat", B="green", C="large", D="furr"),
]


def compared(*parameters: Mapping[str, Any], of: Sequence[Submission] = EXAMPLE) -> rules.Outcome:
    return rules.judge_task(rules.plurality(plural(*parameters)), task_id="TASK", submissions=of)


def values_of(outcome: rules.Outcome, key: str) -> dict[str, str]:
    return {
        finding.question or finding.subject_id: finding.value
        for finding in outcome.findings
        if finding.key == key
    }


def test_the_worked_example_of_the_documentation() -> None:
    outcome = compared(*USUAL)
    assert values_of(outcome, "AnswerAgreementScore") == {"A": "66", "B": "66", "C": "100"}
    assert values_of(outcome, "AgreedAnswer") == {"A": "coat", "B": "blue", "C": "large"}
    assert values_of(outcome, "AgreedAnswerFound") == {"A": "true", "B": "true", "C": "true", "D": "false"}
    assert values_of(outcome, "HitAgreementScore") == {"TASK": "75"}
    assert values_of(outcome, "WorkerAgreementScore") == {"W1": "100", "W2": "66", "W3": "66"}
    assert values_of(outcome, "PluralityAnswersCorrect") == {"W1": "3", "W2": "2", "W3": "2"}
    assert values_of(outcome, "PluralityAnswersIncorrect") == {"W1": "0", "W2": "1", "W3": "1"}
    assert outcome.score == 75


def test_agreement_must_be_greater_than_the_threshold() -> None:
    outcome = compared(USUAL[0], parameter("QuestionAgreementThreshold", "66"))
    assert values_of(outcome, "AgreedAnswerFound") == {"A": "false", "B": "false", "C": "true", "D": "false"}


def test_workers_are_approved_and_rejected_by_their_agreement_and_the_task_is_extended() -> None:
    outcome = compared(
        *USUAL,
        parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
        parameter("RejectIfWorkerAgreementScoreIsLessThan", "67"),
        parameter("RejectReason", "Too far from the others"),
        parameter("ExtendIfHITAgreementScoreIsLessThan", "76"),
        parameter("ExtendMaximumAssignments", "5"),
        parameter("ExtendMinimumTimeInSeconds", "60"),
    )
    assert outcome.intentions == (
        Intention("approve", "W1"),
        Intention("reject", "W2", "Too far from the others"),
        Intention("reject", "W3", "Too far from the others"),
        Intention("extend", "TASK"),
    )


def test_two_leading_answers_are_no_agreement() -> None:
    tied = [submission("W1", A="x"), submission("W2", A="y")]
    outcome = compared(parameter("QuestionIds", "A"), parameter("QuestionAgreementThreshold", "0"), of=tied)
    assert values_of(outcome, "AgreedAnswerFound") == {"A": "false"}
    assert values_of(outcome, "WorkerAgreementScore") == {}


def test_rejected_assignments_are_left_out_when_the_policy_says_so() -> None:
    work = [submission("W1", A="x", rejected=True), submission("W2", A="y"), submission("W3", A="y")]
    policy = (parameter("QuestionIds", "A"), parameter("QuestionAgreementThreshold", "66"))
    assert values_of(compared(*policy, of=work), "AgreedAnswerFound") == {"A": "false"}
    outcome = compared(*policy, parameter("DisregardAssignmentIfRejected", "T"), of=work)
    assert values_of(outcome, "WorkerAgreementScore") == {"W2": "100", "W3": "100"}


def test_low_known_answer_scores_are_left_out_and_missing_ones_are_not() -> None:
    work = [
        submission("W1", A="x", known_score=40),
        submission("W2", A="y", known_score=50),
        submission("W3", A="y"),
    ]
    outcome = compared(
        parameter("QuestionIds", "A"),
        parameter("QuestionAgreementThreshold", "66"),
        parameter("DisregardAssignmentIfKnownAnswerScoreIsLessThan", "50"),
        of=work,
    )
    assert values_of(outcome, "WorkerAgreementScore") == {"W2": "100", "W3": "100"}


def test_very_long_and_empty_answers_agree_with_nobody() -> None:
    work = [submission("W1", A="x" * 257), submission("W2", A="x" * 257), submission("W3")]
    outcome = compared(parameter("QuestionIds", "A"), parameter("QuestionAgreementThreshold", "0"), of=work)
    assert values_of(outcome, "AgreedAnswerFound") == {"A": "false"}
    at_the_limit = [submission("W1", A="x" * 256), submission("W2", A="x" * 256)]
    outcome = compared(
        parameter("QuestionIds", "A"), parameter("QuestionAgreementThreshold", "0"), of=at_the_limit
    )
    assert values_of(outcome, "AnswerAgreementScore") == {"A": "100"}


def test_without_submissions_nothing_is_found_and_nothing_done() -> None:
    assert compared(*USUAL, of=[]) == rules.Outcome(None, (), ())


@pytest.mark.parametrize(("places", "most", "after"), [(3, 5, 4), (5, 5, 5), (7, 5, 7)])
def test_an_extension_adds_one_place_up_to_the_cap(places: int, most: int, after: int) -> None:
    assert rules.places_after(places, Extension(50, most, 60)) == after
