"""Pages of the wire: a token on every page that has something, and it opens only where it was given out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tukro.api.mturk.errors import WireError
from tukro.api.mturk.paging import Page
from tukro.people.models import Requester

KARIM = Requester(public_id="AKARIM")
SALMA = Requester(public_id="ASALMA")
ROWS = list(range(1, 26))


def page_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """A list of 25 numbers, newest (largest) first, as an operation pages it."""
    page = Page.asked("ListHITs", KARIM, given)
    before = page.after[0] if page.after else 26
    rows = [row for row in reversed(ROWS) if row < int(before)][: page.size]
    return page.answer("HITs", rows, key=lambda row: (row,), form=lambda row: {"MaxAssignments": row})


def numbers(answer: Mapping[str, Any]) -> list[int]:
    return [hit["MaxAssignments"] for hit in answer["HITs"]]


def test_a_page_has_ten_rows_unless_more_or_less_is_asked_for() -> None:
    assert numbers(page_of({})) == list(range(25, 15, -1))
    assert numbers(page_of({"MaxResults": 3})) == [25, 24, 23]


def test_following_tokens_shows_each_row_once_and_ends_on_an_empty_page_without_one() -> None:
    seen, tokens, given = [], [], dict[str, Any](MaxResults=10)
    while True:
        answer = page_of(given)
        assert answer["NumResults"] == len(answer["HITs"])
        if "NextToken" not in answer:
            break
        seen += numbers(answer)
        tokens.append(answer["NextToken"])
        given = {"MaxResults": 10, "NextToken": answer["NextToken"]}
    assert seen == list(reversed(ROWS))
    assert answer == {"NumResults": 0, "HITs": []}
    assert len(set(tokens)) == len(tokens) == 3


def test_two_tokens_are_never_equal() -> None:
    assert page_of({})["NextToken"] != page_of({})["NextToken"]


def test_a_token_is_good_with_another_page_size() -> None:
    token = page_of({"MaxResults": 5})["NextToken"]
    assert numbers(page_of({"MaxResults": 2, "NextToken": token})) == [20, 19]


def test_a_token_opens_only_for_its_operation_its_caller_and_its_filters() -> None:
    token = page_of({})["NextToken"]
    for operation, caller, given in (
        ("ListReviewableHITs", KARIM, {}),
        ("ListHITs", SALMA, {}),
        ("ListHITs", KARIM, {"HITTypeId": "3A"}),
    ):
        with pytest.raises(WireError) as caught:
            Page.asked(operation, caller, {"NextToken": token, **given})
        assert caught.value.kind == "ParameterValidationError"
    assert Page.asked("ListHITs", KARIM, {"NextToken": token}).after == (16,)


@pytest.mark.parametrize("token", ["x", "p5m8dh", "AAAA", "ছবি", "=" * 255, "A" * 255, "\n"])
def test_what_is_no_token_is_an_invalid_value(token: str) -> None:
    with pytest.raises(WireError) as caught:
        Page.asked("ListHITs", KARIM, {"NextToken": token})
    assert caught.value.kind == "ParameterValidationError"
    assert "is not valid for the parameter NextToken." in caught.value.message


def test_a_changed_token_does_not_open() -> None:
    token = page_of({})["NextToken"]
    for at in range(0, len(token), 7):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(WireError):
            Page.asked("ListHITs", KARIM, {"NextToken": token[:at] + other + token[at + 1 :]})


def test_a_token_of_long_keys_fits_the_model() -> None:
    page = Page.asked("ListQualificationTypes", KARIM, {})
    key = ("3" + "Z" * 29, "9999-12-31T23:59:59.999999+00:00", 2**63)
    assert (
        len(page.answer("QualificationTypes", [0], key=lambda _: key, form=lambda _: {})["NextToken"]) <= 255
    )
