"""A provider's report against our books: what is in both, and every difference to the smallest unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tukro.kernel.money import Money, NotMoney
from tukro.money.rules.csv_tables import TableFault, plain_amount, read_table

# What providers call their columns (PayPal, Stripe, bKash, Wise, Payoneer and banks); the first is taken.
_NAMES = {
    "ref": (
        "our reference",
        "sender item id",
        "customer transaction id",
        "reference",
        "transaction reference",
        "trx id",
        "trxid",
        "transaction id",
        "payment id",
        "id",
    ),
    "amount": ("amount", "gross", "net", "debit", "credit", "paid out", "transaction amount"),
    "fee": ("fee", "fees", "total fees", "transaction fee", "charge", "charges", "commission"),
}

# amount   in both, with other amounts
# foreign  in the report, and we know nothing of it
# missing  in our books, and the report does not have it
# twice    the report has it more than once
DifferenceCode = Literal["amount", "foreign", "missing", "twice"]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of the report; amounts without their sign, since some providers show payouts as negative."""

    line: int
    ref: str
    amount: Money
    fee: Money | None = None  # what the provider kept for it, if the report says so


@dataclass(frozen=True, slots=True)
class Booked:
    """One movement of ours: ``refs`` are all the names by which the provider may call it."""

    public_id: str
    refs: tuple[str, ...]
    amount: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """``theirs`` less ``ours`` is what the report has too much."""

    code: DifferenceCode
    ref: str
    theirs: Money
    ours: Money
    line: int = 0
    public_id: str = ""

    @property
    def amount(self) -> Money:
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class Reconciled:
    matched: int
    theirs: Money
    ours: Money
    differences: tuple[Difference, ...]


def read_report(data: bytes, *, currency: str) -> list[ReportLine] | TableFault:
    """The lines that have an amount; or the first fault."""
    table = read_table(data, names=_NAMES, needed=("ref", "amount"))
    if isinstance(table, TableFault):
        return table
    found = []
    for number, cells in table.cells():
        if not cells["amount"]:
            continue
        try:
            amount = Money.parse(plain_amount(cells["amount"]).lstrip("-"), currency)
            kept = cells.get("fee")
            fee = Money.parse(plain_amount(kept).lstrip("-"), currency) if kept else None
        except NotMoney:
            return TableFault("not_an_amount", line=number, text=cells["amount"][:40])
        found.append(ReportLine(number, cells["ref"][:200], amount, fee))
    return found


def reconcile(
    lines: Sequence[ReportLine], *, expected: Sequence[Booked], known: Sequence[Booked], currency: str
) -> Reconciled:
    """Match by reference, compare to the smallest unit.

    ``expected``: what the report must have. ``known``: what it may have besides (sent on another day).
    The differences always add up to ``theirs`` less ``ours``.
    """
    by_ref = _index((*known, *expected))
    zero = Money(0, currency)
    seen: dict[str, Booked] = {}
    differences: list[Difference] = []
    matched = 0
    for line in lines:
        one = by_ref.get(line.ref)
        if one is None:
            differences.append(Difference("foreign", line.ref, line.amount, zero, line.line))
        elif one.public_id in seen:
            differences.append(Difference("twice", line.ref, line.amount, zero, line.line, one.public_id))
        else:
            seen[one.public_id] = one
            matched += 1
            if line.amount != one.amount:
                differences.append(
                    Difference("amount", line.ref, line.amount, one.amount, line.line, one.public_id)
                )
    missing = [one for one in expected if one.public_id not in seen]
    differences += [
        Difference("missing", next(iter(one.refs), ""), zero, one.amount, public_id=one.public_id)
        for one in missing
    ]
    ours = sum((one.amount for one in (*seen.values(), *missing)), zero)
    theirs = sum((line.amount for line in lines), zero)
    return Reconciled(matched, theirs, ours, tuple(differences))


def _index(booked: Sequence[Booked]) -> dict[str, Booked]:
    """By every name that only one movement has: a file's common reference says nothing of the single ones."""
    found: dict[str, Booked] = {}
    shared = set()
    for one in booked:
        for ref in filter(None, one.refs):
            if found.setdefault(ref, one).public_id != one.public_id:
                shared.add(ref)
    return {ref: one for ref, one in found.items() if ref not in shared}
