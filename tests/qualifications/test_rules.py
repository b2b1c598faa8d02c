"""What satisfies a requirement and what does not, as the model's manual says (mturk-api 7.2)."""

from __future__ import annotations

import pytest

from tukro.qualifications.rules import (
    LOCALE,
    Facts,
    Requirement,
    digest,
    faults,
    percent_approved,
    plain,
    read,
    satisfies,
    unmet,
)

SCORE = "3SCORE"


@pytest.mark.parametrize(
    ("comparator", "wanted", "held", "met"),
    [
        ("LessThan", (50,), 49, True),
        ("LessThan", (50,), 50, False),
        ("LessThanOrEqualTo", (50,), 50, True),
        ("LessThanOrEqualTo", (50,), 51, False),
        ("GreaterThan", (50,), 51, True),
        ("GreaterThan", (50,), 50, False),
        ("GreaterThanOrEqualTo", (50,), 50, True),
        ("GreaterThanOrEqualTo", (50,), 49, False),
        ("EqualTo", (50,), 50, True),
        ("EqualTo", (50,), 49, False),
        ("NotEqualTo", (50,), 49, True),
        ("NotEqualTo", (50,), 50, False),
        ("In", (1, 2), 2, True),
        ("In", (1, 2), 3, False),
        ("NotIn", (1, 2), 3, True),
        ("NotIn", (1, 2), 2, False),
        ("Exists", (), 0, True),
        ("Exists", (), None, True),
        ("DoesNotExist", (), 0, False),
        ("EqualTo", (50,), None, False),
    ],
)
def test_value_of_a_held_qualification(
    comparator: str, wanted: tuple[int, ...], held: int | None, met: bool
) -> None:
    assert satisfies([Requirement(SCORE, comparator, wanted)], Facts(values={SCORE: held})) is met


@pytest.mark.parametrize(
    ("comparator", "wanted", "met"),
    [
        ("LessThan", (50,), False),
        ("EqualTo", (50,), False),
        ("NotEqualTo", (50,), False),
        ("NotIn", (50,), False),
        ("Exists", (), False),
        ("DoesNotExist", (), True),
    ],
)
def test_without_the_qualification_only_its_absence_is_satisfied(
    comparator: str, wanted: tuple[int, ...], met: bool
) -> None:
    assert satisfies([Requirement(SCORE, comparator, wanted)], Facts()) is met


@pytest.mark.parametrize(
    ("comparator", "wanted", "locale", "met"),
    [
        ("EqualTo", ("BD",), "BD", True),
        ("EqualTo", ("BD",), "IN", False),
        ("EqualTo", ("US",), "US-CA", True),
        ("EqualTo", ("US-CA",), "US-CA", True),
        ("EqualTo", ("US-CA",), "US-NY", False),
        ("EqualTo", ("US-CA",), "US", False),
        ("NotEqualTo", ("US-CA",), "US-NY", True),
        ("NotEqualTo", ("US-CA",), "IN", True),
        ("In", ("BD", "IN"), "IN", True),
        ("NotIn", ("BD", "IN"), "NP", True),
        ("NotIn", ("BD", "IN"), "BD", False),
        ("NotIn", ("BD",), "", False),
    ],
)
def test_a_country_covers_its_parts(comparator: str, wanted: tuple[str, ...], locale: str, met: bool) -> None:
    assert satisfies([Requirement(LOCALE, comparator, locales=wanted)], Facts(locale=locale)) is met


def test_all_requirements_must_hold_and_the_unmet_are_named() -> None:
    score, place = Requirement(SCORE, "GreaterThan", (50,)), Requirement(LOCALE, "EqualTo", locales=("BD",))
    facts = Facts(locale="IN", values={SCORE: 80})
    assert not satisfies([score, place], facts)
    assert unmet([score, place], facts) == [place]
    assert satisfies([], facts)


@pytest.mark.parametrize(
    ("requirement", "code"),
    [
        (Requirement(SCORE, "Equals", (1,)), "unknown_comparator"),
        (Requirement(SCORE, "EqualTo"), "one_value_needed"),
        (Requirement(SCORE, "EqualTo", (1, 2)), "one_value_needed"),
        (Requirement(SCORE, "In"), "number_of_values"),
        (Requirement(SCORE, "In", tuple(range(16))), "number_of_values"),
        (Requirement(SCORE, "Exists", (1,)), "no_value_allowed"),
        (Requirement(SCORE, "EqualTo", locales=("BD",)), "wrong_kind_of_value"),
        (Requirement(LOCALE, "EqualTo", (1,)), "wrong_kind_of_value"),
        (Requirement(LOCALE, "LessThan", locales=("BD",)), "comparator_not_for_locale"),
        (Requirement(LOCALE, "EqualTo", locales=("BD", "IN")), "one_value_needed"),
    ],
)
def test_requirements_that_cannot_be_asked(requirement: Requirement, code: str) -> None:
    assert faults([requirement]) == [code]


def test_at_most_ten_requirements() -> None:
    assert faults([Requirement(f"3T{no}", "Exists") for no in range(10)]) == []
    assert faults([Requirement(f"3T{no}", "Exists") for no in range(11)]) == ["too_many_requirements"]


def test_the_order_of_writing_makes_no_other_set() -> None:
    one, two = Requirement(SCORE, "In", (2, 1)), Requirement(LOCALE, "In", locales=("IN", "bd"))
    same = [Requirement(LOCALE, "In", locales=("BD", "IN")), Requirement(SCORE, "In", (1, 2, 2))]
    assert digest([one, two]) == digest(same)
    assert digest([one]) != digest([two])
    assert plain(read(plain([one, two]))) == plain([one, two])


@pytest.mark.parametrize(
    ("submitted", "approved", "rejected", "percent"),
    [(0, 0, 0, 100), (99, 0, 99, 100), (100, 95, 5, 95), (200, 199, 1, 99), (150, 0, 0, 100)],
)
def test_newcomers_stand_at_a_hundred_percent(
    submitted: int, approved: int, rejected: int, percent: int
) -> None:
    assert percent_approved(submitted, approved, rejected) == percent
