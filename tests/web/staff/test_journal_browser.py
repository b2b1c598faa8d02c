"""The journal on a phone: ids among the facts have no place where a line could break by itself."""

from __future__ import annotations

import pytest

from tests import cast
from tests.make import NOW
from tests.web.browser import PHONE, Visits, faults, overflow
from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_ids_among_the_facts_stay_in_the_window_of_a_phone(visit: Visits) -> None:
    proposal = {"proposal": "W" * 30, "act": "tax_form"}
    record(name="ProposalConfirmed", actor=HOUSE, subject="tax_rule:others", at=NOW, facts=proposal)
    page = visit(user=cast.shirin(), width=PHONE, language="bn")
    page.goto("/staff/journal?subject=tax_rule:others")
    assert proposal["proposal"] in page.inner_text("main")
    assert (overflow(page), faults(page)) == (0, [])
