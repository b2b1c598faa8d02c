"""A worker with money and approved payouts, for the tests of providers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests import cast, make
from tests.make import NOW
from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import approve_payout
from tukro.money.models import Payout
from tukro.money.providers.sending import ask_payouts, send_payouts
from tukro.money.queries import worker_balance
from tukro.money.rules import PayoutKindName
from tukro.people.models import Worker

SHIRIN = Actor("staff", "7")
TEN = Money.parse("10.00")
LATER = (1, 5, 20, 60, 180, 600)  # minutes after which what is under way is asked about


def earner(amount: str = "25.00") -> Worker:
    """Rahima has earned 25 dollars."""
    return make.with_earnings(cast.rahima(), amount)


def approved(
    worker: Worker, kind: PayoutKindName, details: Mapping[str, str], *, amount: Money = TEN
) -> Payout:
    """A payout that a provider may take."""
    method = make.payout_method(of=worker, kind=kind, details=details)
    payout = request_payout(worker=worker, method_id=method.pk, amount=amount, now=NOW)
    return approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW)


def send(payout: Payout, *, minutes: int = 0) -> str:
    """The sender's turn; the state afterwards."""
    send_payouts(NOW + timedelta(minutes=minutes))
    payout.refresh_from_db()
    return payout.state


def ask(payout: Payout, *, minutes: int) -> str:
    """The asker's turn, so many minutes after the sending; the state afterwards."""
    ask_payouts(NOW + timedelta(minutes=minutes))
    payout.refresh_from_db()
    return payout.state


def go_on(payout: Payout) -> str:
    """Let time pass: ask and send again whenever that is due. The state at the end."""
    for minutes in LATER:
        ask(payout, minutes=minutes)
        send(payout, minutes=minutes)
    return payout.state


def balance(worker: Worker) -> tuple[str, str, str]:
    available, reserved, transit = worker_balance(worker)
    return str(available), str(reserved), str(transit)
