"""Codes that staff and people meet have words: each kind of movement, each event of the journal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import cast, make
from tests.money.bank import SHIRIN
from tests.web.market import signed_in
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.rules import PAYOUT_KINDS
from tukro.web.words.events import EVENTS
from tukro.web.words.payouts import KINDS
from tukro.web.words.transfers import TRANSFERS

HOUSE = Path(__file__).parents[3]
# The ways in which rooms name an event: in Python, in SQL, through a helper of their own, from a list.
_NAMED = re.compile(
    r"\brecord\(\s*name=\"([A-Z]\w+)\"|\b_?(?:tell|record|note)\((?:[\w.]+, )?\"([A-Z][a-z]\w+)\""
    r"|journal_record(?:_many)?\('([A-Z]\w+)'|(?:Kind\.\w+|name): \"([A-Z][a-z]\w+)\""
)


def test_every_way_to_withdraw_has_words() -> None:
    assert set(KINDS) == set(PAYOUT_KINDS)


def test_every_kind_of_movement_has_words() -> None:
    section = (HOUSE / "docs" / "money.md").read_text().split("## Movements\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(TRANSFERS)


def test_every_event_has_words() -> None:
    rooms = [path for path in (HOUSE / "src" / "tukro").rglob("*") if path.suffix in (".py", ".sql")]
    found = {name for path in rooms for names in _NAMED.findall(path.read_text()) for name in names if name}
    assert len(found) > 150  # the house says them as we look for them
    assert found - set(EVENTS) == set()


@pytest.mark.django_db
def test_nobody_reads_a_code_on_the_pages_of_money_and_history() -> None:
    rahima = cast.rahima()
    correct_balance(by=SHIRIN, person=rahima, amount=Money.parse("5.00"), reason="lost work", now=make.NOW)
    staff, worker = signed_in(cast.shirin()), signed_in(rahima.user)
    for client, page in ((staff, "/staff/money/transfers"), (worker, "/earnings")):
        assert "Correction by our staff" in client.get(page).content.decode()
    correction = staff.get("/staff/money/transfers").content.decode().split("?subject=")[1].split('"')[0]
    assert "Balance corrected" in staff.get(f"/staff/journal?subject={correction}").content.decode()
