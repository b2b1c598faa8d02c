"""The deposits' desk: between the providers, who are asked over the network, and the verbs, which are not.

Nothing here holds a transaction while a provider is asked. Whoever asks has claimed the deposit for some
time, so that two jobs do not ask the same; if both did, the verbs would still settle once.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from tukro.kernel.money import Money
from tukro.money.actions.deposits import note_not_started, note_sighting, note_started
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.refunds import (
    note_refund,
    note_refund_lost,
    note_refund_not_sent,
    put_off_refund,
    take_refund_to_send,
)
from tukro.money.actions.notices import claim_deposit, note_looked, note_notice, put_off
from tukro.money.models import Deposit, Refund, RefundState
from tukro.money.providers.deposits import PROVIDERS
from tukro.money.providers.deposits.contract import Hook, Missing, RefundAnswer, Started
from tukro.money.queries.deposits import due_deposits, due_refunds
from tukro.money.rules.deposits import SAME_KEY_LIVES, SeenDispute, SeenRefund, Sighting
from tukro.outside.http import NotSent, Unknown

REFUNDED_THERE = "sent back on the provider's own pages"
_PER_RUN = 20
_log = logging.getLogger(__name__)


def begin(deposit: Deposit, *, back: str, now: datetime) -> Deposit:
    """Open a place to pay at the provider, unless there is one. ``back``: our page of the deposit.

    When the provider cannot be reached, the deposit stays without an address, and this may be done again.
    """
    if deposit.provider_ref or not deposit.is_open:
        return deposit
    match PROVIDERS[deposit.provider].start(deposit, back=back):
        case Started(ref=ref, url=url):
            return note_started(deposit_id=deposit.public_id, provider_ref=ref, pay_url=url, now=now)
        case failed if failed.final:
            return note_not_started(deposit_id=deposit.public_id, why=failed.why, now=now)
        case _:
            return deposit


def receive(provider: str, hook: Hook, *, now: datetime) -> None:
    """Take in a web hook: remember it once, and have the provider asked. Raises Forged and CannotVerify."""
    event = PROVIDERS[provider].read_hook(hook)
    note_notice(
        provider=provider,
        event_id=event.id,
        kind=event.kind,
        deposit_id=event.deposit,
        about=event.about,
        now=now,
    )


def look_at_due_deposits(now: datetime) -> int:
    """Ask about every deposit whose time has come; answers how many were asked about."""
    return sum(look(deposit_id, now) for deposit_id in due_deposits(now, _PER_RUN))


def look(deposit_id: str, now: datetime) -> bool:
    """Ask a deposit's provider and bring the deposit to where it is. Whether it could be asked."""
    deposit = claim_deposit(deposit_id=deposit_id, now=now)
    if deposit is None:
        return False
    seen = PROVIDERS[deposit.provider].ask(deposit)
    if seen is None:
        put_off(deposit_id=deposit_id, now=now)
        return False
    note_sighting(deposit_id=deposit_id, seen=seen, now=now)
    _follow(deposit_id, seen, now)
    note_looked(deposit_id=deposit_id, claimed_until=deposit.due_at, now=now)
    return True


def work_off_due_refunds(now: datetime) -> int:
    """Send refunds, and ask about those under way; answers with how many something was done."""
    due = due_refunds(now, _PER_RUN)
    for refund_id in due:
        work_off(refund_id, now)
    return len(due)


def work_off(refund_id: str, now: datetime) -> None:
    """One step of one refund."""
    refund = take_refund_to_send(refund_id=refund_id, now=now)
    if refund is not None:
        _note(refund, PROVIDERS[refund.deposit.provider].refund(refund), now)
        return
    under_way = put_off_refund(refund_id=refund_id, now=now)
    if under_way is not None:
        _note_found(under_way, PROVIDERS[under_way.deposit.provider].find_refund(under_way), now)


def _follow(deposit_id: str, seen: Sighting, now: datetime) -> None:
    for dispute in seen.disputes:
        note_dispute(deposit_id=deposit_id, seen=dispute, now=now)
    for refund in seen.refunds:
        ours = Refund.objects.filter(deposit__public_id=deposit_id, public_id=refund.key).first()
        if ours is not None and ours.state not in (RefundState.ASKED, RefundState.FAILED):
            note_refund(refund_id=refund.key, seen=refund, now=now)
        elif ours is None and refund.state == "done" and refund.amount:
            _note_foreign(deposit_id, refund.ref, refund.amount, now)


def _note_foreign(deposit_id: str, ref: str, amount: Money, now: datetime) -> None:
    """Somebody sent money back on the provider's own pages: it is gone, as after a dispute that was lost."""
    seen = SeenDispute(ref=ref, amount=amount, taken=True, closed=True, why=REFUNDED_THERE)
    note_dispute(deposit_id=deposit_id, seen=seen, now=now)


def _note(refund: Refund, answer: RefundAnswer, now: datetime) -> None:
    """What came of sending it."""
    match answer:
        case SeenRefund():
            note_refund(refund_id=refund.public_id, seen=answer, now=now)
        case NotSent():
            note_refund_not_sent(refund_id=refund.public_id, now=now)
        case Unknown(reason=why):
            _log.warning("the answer about refund %s was lost: %s", refund.public_id, why)
            note_refund_lost(refund_id=refund.public_id, why=why, now=now)
        case Missing():
            raise AssertionError("sending does not look anything up")


def _note_found(refund: Refund, answer: RefundAnswer, now: datetime) -> None:
    """What came of looking it up."""
    match answer:
        case SeenRefund():
            note_refund(refund_id=refund.public_id, seen=answer, now=now)
        case Missing() if refund.state != RefundState.SENT and _may_send_again(refund, now):
            note_refund_not_sent(refund_id=refund.public_id, now=now)
        case Missing():
            note_refund_lost(refund_id=refund.public_id, why="the provider knows of none", now=now)
        case NotSent(reason=why) | Unknown(reason=why):
            note_refund_lost(refund_id=refund.public_id, why=why, now=now)


def _may_send_again(refund: Refund, now: datetime) -> bool:
    """Only while the provider would recognise the key, should the first one turn up after all."""
    lives = SAME_KEY_LIVES.get(refund.deposit.provider, timedelta(0))
    return refund.sent_at is not None and now - refund.sent_at < lives
