"""What became of a withdrawal, of the places where they may go, and of what is proved before the first."""

from __future__ import annotations

from typing import cast

from django.urls import reverse

from tukro.journal.models import Event
from tukro.money.actions.paying_out.methods import LINK_DAYS, confirmation_token
from tukro.money.models import Payout, PayoutMethod
from tukro.money.rules import PayoutKindName, masked
from tukro.notices.actions.told import Facts, Teller, Told, told_to_worker
from tukro.people.rules.letters import ANNOUNCED


def _payout(event: Event, template: str, link: str) -> Told | None:
    payout = Payout.objects.select_related("worker__user").filter(public_id=event.subject).first()
    if payout is None:
        return None
    facts: Facts = {
        "amount": payout.amount,
        "paid_out": payout.paid_out,
        "fee": payout.fee or "",
        "tax": payout.tax or "",
        "arrives": payout.receives if payout.currency != "USD" else "",
        "reference": event.facts.get("reference", ""),
        "reason": event.facts.get("reason", ""),
        "method": payout.kind,
        "shown": masked(cast(PayoutKindName, payout.kind), payout.details),
        "code_ends": payout.code_ends,
        "code": reverse("worker:withdraw_code", args=[payout.public_id]) if payout.sealed_code else "",
    }
    return Told(payout.worker.user, template, facts, kind="payout", link=link)


def _sent(event: Event) -> Told | None:
    return _payout(event, "payout_sent", reverse("worker:withdraw"))


def _returned(event: Event) -> Told | None:
    return _payout(event, "payout_returned", reverse("worker:withdraw"))


def _left_out(event: Event) -> Told | None:
    """A turn of the regular withdrawals; the same reason again is no news."""
    if event.facts.get("again"):
        return None
    facts: Facts = {"why": event.facts["why"]}
    link = reverse("worker:withdraw")
    return told_to_worker(event.subject, "schedule_left_out", facts, kind="payout", link=link)


def _method(pk: int) -> PayoutMethod | None:
    found = PayoutMethod.objects.select_related("worker__user").filter(pk=pk, removed_at=None)
    return found.first()


def _place(method: PayoutMethod) -> Facts:
    """A place in words: the template names its kind."""
    return {
        "method": method.kind,
        "shown": masked(cast(PayoutKindName, method.kind), method.details),
        "usable_from": method.usable_from,
        "days": LINK_DAYS,
    }


def _added(event: Event) -> Told | None:
    """The link goes by mail only: a notice on the site shows what stands before the first empty line."""
    method = _method(event.facts["method"])
    if method is None or method.confirmed_at is not None:
        return None
    facts = _place(method) | {"confirm": reverse("worker:payout_place", args=[confirmation_token(method)])}
    return Told(
        method.worker.user, "payout_method_added", facts, kind="account", link=reverse("worker:withdraw")
    )


def _joined(event: Event) -> Told | None:
    """An earlier place has an address of its own: whoever reads there hears that there is another place."""
    method, earlier = _method(event.facts["method"]), _method(event.facts["told"])
    if method is None or earlier is None:
        return None
    return Told(
        method.worker.user,
        "payout_method_joined",
        _place(method),
        kind="account",
        link=reverse("worker:withdraw"),
        to=earlier.details["email"],
    )


def _letter(event: Event, template: str) -> Told | None:
    facts: Facts = {
        "days": ANNOUNCED.days,
        "reason": event.facts.get("reason", ""),
        "unsent": event.facts.get("unsent", False),
    }
    return told_to_worker(event.subject, template, facts, kind="payout", link=reverse("worker:address"))


def _phone(event: Event) -> Told | None:
    """Whoever has the account hears of a number that proves it: it might not be theirs."""
    facts: Facts = {"shown": event.facts["shown"], "changed": event.facts["changed"]}
    return told_to_worker(event.subject, "phone_proved", facts, kind="account", link=reverse("worker:phone"))


def _letter_posted(event: Event) -> Told | None:
    return _letter(event, "letter_posted")


def _letter_returned(event: Event) -> Told | None:
    return _letter(event, "letter_returned")


TELLERS: dict[str, Teller] = {
    "PayoutSent": _sent,
    "PayoutReturned": _returned,
    "PayoutFailed": _returned,
    "PayoutScheduleSkipped": _left_out,
    "PayoutMethodAdded": _added,
    "PayoutMethodAskedAgain": _added,
    "PayoutMethodJoined": _joined,
    "LetterPosted": _letter_posted,
    "LetterReturned": _letter_returned,
    "PhoneProved": _phone,
}
