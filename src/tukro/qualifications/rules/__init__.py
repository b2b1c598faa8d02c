"""Requirements: what a task asks of workers, and whether a worker's facts satisfy it (mturk-api 7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tukro.people.rules import US_SUBDIVISIONS
from tukro.people.rules.countries import country_codes

# Ids of the house's own types: MTurk's, the same on every installation (mturk-api 7.1).
PERCENT_APPROVED = "000000000000000000L0"
NUMBER_APPROVED = "00000000000000000040"
LOCALE = "00000000000000000071"
ADULT = "00000000000000000060"
PERCENT_SUBMITTED = "00000000000000000000"
PERCENT_ABANDONED = "00000000000000000070"
PERCENT_RETURNED = "000000000000000000E0"
PERCENT_REJECTED = "000000000000000000S0"
LEVEL = "0000000000TUKROLEVEL"  # our own: how much a worker's decided work proves (rules/levels.py)
MASTERS = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH"
MASTERS_SANDBOX = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"
PERCENTS = (PERCENT_APPROVED, PERCENT_SUBMITTED, PERCENT_ABANDONED, PERCENT_RETURNED, PERCENT_REJECTED)
COMPUTED_TYPES = (*PERCENTS, NUMBER_APPROVED, LOCALE, LEVEL)
SYSTEM_TYPES = (*COMPUTED_TYPES, ADULT, MASTERS, MASTERS_SANDBOX)

NO_REQUIREMENTS = 1  # id of the set that asks nothing
NEWCOMER_SUBMISSIONS = 100  # below this many submissions the share approved is reported as 100

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
# Least and most of a qualification type's properties; of texts, their length (mturk-api 6.25).
TYPE_LIMITS = {
    "name": (1, 200),
    "description": (0, 2000),
    "keywords": (0, 1000),
    "test_duration_seconds": (1, 10 * 365 * 86400),
    "retry_delay_seconds": (0, 100 * 365 * 86400),
    "auto_granted_value": (INT_MIN, INT_MAX),
}
TEST_GRACE_SECONDS = 10  # the way from the worker's button to us
MOST_BLOCKS = 100_000  # of one requester

ONE_VALUE = (
    "LessThan",
    "LessThanOrEqualTo",
    "GreaterThan",
    "GreaterThanOrEqualTo",
    "EqualTo",
    "NotEqualTo",
)
MANY_VALUES = ("In", "NotIn")
NO_VALUE = ("Exists", "DoesNotExist")
LOCALE_COMPARATORS = ("EqualTo", "NotEqualTo", "In", "NotIn")
# Which acts a requirement stands before: each guards also what comes after it (mturk-api 7.2).
Act = Literal["discover", "preview", "accept"]
GUARDS = {"Accept": 1, "PreviewAndAccept": 2, "DiscoverPreviewAndAccept": 3}
_GUARDED_FROM: dict[Act, int] = {"accept": 1, "preview": 2, "discover": 3}

MOST_REQUIREMENTS = 10
MOST_INTEGERS = 15
MOST_LOCALES = 30


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition. ``locales`` are ``BD`` or ``US-CA``; ``guards`` says which act it stands before."""

    type_id: str
    comparator: str
    integers: tuple[int, ...] = ()
    locales: tuple[str, ...] = ()
    guards: str = "Accept"


def ask_for_masters(requirements: Iterable[Requirement]) -> bool:
    return any(one.type_id in (MASTERS, MASTERS_SANDBOX) for one in requirements)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a worker: ``values`` by type id (None: held without a value), and the country."""

    locale: str = ""
    values: Mapping[str, int | None] = field(default_factory=dict)


def faults(requirements: Iterable[Requirement]) -> list[str]:
    """Codes of what is wrong with the requirements themselves; empty when they can be asked."""
    asked = list(requirements)
    found = ["too_many_requirements"] if len(asked) > MOST_REQUIREMENTS else []
    return found + [code for requirement in asked if (code := _fault(requirement))]


def unmet(requirements: Iterable[Requirement], facts: Facts) -> list[Requirement]:
    """The requirements that the worker does not satisfy."""
    return [requirement for requirement in requirements if not _meets(requirement, facts)]


def satisfies(requirements: Iterable[Requirement], facts: Facts) -> bool:
    return not unmet(requirements, facts)


def guards(requirement: Requirement, act: Act) -> bool:
    """Whether the requirement stands before this act."""
    return GUARDS[requirement.guards] >= _GUARDED_FROM[act]


def percent_approved(submitted: int, approved: int, rejected: int) -> int:
    """Share of decided work that was approved; 100 for newcomers. What waits counts neither way."""
    decided = approved + rejected
    return 100 if submitted < NEWCOMER_SUBMISSIONS or not decided else 100 * approved // decided


def percents(
    *, submitted: int, approved: int, rejected: int, returned: int, abandoned: int
) -> dict[str, int]:
    """The share types by id. Handed in, given back and run out of time are shares of all that was taken and
    is over; rejected is a share of all that was handed in. Without a history: all well."""
    taken = submitted + returned + abandoned
    return {
        PERCENT_APPROVED: percent_approved(submitted, approved, rejected),
        PERCENT_SUBMITTED: 100 * submitted // taken if taken else 100,
        PERCENT_ABANDONED: 100 * abandoned // taken if taken else 0,
        PERCENT_RETURNED: 100 * returned // taken if taken else 0,
        PERCENT_REJECTED: 100 * rejected // submitted if submitted else 0,
    }


def plain(requirements: Iterable[Requirement]) -> list[dict[str, Any]]:
    """Canonical plain data: values sorted, duplicates gone, order of writing forgotten."""
    rows = {
        json.dumps(
            {
                "type_id": r.type_id,
                "comparator": r.comparator,
                "integers": sorted(set(r.integers)),
                "locales": sorted({locale.upper() for locale in r.locales}),
                "guards": r.guards,
            }
        )
        for r in requirements
    }
    return [json.loads(row) for row in sorted(rows)]


def read(data: Iterable[Mapping[str, Any]]) -> list[Requirement]:
    """Requirements back from ``plain`` data."""
    return [
        Requirement(r["type_id"], r["comparator"], tuple(r["integers"]), tuple(r["locales"]), r["guards"])
        for r in data
    ]


def digest(requirements: Iterable[Requirement]) -> str:
    """Identifies a set of requirements whatever the order in which they were written."""
    return hashlib.sha256(json.dumps(plain(requirements)).encode()).hexdigest()


def _is_place(locale: str) -> bool:
    """A country of ISO 3166; parts of a country are known for the United States only."""
    country, joint, part = locale.upper().partition("-")
    return country in country_codes() and (not joint or (country == "US" and part in US_SUBDIVISIONS))


def _fault(requirement: Requirement) -> str | None:
    values = requirement.locales if requirement.type_id == LOCALE else requirement.integers
    strange = requirement.integers if requirement.type_id == LOCALE else requirement.locales
    most = MOST_LOCALES if requirement.type_id == LOCALE else MOST_INTEGERS
    match requirement.comparator:
        case c if c not in ONE_VALUE + MANY_VALUES + NO_VALUE:
            return "unknown_comparator"
        case c if requirement.type_id == LOCALE and c not in LOCALE_COMPARATORS:
            return "comparator_not_for_locale"
        case _ if strange:
            return "wrong_kind_of_value"
        case _ if requirement.guards not in GUARDS:
            return "unknown_guard"
        case c if c in ONE_VALUE and len(values) != 1:
            return "one_value_needed"
        case c if c in MANY_VALUES and not 1 <= len(values) <= most:
            return "number_of_values"
        case c if c in NO_VALUE and values:
            return "no_value_allowed"
        case _ if not all(_is_place(locale) for locale in requirement.locales):
            return "bad_locale"
        case _ if not all(INT_MIN <= value <= INT_MAX for value in requirement.integers):
            return "value_out_of_range"
    return None


def _meets(requirement: Requirement, facts: Facts) -> bool:
    if requirement.type_id == LOCALE:
        return _meets_locale(requirement, facts.locale)
    held = requirement.type_id in facts.values
    if requirement.comparator in NO_VALUE:
        return held == (requirement.comparator == "Exists")
    value = facts.values.get(requirement.type_id)
    # Without the qualification nothing is known, so even NotEqualTo and NotIn say no.
    return value is not None and _compares(value, requirement.comparator, requirement.integers)


def _compares(value: int, comparator: str, wanted: tuple[int, ...]) -> bool:
    match comparator:
        case "LessThan":
            return value < wanted[0]
        case "LessThanOrEqualTo":
            return value <= wanted[0]
        case "GreaterThan":
            return value > wanted[0]
        case "GreaterThanOrEqualTo":
            return value >= wanted[0]
        case "EqualTo" | "In":
            return value in wanted
        case _:
            return value not in wanted


def _meets_locale(requirement: Requirement, locale: str) -> bool:
    if not locale:
        return False
    # A country covers its subdivisions; a subdivision covers only itself.
    covered = any(locale == wanted or locale.startswith(f"{wanted}-") for wanted in requirement.locales)
    return covered == (requirement.comparator in ("EqualTo", "In"))
