"""A proof for one account as a file, and checking one without the database, the network or trust in us.

The file shows that each of its entries is under a seal, that seal under a day, and that the day was signed by
the house. It does not show that the account has no other entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tukro.ledger.rules.seals import DayHead, SealedEntry, SealHead
from tukro.ledger.rules.tree import leaf_hash, root_from

FORMAT = "tukro ledger proof 1"
Document = dict[str, Any]


class BadProof(ValueError):
    """The file does not prove what it says. ``reason`` is a code, ``where`` names the entry, seal or day."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{reason} {where}".strip())
        self.reason, self.where = reason, where


@dataclass(frozen=True, slots=True)
class Proved:
    """What a good file proves. ``debits`` and ``credits`` are sums in the account's smallest unit."""

    account: Mapping[str, Any]
    entries: int
    debits: int
    credits: int
    days: list[date]
    unsigned: int  # entries of the account that no signed day covered yet when the file was made


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    entry: SealedEntry
    seal: int
    place: int  # in the seal's tree
    path: list[bytes]


@dataclass(frozen=True, slots=True)
class ProvedSeal:
    head: SealHead
    day: date
    path: list[bytes]  # to the day's root


@dataclass(frozen=True, slots=True)
class SignedDay:
    head: DayHead
    signature: bytes


ACCOUNT = ("account", "code", "owner", "ref", "currency")


def write_proof(
    *,
    account: Mapping[str, Any],
    entries: list[ProvedEntry],
    seals: list[ProvedSeal],
    days: list[SignedDay],
    key: str,
    unsigned: int,
) -> Document:
    """The file, ready to be written as JSON. ``account`` has the fields of ACCOUNT."""
    return {
        "format": FORMAT,
        "key": key,
        "account": dict(account),
        "entries": [_entry_out(one) for one in entries],
        "seals": [_plain({**asdict(one.head), "day": one.day, "path": one.path}) for one in seals],
        "days": [_plain({**asdict(one.head), "signature": one.signature}) for one in days],
        "entries_not_under_a_signed_day_yet": unsigned,
    }


def check_proof(document: Document, *, key: Ed25519PublicKey) -> Proved:
    """What the file proves if ``key`` is the house's. Raises BadProof."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadProof("no_proof")
    try:
        days = {one.head.day: one for one in map(_day_in, document["days"])}
        seals = {one.head.number: one for one in map(_seal_in, document["seals"])}
        account = document["account"]
        entries = [_entry_in(one, account) for one in document["entries"]]
        unsigned = int(document["entries_not_under_a_signed_day_yet"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadProof("unreadable") from None
    for day in days.values():
        _check_day(day, key)
    for seal in seals.values():
        _check_seal(seal, days)
    for entry in entries:
        _check_entry(entry, seals)
    if len({entry.entry.transfer for entry in entries}) != len(entries):
        raise BadProof("twice")
    return Proved(
        account=account,
        entries=len(entries),
        debits=sum(max(one.entry.amount, 0) for one in entries),
        credits=sum(max(-one.entry.amount, 0) for one in entries),
        days=sorted({seals[one.seal].day for one in entries}),
        unsigned=unsigned,
    )


def _check_day(day: SignedDay, key: Ed25519PublicKey) -> None:
    try:
        key.verify(day.signature, day.head.signed)
    except InvalidSignature:
        raise BadProof("day_not_signed", day.head.day.isoformat()) from None


def _check_seal(seal: ProvedSeal, days: Mapping[date, SignedDay]) -> None:
    day = days.get(seal.day)
    if day is None or not _leads(
        seal.head.hash,
        place=seal.head.number - day.head.first_seal,
        size=day.head.last_seal - day.head.first_seal + 1,
        path=seal.path,
        root=day.head.root,
    ):
        raise BadProof("seal_not_in_day", str(seal.head.number))


def _check_entry(one: ProvedEntry, seals: Mapping[int, ProvedSeal]) -> None:
    seal = seals.get(one.seal)
    if seal is None or not _leads(
        leaf_hash(one.entry.text),
        place=one.place,
        size=seal.head.entries,
        path=one.path,
        root=seal.head.root,
    ):
        raise BadProof("entry_not_in_seal", str(one.entry.transfer))


def _leads(leaf: bytes, *, place: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return root_from(leaf, place, size, path) == root
    except ValueError:
        return False


def _entry_out(one: ProvedEntry) -> Document:
    entry = {name: value for name, value in asdict(one.entry).items() if name not in ACCOUNT}
    return _plain({**entry, "seal": one.seal, "place": one.place, "path": one.path})


def _entry_in(written: Document, account: Document) -> ProvedEntry:
    return ProvedEntry(
        entry=SealedEntry(
            transfer=int(written["transfer"]),
            posted_at=int(written["posted_at"]),
            kind=str(written["kind"]),
            account=int(account["account"]),
            code=str(account["code"]),
            owner=str(account["owner"]),
            ref=str(account["ref"]),
            currency=str(account["currency"]),
            amount=int(written["amount"]),
            key=str(written["key"]),
            subject=str(written["subject"]),
        ),
        seal=int(written["seal"]),
        place=int(written["place"]),
        path=[bytes.fromhex(step) for step in written["path"]],
    )


def _seal_in(written: Document) -> ProvedSeal:
    return ProvedSeal(
        head=SealHead(
            number=int(written["number"]),
            to_transfer=int(written["to_transfer"]),
            entries=int(written["entries"]),
            sealed_at=int(written["sealed_at"]),
            previous=bytes.fromhex(written["previous"]),
            root=bytes.fromhex(written["root"]),
        ),
        day=date.fromisoformat(written["day"]),
        path=[bytes.fromhex(step) for step in written["path"]],
    )


def _day_in(written: Document) -> SignedDay:
    return SignedDay(
        head=DayHead(
            day=date.fromisoformat(written["day"]),
            first_seal=int(written["first_seal"]),
            last_seal=int(written["last_seal"]),
            previous=bytes.fromhex(written["previous"]),
            root=bytes.fromhex(written["root"]),
        ),
        signature=bytes.fromhex(written["signature"]),
    )


def _plain(values: Document) -> Document:
    """Hashes as hexadecimal, days as text."""
    return {name: _as_text(value) for name, value in values.items()}


def _as_text(value: Any) -> Any:
    match value:
        case bytes():
            return value.hex()
        case date():
            return value.isoformat()
        case list():
            return [_as_text(one) for one in value]
        case _:
            return value
