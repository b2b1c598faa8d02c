"""The navigation on every page: it says where in the house the reader stands."""

from __future__ import annotations

import re

import pytest

from tests import cast
from tests.web.joining import signed_in

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
