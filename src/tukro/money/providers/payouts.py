"""What every provider that pays workers can do. Each is one file; without its settings it does not exist."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from tukro.kernel.money import Money
from tukro.money.rules.payouts import PayoutNews
from tukro.outside.http import NotSent, Unknown


@dataclass(frozen=True, slots=True)
class Order:
    """One payout as a provider gets it. ``key`` is the same each time: the payout's own id.

    ``amount`` is what shall arrive, in its currency; ``handle`` what the provider called it, if it said.
    ``age``: how long ago it was first cleared for sending: some providers remember keys for a time only.
    """

    key: str
    kind: str
    worker_id: str
    amount: Money
    details: Mapping[str, str]
    handle: str = ""
    age: timedelta = timedelta(0)
    arrived: bool = False  # as far as we know: it is watched for a while all the same

    @property
    def decimal(self) -> str:
        """The amount with two decimals, as providers read it: ``12.50``."""
        return f"{self.amount.amount:.2f}"


@dataclass(frozen=True, slots=True)
class Hint:
    """A web hook names a payout, by our key or by the provider's handle.

    What became of it is asked, not believed.
    """

    key: str = ""
    handle: str = ""


class HookForged(Exception):
    """A web hook that is not from the provider."""


class HookUnchecked(Exception):
    """Whether it is genuine cannot be found out just now; the provider will tell it again."""


SUM = "%sum%"


def with_sum(asked: Mapping[str, object], order: Order) -> bytes:
    """JSON in which ``SUM`` is the order's amount: an exact number with two decimals, never a float."""
    return json.dumps(asked).replace(f'"{SUM}"', order.decimal).encode()


class PayoutProvider(Protocol):
    """``repeatable``: the provider never pays one key twice, however often it is asked to."""

    name: str
    kinds: Sequence[str]
    repeatable: bool

    def send(self, order: Order) -> PayoutNews:
        """Ask it to pay."""
        ...

    def ask(self, order: Order) -> PayoutNews:
        """Ask it what became of an order, paying nothing that was not ordered."""
        ...

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """Which payouts a web hook is about; header names in lower case.

        Raises HookForged and HookUnchecked.
        """
        ...


def lost(outcome: NotSent | Unknown) -> PayoutNews:
    """A call that got no answer: certainly nothing was done, or nobody knows."""
    return PayoutNews("absent" if isinstance(outcome, NotSent) else "unclear", reason=outcome.reason)


def ordered_again(news: PayoutNews) -> PayoutNews:
    """What ordering once more, under the same key, tells of the first time.

    A provider that declines now, or cannot be reached, says nothing of then: it may have paid.
    """
    known = news.handle or news.said not in ("absent", "failed")
    return news if known else replace(news, said="unclear")


def hook_document(body: bytes) -> dict[str, Any]:
    """The JSON object that a web hook carries; an empty one when it is something else."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
