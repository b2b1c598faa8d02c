"""Providers that pay workers and send refunds, and lose answers.

Of two that pay workers one never pays a key twice, and one pays whatever it is sent.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from threading import Lock

from tukro.money.models import Refund
from tukro.money.providers.deposits.contract import Missing, RefundAnswer
from tukro.money.providers.payouts import Hint, Order
from tukro.money.rules.deposits import SAME_KEY_LIVES, RefundTold, SeenRefund
from tukro.money.rules.payouts import PayoutNews
from tukro.outside.http import NotSent, Unknown

_LAGS = timedelta(minutes=10)  # after its approval a payout need not be on the provider's lists


class Payer:
    """What really was paid. ``paid`` counts by key how often; more than once is the fault we look for."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.begin(0)
        self.refunders = {name: Refunder(self, name) for name in ("stripe", "paypal", "sslcommerz")}
        self.doors = {"careful": Door(self, "careful", "bkash"), "simple": Door(self, "simple", "paypal")}

    def begin(self, seed: int) -> None:
        """A new market: nothing was ever paid."""
        self.paid: Counter[str] = Counter()
        self.orders: Counter[str] = Counter()
        self.failed: set[str] = set()  # said so: the money is not out there
        self.asked: Counter[str] = Counter()
        self.chance = Random(seed)

    @property
    def senders(self) -> Mapping[str, str]:
        return {kind: door.name for door in self.doors.values() for kind in door.kinds}

    def take(self, order: Order, *, repeatable: bool) -> None:
        self.orders[order.key] += 1
        if not (repeatable and self.paid[order.key]):
            self.paid[order.key] += 1

    def fate(self, key: str) -> PayoutNews:
        """Most arrive, some fail, some come back long after they arrived. The same key has one fate."""
        self.asked[key] += 1
        kind, asked = zlib.crc32(key.encode()) % 10, self.asked[key]
        if kind == 0 or (kind == 1 and asked > 2):
            self.failed.add(key)
            return PayoutNews("failed", handle=f"H{key}", reason="closed account")
        if asked == 1 and kind < 5:
            return PayoutNews("accepted", handle=f"H{key}")
        return PayoutNews("settled", handle=f"H{key}", reference=f"R{key}")

    def refund_fate(self, key: str) -> SeenRefund:
        """Most are done, some fail, some come back after they were done."""
        said = self.fate(key).said
        state: RefundTold = "done" if said == "settled" else "failed" if said == "failed" else "waiting"
        return SeenRefund(key=key, ref=f"RE{key}", state=state)

    def word_of_refund(self, key: str) -> SeenRefund | None:
        """What a web hook would make us find; nothing when it never came there."""
        with self.lock:
            return self.refund_fate(key) if self.paid[key] else None


class Refunder:
    """The part of a way to pay in that sends money back."""

    def __init__(self, payer: Payer, name: str) -> None:
        self.payer, self.key_is_safe = payer, name in SAME_KEY_LIVES

    def refund(self, refund: Refund) -> RefundAnswer:
        payer, key = self.payer, refund.public_id
        with payer.lock:
            match payer.chance.choice(("sent", "sent", "not sent", "cut before", "cut after")):
                case "not sent":
                    return NotSent("no line")
                case "cut before":
                    return Unknown("no answer")
                case fate:
                    if not (self.key_is_safe and payer.paid[key]):
                        payer.paid[key] += 1
                    return Unknown("no answer") if fate == "cut after" else payer.refund_fate(key)

    def find_refund(self, refund: Refund) -> RefundAnswer:
        with self.payer.lock:
            if self.payer.chance.random() < 0.2:
                return Unknown("no answer")
            found = self.payer.paid[refund.public_id]
            return self.payer.refund_fate(refund.public_id) if found else Missing()


class Door:
    """A payout provider as the house knows them."""

    def __init__(self, payer: Payer, name: str, kind: str) -> None:
        self.payer, self.name, self.kinds = payer, name, (kind,)
        self.repeatable = name == "careful"

    def send(self, order: Order) -> PayoutNews:
        payer = self.payer
        with payer.lock:
            match payer.chance.choice(("taken", "taken", "arrived", "not sent", "cut before", "cut after")):
                case "not sent":
                    return PayoutNews("absent", reason="no funds")
                case "cut before":
                    raise TimeoutError("nothing came there")
                case "cut after":
                    payer.take(order, repeatable=self.repeatable)
                    return PayoutNews("unclear", reason="no answer")
                case "arrived":
                    payer.take(order, repeatable=self.repeatable)
                    return payer.fate(order.key)
                case _:
                    payer.take(order, repeatable=self.repeatable)
                    return PayoutNews("accepted", handle=f"H{order.key}")

    def ask(self, order: Order) -> PayoutNews:
        with self.payer.lock:
            if self.payer.chance.random() < 0.2:
                raise TimeoutError("no answer")
            late = order.age < _LAGS and self.payer.chance.random() < 0.5  # its lists lag behind
            if late or not self.payer.paid[order.key]:
                return PayoutNews("absent", reason="never heard of it")
            return self.payer.fate(order.key)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        raise AssertionError(f"the storm names payouts itself, and yet a hook came: {headers} {body!r}")
