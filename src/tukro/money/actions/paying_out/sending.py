"""Payouts as machines move them: claimed before they are sent, then whatever the provider says.

The claim is committed before the provider hears of the payout. So a sender that dies, or an answer that is
lost, leaves a payout that is known to be perhaps paid: it becomes *unknown* and is asked about, and is sent
again only when it is certain that it was not paid, under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Q

from tukro.kernel.actors import HOUSE, Actor
from tukro.money.actions.holds import hold_locked
from tukro.money.actions.paying_out.payouts import ReasonMissing, ReferenceMissing, back, fail
from tukro.money.actions.payout_moves import PayoutNotMovable, locked, move, post_sent, post_settled, tell
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import HoldCode, Payout, PayoutSignal, PayoutState, seal_code
from tukro.money.rules.payouts import (
    ABSENCE_BELIEVED,
    SENDER_SILENT,
    WATCHED,
    PayoutNews,
    PayoutVerb,
    verb_for,
    wait_before_asking,
)

_DAY = timedelta(days=1)
_REFUSED_WAIT = timedelta(minutes=30)  # between tries that a provider could not take, as for want of funds


@transaction.atomic
def claim_payout(*, providers: Mapping[str, str], now: datetime) -> Payout | None:
    """Take the next approved payout of these kinds (kind → provider) for sending; None: there is none.

    Two senders never get the same one. Writes PayoutSending.
    """
    ready = Payout.objects.select_for_update(skip_locked=True, of=("self",)).select_related("worker__user")
    ready = ready.filter(state=PayoutState.APPROVED, kind__in=providers)
    payout = ready.filter(Q(not_before=None) | Q(not_before__lte=now)).order_by("id").first()
    if payout is None:
        return None
    move(payout, "claim")
    payout.provider = providers[payout.kind]
    payout.attempts += 1
    payout.asks = 0
    payout.claimed_at, payout.ask_after = now, now + SENDER_SILENT
    payout.save(update_fields=["state", "provider", "attempts", "asks", "claimed_at", "ask_after"])
    tell(payout, "PayoutSending", by=HOUSE, at=now, provider=payout.provider, attempt=payout.attempts)
    return payout


@transaction.atomic
def claim_question(*, providers: Mapping[str, str], now: datetime) -> Payout | None:
    """Take the next payout that a provider must be asked about; None: there is none.

    A sender that was silent for too long is taken for dead: what it was sending becomes unknown. The time of
    the next question is set at once, so that two askers do not ask the same thing.
    """
    due = Payout.objects.select_for_update(skip_locked=True, of=("self",)).select_related("worker__user")
    payout = (
        due.filter(ask_after__lte=now, provider__in=set(providers.values())).order_by("ask_after").first()
    )
    if payout is None:
        return None
    if payout.state == PayoutState.SENDING:
        _lose(payout, reason="", now=now)
    payout.ask_after = now + wait_before_asking(payout.asks)
    if payout.state == PayoutState.SETTLED:
        assert payout.settled_at is not None
        payout.ask_after = now + _DAY if now + _DAY < payout.settled_at + WATCHED else None
    payout.asks += 1
    payout.save(update_fields=["ask_after", "asks"])
    return payout


@transaction.atomic
def record_news(
    *,
    payout_id: str,
    attempt: int,
    news: PayoutNews,
    by: Actor = HOUSE,
    repeatable: bool = False,
    now: datetime,
) -> Payout:
    """Write down what a provider said (or did not say) of the payout's ``attempt``-th sending.

    The same news twice is written once. ``repeatable``: the provider never pays one key twice, so that what
    it does not know may be sent once more. Refuses NotFound.
    """
    payout = locked(payout_id)
    _keep_names(payout, news)
    match news.said:
        case "absent":
            _absent(payout, attempt, news, repeatable=repeatable, now=now)
        case "unclear":
            if payout.state == PayoutState.SENDING and payout.attempts == attempt:
                _lose(payout, reason=news.reason, now=now)
        case _:
            verb = verb_for(news.said, payout.state)
            if verb == "contradiction":
                _contradict(payout, by=by, now=now)
            elif verb is not None:
                _do(payout, verb, news, by=by, now=now)
    return payout


def _keep_names(payout: Payout, news: PayoutNews) -> None:
    """What the provider calls it. A name once known is not lost to an answer without one."""
    payout.handle = news.handle[:200] or payout.handle
    payout.reference = news.reference[:120] or payout.reference
    payout.said = news.reason[:300] or payout.said
    if news.code and payout.code_shown_at is None:
        payout.sealed_code = seal_code(news.code, payout_id=payout.public_id)
        payout.code_ends = "" if news.code.startswith("http") else news.code[-4:]  # a link has no end to know
    payout.save(update_fields=["handle", "reference", "said", "sealed_code", "code_ends"])


def _absent(payout: Payout, attempt: int, news: PayoutNews, *, repeatable: bool, now: datetime) -> None:
    """The provider does not have it. While it may yet come up there, or might be paid twice, it waits."""
    if payout.attempts != attempt or payout.state not in (PayoutState.SENDING, PayoutState.UNKNOWN):
        return
    if payout.state == PayoutState.UNKNOWN:
        assert payout.claimed_at is not None
        if not repeatable or now < payout.claimed_at + ABSENCE_BELIEVED:
            return
    _requeue(payout, by=HOUSE, reason=news.reason, not_before=now + _REFUSED_WAIT, now=now)


def _requeue(payout: Payout, *, by: Actor, reason: str, not_before: datetime, now: datetime) -> None:
    move(payout, "requeue")
    payout.not_before, payout.ask_after = not_before, None
    payout.save(update_fields=["state", "not_before", "ask_after"])
    tell(payout, "PayoutNotTaken", by=by, at=now, reason=reason)


def _lose(payout: Payout, *, reason: str, now: datetime) -> None:
    move(payout, "lose")
    payout.ask_after = now + wait_before_asking(0)
    payout.save(update_fields=["state", "ask_after"])
    tell(payout, "PayoutUnknown", by=HOUSE, at=now, reason=reason)


def _do(payout: Payout, verb: PayoutVerb, news: PayoutNews, *, by: Actor, now: datetime) -> None:
    before = payout.state
    assert move(payout, verb), "verb_for gives only moves"
    match verb:
        case "accept":
            _sent(payout, now)
            payout.asks, payout.ask_after = 0, now + wait_before_asking(0)
            payout.save(update_fields=["state", "sent_at", "asks", "ask_after"])
            tell(payout, "PayoutSent", by=by, at=now)
        case "settle":
            told = before != PayoutState.SENT  # nobody has heard of it yet
            if told:
                _sent(payout, now)
            post_settled(payout, at=now)
            payout.settled_at, payout.ask_after = now, now + _DAY
            payout.save(update_fields=["state", "sent_at", "settled_at", "ask_after"])
            if told:
                tell(payout, "PayoutSent", by=by, at=now)
            tell(payout, "PayoutSettled", by=by, at=now)
        case "fail":
            fail(payout, before, by=by, reason=news.reason, now=now)
        case "return":
            back(payout, before, by=by, reason=news.reason, now=now)
        case _:
            raise AssertionError(verb)


def _sent(payout: Payout, now: datetime) -> None:
    payout.sent_at = now
    post_sent(payout, at=now)


def _contradict(payout: Payout, *, by: Actor, now: datetime) -> None:
    """Paid, says the provider, and here the money went back to the worker. Told once; people must look."""
    signal = PayoutSignal.objects.filter(kind=PayoutSignal.Kind.CONTRADICTION, payout=payout)
    if signal.exists():
        return
    PayoutSignal.objects.create(
        kind=PayoutSignal.Kind.CONTRADICTION, worker=payout.worker, payout=payout, at=now
    )
    if payout.state == PayoutState.APPROVED:  # it was about to be sent once more
        why = "the provider says that it was paid"
        hold_locked(payout, by=HOUSE, code=HoldCode.PROVIDER, note=why, now=now)
    tell(payout, "PayoutContradicted", by=by, at=now, state=payout.state)


Decision = Literal["accepted", "settled", "failed", "again"]


@transaction.atomic
def decide_unknown(
    *,
    by: Actor,
    payout_id: str,
    decision: Decision,
    reason: str,
    reference: str = "",
    attempt: int = 0,
    now: datetime,
    first: Actor | None = None,
) -> Payout:
    """Staff looked at the provider's own pages and say what became of an unknown payout, and why they know.

    ``again``: it was certainly not paid and shall be sent once more, under the same key. ``attempt``: the
    sending that they looked at; what they saw says nothing of a later one, which may have been paid.
    Refuses NotFound, ReasonMissing, ReferenceMissing (paid, but under which number?), PayoutNotMovable,
    SecondPersonNeeded.
    """
    if not reason.strip():
        raise ReasonMissing()
    payout = locked(payout_id)
    if payout.state != PayoutState.UNKNOWN or attempt not in (0, payout.attempts):
        raise PayoutNotMovable(state=payout.state, verb=decision)
    if decision in ("accepted", "settled") and not (reference.strip() or payout.reference):
        raise ReferenceMissing()
    check_amount(payout.amount, by=by, first=first)
    tell(payout, "PayoutDecided", by=by, at=now, decision=decision, reason=reason.strip())
    if decision == "again":
        _requeue(payout, by=by, reason=reason.strip(), not_before=now, now=now)
    else:
        news = PayoutNews(decision, reference=reference.strip(), reason=reason.strip())
        _keep_names(payout, news)
        verb = verb_for(decision, payout.state)
        assert verb is not None
        assert verb != "contradiction"
        _do(payout, verb, news, by=by, now=now)
    return payout


@transaction.atomic
def ask_soon(*, by: Actor, payout_id: str, now: datetime) -> Payout:
    """Staff, or a provider's web hook, want to know now: it is asked about at once. Refuses NotFound."""
    payout = locked(payout_id)
    if payout.provider and payout.state in (PayoutState.UNKNOWN, PayoutState.SENT, PayoutState.SETTLED):
        payout.ask_after = now
        payout.save(update_fields=["ask_after"])
        if by.kind == "staff":
            tell(payout, "PayoutAskedAbout", by=by, at=now)
    return payout
