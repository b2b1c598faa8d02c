"""Lists page by page: what stands in the address as ``after`` is a row's mark, or rubbish."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import cast
from tests.web.joining import signed_in
from tukro.runtime.place import ROOT
from tukro.web.alike.paging import one_page, row_number

TEMPLATES = ROOT / "src" / "tukro" / "web" / "templates"
PAGERS = ("parts/pager.html", "parts/inbox.html")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("", None),
        ("0x7", None),
        ("-7", None),
        ("৭", None),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, None),
    ],
)
def test_the_number_of_a_row_is_one_that_a_table_can_have(text: str, number: int | None) -> None:
    assert row_number(text) == number


def test_a_page_has_its_rows_and_the_mark_of_the_last_when_more_follow() -> None:
    assert one_page([1, 2, 3], 2, lambda row: row * 10) == ([1, 2], "20")


def test_the_last_page_leads_nowhere() -> None:
    assert one_page([1, 2], 2, lambda row: row * 10) == ([1, 2], "")


@pytest.mark.django_db
@pytest.mark.parametrize("side", ["worker", "requester", "staff"])
def test_no_page_breaks_when_it_is_asked_for_after_rubbish(side: str) -> None:
    people = {
        "worker": lambda: cast.rahima().user,
        "requester": lambda: cast.karim().user,
        "staff": cast.shirin,
    }
    client = signed_in(people[side]())
    addresses = [reverse(f"{side}:{name}") for name in _names(side)]
    answers = {address: client.get(address, {"after": "9" * 40}).status_code for address in addresses}
    assert len(answers) > 15
    assert [
        address for address, status in answers.items() if status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("side", "lists"), [("worker", 7), ("requester", 8), ("staff", 12)])
def test_a_later_page_that_has_become_empty_leads_to_the_first(side: str, lists: int) -> None:
    people = {
        "worker": lambda: cast.rahima().user,
        "requester": lambda: cast.karim().user,
        "staff": cast.shirin,
    }
    client = signed_in(people[side]())
    seen, without = 0, []
    for address in (reverse(f"{side}:{name}") for name in _names(side)):
        page = client.get(address, {"after": "1", "state": "all"})
        if page.status_code == HTTPStatus.OK and any(_is_paged(one.name or "") for one in page.templates[:1]):
            seen += 1
            if "First page" not in page.content.decode():
                without.append(address)
    assert without == []
    assert seen >= lists


def _is_paged(template: str) -> bool:
    """Whether a page's own template draws a list with pages."""
    found = TEMPLATES / template
    return found.is_file() and any(part in found.read_text() for part in PAGERS)


@pytest.mark.django_db
def test_a_character_that_no_text_of_ours_can_have_makes_no_sense() -> None:
    client = signed_in(cast.shirin())
    assert client.get("/staff/reports", {"after": "\0"}).status_code == HTTPStatus.BAD_REQUEST
    journalled = f"/staff/workers/{cast.rahima().public_id}/vouch"
    assert client.post(journalled, {"reason": "met\0her"}).status_code == HTTPStatus.BAD_REQUEST


def _names(side: str) -> list[str]:
    """The names of all addresses of one side without an id in them."""
    resolver = next(
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.namespace == side
    )
    return [
        each.name
        for each in resolver.url_patterns
        if isinstance(each, URLPattern) and each.name and not each.pattern.converters
    ]
