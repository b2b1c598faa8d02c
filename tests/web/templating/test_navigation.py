"""The navigation on every page: it says where in the house the reader stands."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests import cast
from tests.web.joining import signed_in
from tukro.web.staff.urls import urlpatterns

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("/requester/", ("/requester/", "page")),
        ("/requester/batches", ("/requester/batches", "page")),
        ("/requester/projects/new", ("/requester/projects", "true")),
        ("/requester/groups", ("/requester/qualifications", "true")),
        ("/requester/blocks", ("/requester/qualifications", "true")),
        ("/requester/deposits", ("/requester/balance", "true")),
        ("/requester/notifications", ("/requester/keys", "true")),
    ],
)
def test_the_part_that_holds_the_page_is_marked_also_when_its_address_lies_beside(
    page: str, marked: tuple[str, str]
) -> None:
    shown = signed_in(cast.karim().user).get(page).content.decode()
    assert re.findall(r'<li><a href="([^"]+)" aria-current="(\w+)"', shown)[:1] == [marked]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("/staff/appeals", "/staff/reports"),
        ("/staff/messages", "/staff/reports"),
        ("/staff/people", "/staff/workers"),
        ("/staff/letters", "/staff/workers"),
        ("/staff/holds", "/staff/payouts"),
        ("/staff/sanctions", "/staff/payouts"),
        ("/staff/texts", "/staff/outbox"),
        ("/staff/journal", "/staff/ledger"),
        ("/staff/treasury/taxes", "/staff/ledger"),
    ],
)
def test_staff_see_the_part_that_holds_a_page_whose_address_lies_beside(page: str, marked: str) -> None:
    shown = signed_in(cast.shirin()).get(page).content.decode()
    assert _marked(shown) == [marked]


def test_every_page_of_staff_has_its_part_in_the_navigation() -> None:
    staff = signed_in(cast.shirin())
    plain = [each.name for each in urlpatterns if "<" not in str(each.pattern)]
    answers = {name: staff.get(reverse(f"staff:{name}")) for name in plain}
    pages = {
        name: answer.content.decode()
        for name, answer in answers.items()
        if answer.status_code == 200 and not answer.streaming
    }
    assert len(pages) > 30
    assert [name for name, shown in pages.items() if len(_marked(shown)) != 1] == []


def _marked(shown: str) -> list[str]:
    """Which links of the row of parts are marked; below it, tabs have marks of their own."""
    row = shown.split('class="site-nav site-nav-row"')[1].split("</nav>")[0]
    return re.findall(r'href="([^"]+)" aria-current="\w+"', row)
