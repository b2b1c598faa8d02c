"""How files of payouts are laid out for banks, wallets and printers: pure text, no database.

A layout is a head and one row for each payout; every cell is text as the other side reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tukro.kernel.money import Money
from tukro.money.rules.methods import operator_of, without_accents

# Which kinds each layout is for.
LAYOUTS: Mapping[str, Sequence[str]] = {
    "beftn": ("bank",),
    "swift": ("swift",),
    "wallet": ("bkash", "nagad", "rocket"),
    "topup": ("topup",),
    "email": ("paypal", "payoneer", "skrill", "wise", "amazon"),
    "cheque": ("cheque",),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One payout of a file: ``reference`` is what the other side shall say when it speaks of it."""

    reference: str
    worker: str
    amount: Money  # as it shall arrive
    details: Mapping[str, str]

    @property
    def sum(self) -> str:
        return f"{self.amount.amount:.2f}"


def layout_of(kind: str) -> str:
    """The layout for a kind."""
    return next(layout for layout, kinds in LAYOUTS.items() if kind in kinds)


def rows_of(layout: str, items: Sequence[Item], *, account: str) -> Iterator[list[str]]:
    """The head, then a row for each payout. ``account`` is the one that pays."""
    head, row = _ROWS[layout]
    yield list(head)
    for item in items:
        yield row(item, account)


def _beftn(item: Item, account: str) -> list[str]:
    """As banks in Bangladesh take bulk BEFTN credits. The entry's fields are as short as NACHA's: an id of 15
    characters, a name of 22, in Latin letters where there are any."""
    details = item.details
    return [
        f"Tukro {item.reference[:10]}",
        account,
        details.get("routing_number", ""),
        details["account_number"],
        "Savings",
        item.sum,
        item.reference[:15],
        without_accents(details["account_name"])[:22],
    ]


def _swift(item: Item, account: str) -> list[str]:
    details = item.details
    return [
        account,
        details["account_name"],
        details["account_number"],
        details["bic"],
        details["bank"],
        details["country"],
        item.amount.currency,
        item.sum,
        item.reference,
    ]


def _wallet(item: Item, account: str) -> list[str]:
    del account
    return [item.details["number"], item.sum, item.amount.currency, item.reference]


def _topup(item: Item, account: str) -> list[str]:
    """As shops and agents that top phones up want it: whose number it is decides where it is done."""
    del account
    return [item.details["number"], operator_of(item.details), item.sum, item.amount.currency, item.reference]


def _email(item: Item, account: str) -> list[str]:
    """As PayPal's own mass payment file begins: address, sum, currency, our id."""
    del account
    return [item.details["email"], item.sum, item.amount.currency, item.reference]


def _cheque(item: Item, account: str) -> list[str]:
    del account
    return [item.details["payee"], item.sum, item.amount.currency, item.details["address"], item.reference]


_Row = Callable[[Item, str], list[str]]
_ROWS: Mapping[str, tuple[Sequence[str], _Row]] = {
    "beftn": (
        (
            "Reason",
            "SenderAccNumber",
            "ReceivingBankRouting",
            "BankAccNumber",
            "AccType",
            "Amount",
            "ReceiverID",
            "ReceiverName",
        ),
        _beftn,
    ),
    "swift": (
        ("from", "beneficiary", "account", "bic", "bank", "country", "currency", "amount", "reference"),
        _swift,
    ),
    "wallet": (("number", "amount", "currency", "reference"), _wallet),
    "topup": (("number", "operator", "amount", "currency", "reference"), _topup),
    "email": (("email", "amount", "currency", "reference"), _email),
    "cheque": (("payee", "amount", "currency", "address", "reference"), _cheque),
}
