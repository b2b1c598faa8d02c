"""A bank's list of what came in, read from CSV as banks write it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tukro.kernel.money import Money, NotMoney

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5_000

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
_NEEDED = ("amount", "memo")
_COMMA_DECIMALS = re.compile(r"-?\d{1,3}(\.\d{3})*,\d{2}")

FaultCode = Literal["not_text", "no_columns", "not_an_amount", "too_long"]


@dataclass(frozen=True, slots=True)
class BankLine:
    """Money that came in. ``ref`` is the bank's own number of it, the same when the line is read again."""

    ref: str
    amount: Money
    memo: str = ""
    payer: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class BankFileFault:
    code: FaultCode
    line: int = 0
    text: str = ""


def read_bank_file(data: bytes, *, currency: str) -> list[BankLine] | BankFileFault:
    """The lines of money that came in, money that went out is passed over; or the first fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text or not text.strip():
        return BankFileFault("not_text")
    head = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(text.lstrip().splitlines(), delimiter=delimiter)
    places = _places(next(rows))
    if any(name not in places for name in _NEEDED):
        return BankFileFault("no_columns", line=1, text=head[:200])
    found: list[BankLine] = []
    seen: Counter[str] = Counter()
    for number, row in enumerate(rows, start=2):
        if len(found) > MOST_LINES:
            return BankFileFault("too_long", line=number)
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        if not cells["amount"]:
            continue
        try:
            amount = Money.parse(_plain(cells["amount"]), currency)
        except NotMoney:
            return BankFileFault("not_an_amount", line=number, text=cells["amount"][:40])
        if amount.units > 0:
            found.append(_line(cells, amount, seen))
    return found


def _places(head: list[str]) -> dict[str, int]:
    names = [" ".join(name.lower().replace("_", " ").split()) for name in head]
    return {
        ours: names.index(theirs)
        for ours, many in _NAMES.items()
        for theirs in [next((each for each in many if each in names), None)]
        if theirs is not None
    }


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


def _plain(amount: str) -> str:
    """``1.234,50`` as ``1234.50``; a currency's sign or name is left out."""
    bare = re.sub(r"[A-Za-z$€৳₹\s\u00a0']", "", amount)
    return bare.replace(".", "").replace(",", ".") if _COMMA_DECIMALS.fullmatch(bare) else bare
