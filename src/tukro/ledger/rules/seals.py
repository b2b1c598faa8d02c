"""The words that are hashed and signed: of an entry, of a seal, of a day. Written the same way for ever.

Numbers are decimal, moments are whole microseconds since 1970 in UTC, hashes are hexadecimal; one line each.
``ledger_leaf`` in SQL (migrations/seals.sql) writes an entry in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

NOTHING_BEFORE = bytes(32)
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """One entry with all that makes it readable by itself. Debit is positive, credit negative."""

    transfer: int
    posted_at: int  # microseconds
    kind: str
    account: int
    code: str
    owner: str
    ref: str
    currency: str
    amount: int
    key: str
    subject: str

    @property
    def text(self) -> str:
        """``key`` and ``subject`` are other people's words: the length of the first keeps them apart."""
        head = f"{self.transfer}\n{self.posted_at}\n{self.kind}\n{self.account}\n{self.code}\n{self.owner}"
        tail = f"{self.currency}\n{self.amount}\n{len(self.key)}\n{self.key}\n{self.subject}\n{self.ref}"
        return f"{head}\n{tail}"


@dataclass(frozen=True, slots=True)
class SealHead:
    """A seal: the transfers after the one before, up to ``to_transfer``, under one root."""

    number: int
    to_transfer: int
    entries: int
    sealed_at: int  # microseconds
    previous: bytes
    root: bytes

    @property
    def hash(self) -> bytes:
        text = (
            f"tukro ledger seal 1\n{self.number}\n{self.to_transfer}\n{self.entries}\n{self.sealed_at}\n"
            f"{self.previous.hex()}\n{self.root.hex()}"
        )
        return sha256(text.encode()).digest()


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day of UTC: the seals made in it under one root, and the day before."""

    day: date
    first_seal: int
    last_seal: int
    previous: bytes
    root: bytes

    @property
    def signed(self) -> bytes:
        """What the house signs."""
        text = (
            f"tukro ledger day 1\n{self.day.isoformat()}\n{self.first_seal}\n{self.last_seal}\n"
            f"{self.previous.hex()}\n{self.root.hex()}"
        )
        return text.encode()

    @property
    def hash(self) -> bytes:
        return sha256(self.signed).digest()


def microseconds(when: datetime) -> int:
    """A moment as it is hashed: whole microseconds since the beginning of 1970 (UTC)."""
    return (when - _START) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The moment that ``microseconds`` came from."""
    return _START + timedelta(microseconds=microseconds)
