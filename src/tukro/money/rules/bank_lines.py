"""A bank's list of what came in, read from CSV as banks write it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tukro.kernel.money import Money, NotMoney
from tukro.money.rules.csv_tables import TableFault, plain_amount, read_table

# What banks call their columns; the first that is there is taken.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "ref": (
        "transaction id",
        "transaction number",
        "transaction reference",
        "bank reference",
        "trx id",
        "id",
    ),
    "amount": ("credit", "credit amount", "amount", "paid in", "deposit"),
    "memo": ("description", "narrative", "memo", "particulars", "details", "purpose", "reference"),
    "payer": ("payer", "name", "sender", "from", "counterparty", "remitter"),
    "date": ("date", "value date", "booking date", "transaction date", "posted"),
}


@dataclass(frozen=True, slots=True)
class BankLine:
    """Money that came in. ``ref`` is the bank's own number of it, the same when the line is read again."""

    ref: str
    amount: Money
    memo: str = ""
    payer: str = ""
    date: str = ""


def read_bank_file(data: bytes, *, currency: str) -> list[BankLine] | TableFault:
    """The lines of money that came in, money that went out is passed over; or the first fault."""
    table = read_table(data, names=_NAMES, needed=("amount", "memo"))
    if isinstance(table, TableFault):
        return table
    found: list[BankLine] = []
    seen: Counter[str] = Counter()
    for number, cells in table.cells():
        if not cells["amount"]:
            continue
        try:
            amount = Money.parse(plain_amount(cells["amount"]), currency)
        except NotMoney:
            return TableFault("not_an_amount", line=number, text=cells["amount"][:40])
        if amount.units > 0:
            found.append(_line(cells, amount, seen))
    return found


def _line(cells: Mapping[str, str], amount: Money, seen: Counter[str]) -> BankLine:
    """A line without a number of the bank gets one from what it says, and how often it said so before."""
    said = "|".join((cells.get("date", ""), str(amount), cells.get("payer", ""), cells["memo"]))
    seen[said] += 1
    made = hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest()[:24]
    return BankLine(
        ref=cells.get("ref", "")[:120] or made,
        amount=amount,
        memo=cells["memo"][:300],
        payer=cells.get("payer", "")[:200],
        date=cells.get("date", "")[:20],
    )
