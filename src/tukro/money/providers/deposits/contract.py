"""What every way to pay in can do; each provider is one file beside this one.

Providers are asked outside of transactions and write nothing: what they say is brought into the books by the
verbs of ``actions``, called from ``desk.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tukro.money.models import Deposit, Refund
from tukro.money.rules.deposits import SeenRefund, Sighting
from tukro.outside.http import NotSent, Unknown


@dataclass(frozen=True, slots=True)
class Started:
    """The payer goes to ``url``; ``ref`` is the provider's id of the place where they pay."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No place to pay. ``final``: it declined, and asking again would change nothing. ``why`` is a code."""

    why: str
    final: bool


@dataclass(frozen=True, slots=True)
class Hook:
    """A web hook as it came: names of headers in lower case, the body untouched."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """What a genuine web hook is about: one of our deposits by its id, or a payment by the provider's."""

    id: str
    kind: str
    deposit: str = ""
    about: str = ""


class Forged(Exception):
    """The signature is not the provider's, or the message is none."""


class CannotVerify(Exception):
    """Whether it is genuine cannot be found out just now; the provider will tell it again."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The provider knows of no such refund: it was never made."""


RefundAnswer = SeenRefund | NotSent | Unknown | Missing


class DepositProvider(Protocol):
    name: str

    @property
    def currency(self) -> str:
        """In which people pay."""

    def is_set_up(self) -> bool:
        """Whether its settings are there; it is offered only then."""

    def start(self, deposit: Deposit, *, back: str) -> Started | NotStarted:
        """Open a place to pay; the payer comes back to ``back``. Again gives the same one, or a new one."""

    def ask(self, deposit: Deposit) -> Sighting | None:
        """What became of it; None when that cannot be told just now."""

    def read_hook(self, hook: Hook) -> Event:
        """What a web hook is about. Raises Forged and CannotVerify."""

    def refund(self, refund: Refund) -> RefundAnswer:
        """Send money back, with the refund's own id as key. Never called twice without a look between."""

    def find_refund(self, refund: Refund) -> RefundAnswer:
        """What became of a refund that was sent."""
