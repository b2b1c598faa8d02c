"""Bank transfer: the payer writes our reference into it, staff bring in the bank's list of what came.

Nothing is asked over the network; ``actions/deposits/bank.py`` matches the lines.
"""

from __future__ import annotations

from django.conf import settings

from tukro.money.models import Deposit, Refund
from tukro.money.providers.deposits.contract import Event, Forged, Hook, NotStarted, RefundAnswer, Started
from tukro.money.rules.deposits import Sighting
from tukro.outside.http import Unknown


class Bank:
    name = "bank"

    @property
    def currency(self) -> str:
        return str(settings.BANK_CURRENCY)

    def is_set_up(self) -> bool:
        return bool(settings.BANK_DETAILS)

    def start(self, deposit: Deposit, *, back: str) -> Started | NotStarted:  # noqa: ARG002  # the contract's arguments
        """The page itself says where to send the money."""
        return Started(ref=deposit.reference, url="")

    def ask(self, deposit: Deposit) -> Sighting | None:  # noqa: ARG002  # the contract's arguments
        """Open until it is too late: only a line of the bank's list settles it."""
        return Sighting("open")

    def read_hook(self, hook: Hook) -> Event:  # noqa: ARG002  # the contract's arguments
        raise Forged("banks send no web hooks")

    def refund(self, refund: Refund) -> RefundAnswer:  # noqa: ARG002  # the contract's arguments
        return Unknown("staff send it by hand")

    def find_refund(self, refund: Refund) -> RefundAnswer:  # noqa: ARG002  # the contract's arguments
        return Unknown("staff send it by hand")
