"""The withdrawal queue: approve, hold, hand the money over outside, and write down what happened to each."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.actions import record
from tukro.kernel.csv_lines import BYTE_ORDER_MARK, Echo, harmless
from tukro.money.actions.holds import hold_payout, release_payout
from tukro.money.actions.paying_out.payouts import refuse_payout, settle_payout
from tukro.money.actions.paying_out.sending import ask_soon
from tukro.money.actions.proposals.acts import Act, ApprovePayout, DecidePayout, ReturnPayout, SendPayout
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.models import Payout, PayoutState
from tukro.money.providers.registry import senders
from tukro.money.queries import open_batches, open_signals, payout_counts, payout_queue
from tukro.money.queries.payouts import Wanted
from tukro.money.queries.proposals import waiting_about
from tukro.money.rules import PAYOUT_FIELDS, PAYOUT_KINDS
from tukro.web.alike.acts import act_on_each
from tukro.web.alike.downloads import csv_file
from tukro.web.alike.paging import one_page, row_number
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.staff.paying_out import same_number
from tukro.web.words.holds import held_for
from tukro.web.words.payouts import KINDS, STATES, details_in_words, method_label

SHOWN = 100
_OPEN_STATES = ("requested", "held", "approved", "sending", "unknown", "sent")
# What staff can do with payouts of a state; a file's payouts are handled with their file.
_ACTS = {
    "requested": ("approve", "send", "hold", "refuse"),
    "held": ("release", "refuse"),
    "approved": ("send", "hold", "refuse"),
    "unknown": ("ask", "decide"),
    "sent": ("settle", "return"),
    "settled": ("return",),
}
_WITH_REFERENCE = ("requested", "approved", "unknown")
_SENT = ("send", "accepted", "settled")  # buttons that write down the number of a payment


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of the queue. ``after``: the row with which the page before ended."""

    state: str
    wanted: Wanted
    after: int | None

    @property
    def narrowed(self) -> str:
        """The address' words for all but the page, without the state."""
        said = {"kind": self.wanted.kind, "q": self.wanted.text, "file": self.wanted.file}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def query(self) -> str:
        """The address' words for this very page."""
        parts = f"state={self.state}", self.narrowed, f"after={self.after}" if self.after else ""
        return "&".join(filter(None, parts))


@require_GET
@staff_required
def payouts(request: StaffRequest) -> HttpResponse:
    """Withdrawals in one state, all or those looked for, with the details that are needed to send them."""
    asked = _asked(request.GET)
    state, wanted = asked.state, asked.wanted
    shown, next_cursor = one_page(_queue(asked), SHOWN, lambda row: row.pk)
    counts, sent_by = payout_counts(wanted), senders()
    waiting = waiting_about([payout.public_id for payout in shown], timezone.now())
    context = {
        "state": state,
        "states": [
            # Of what is over, only how much is found is told.
            (code, label, counts[code] if code in _OPEN_STATES or wanted.text or wanted.file else 0)
            for code, label in STATES.items()
        ],
        "asked": asked,
        "kind": wanted.kind,
        "kinds": KINDS.items(),
        "count": counts[state],
        "elsewhere": sum(counts.values()) > counts[state],
        "next_cursor": next_cursor,
        "acts": _ACTS.get(state, ()),
        "can_act": state in _ACTS,
        "with_reference": state in _WITH_REFERENCE,
        "batches": [(one, KINDS[one.kind]) for one in open_batches()],
        "signals": open_signals().count(),
        "payouts": [
            {
                "row": payout,
                "kind": KINDS[payout.kind],
                "method": method_label(payout),
                "details": details_in_words(payout),
                "by": sent_by.get(payout.kind, ""),
                "proposal": waiting.get(payout.public_id),
                "held_for": held_for(payout.hold_reason) if state == "held" else "",
            }
            for payout in shown
        ],
    }
    return render(request, "staff/paying_out/payouts.html", context)


@require_GET
@staff_required
def export(request: StaffRequest) -> StreamingHttpResponse:
    """What the page shows as CSV, for a bank's or wallet's bulk page.

    It holds account numbers, so who took it is written down.
    """
    asked, now = _asked(request.GET), timezone.now()
    state, kind, queue = asked.state, asked.wanted.kind, payout_queue(asked.state, asked.wanted)
    record(
        name="PayoutsExported",
        actor=request.user.actor,
        subject="payouts",
        at=now,
        facts={"state": state, "kind": kind, "count": queue.count()},
    )
    return csv_file(
        _csv_lines(queue.iterator(500)), name=f"withdrawals-{kind or 'all'}-{state}-{now:%Y-%m-%d}.csv"
    )


@require_POST
@staff_required
def act_on_payouts(request: StaffRequest) -> HttpResponse:
    """Do one thing to every ticked withdrawal, each on its own: one that refuses stops none of the others."""
    verb = _verb(request)
    chosen = request.POST.getlist("payout")
    back = f"{reverse('staff:payouts')}?{_asked(request.POST).query}"
    if verb is None or not chosen:
        messages.error(request, _("Tick at least one withdrawal and choose what happened to it."))
        return redirect(back)
    answer = act_on_each(
        request,
        verb,
        chosen,
        done=lambda count: _("Withdrawals written down: %(count)s.") % {"count": count},
        back=back,
        named=_named,
    )
    if request.POST.get("act") in _SENT and answer.status_code == HTTPStatus.FOUND:
        _warn_of_same_number(request, chosen)
    return answer


def _warn_of_same_number(request: StaffRequest, chosen: Sequence[str]) -> None:
    """A number that other withdrawals bear is said: a bank's one number for many is right, a slip is not."""
    common = request.POST.get("reference", "").strip()
    typed: dict[str, list[str]] = {}  # a number → the rows in which it was typed
    for payout_id in chosen:
        own = _own_reference(request, payout_id)
        typed.setdefault(own or common, []).extend([payout_id] if own else [])
    others = same_number.sent_already(typed.keys(), but=chosen)
    for reference, rows in typed.items():
        twins = [_named(payout_id) for payout_id in rows] if len(rows) > 1 else []
        if names := [*map(same_number.called, others.get(reference, ())), *twins]:
            same_number.warn(request, reference, names)


def _named(payout_id: str) -> str:
    payout = Payout.objects.select_related("worker__user").filter(public_id=payout_id).first()
    return same_number.called(payout) if payout else payout_id


def _own_reference(request: StaffRequest, payout_id: str) -> str:
    """What was typed in its row."""
    return request.POST.get(f"reference_{payout_id}", "").strip()


def _verb(request: StaffRequest) -> Callable[[str], bool] | None:
    """What the pressed button asks for, with what was typed beside it; it tells whether it has to wait.

    A row's own reference wins over the common one.
    """
    by, now, pressed = request.user.actor, timezone.now(), request.POST.get("act", "")
    reason, common = request.POST.get("reason", ""), request.POST.get("reference", "")
    alone: dict[str, Callable[[str], object]] = {
        "hold": lambda payout_id: hold_payout(by=by, payout_id=payout_id, reason=reason, now=now),
        "release": lambda payout_id: release_payout(by=by, payout_id=payout_id, reason=reason, now=now),
        "refuse": lambda payout_id: refuse_payout(by=by, payout_id=payout_id, reason=reason, now=now),
        "settle": lambda payout_id: settle_payout(by=by, payout_id=payout_id, now=now),
        "ask": lambda payout_id: ask_soon(by=by, payout_id=payout_id, now=now),
    }
    if pressed not in alone and _act(pressed, "", "", "") is None:
        return None

    def do(payout_id: str) -> bool:
        reference = _own_reference(request, payout_id) or common
        attempt = request.POST.get(f"attempt_{payout_id}", "")
        if act := _act(pressed, payout_id, reason, reference, attempt):
            return do_or_propose(act=act, by=by, now=now) is not None
        alone[pressed](payout_id)
        return False

    return do


def _act(pressed: str, payout_id: str, reason: str, reference: str, attempt: str = "") -> Act | None:
    """What needs a second person above the limit. ``attempt``: the sending that the page showed."""
    match pressed:
        case "approve":
            return ApprovePayout(payout_id)
        case "send":
            return SendPayout(payout_id, reference)
        case "return":
            return ReturnPayout(payout_id, reason, reference)
        case "accepted" | "settled" | "failed" | "again" as decision:
            return DecidePayout(payout_id, decision, reason, reference, row_number(attempt) or 0)
        case _:
            return None


def _asked(said: QueryDict) -> _Asked:
    """What the address, or the form that stood on such a page, asks for; rubbish asks for nothing."""
    state, kind = said.get("state", ""), said.get("kind", "")
    return _Asked(
        state if state in PayoutState.values else PayoutState.REQUESTED.value,
        Wanted(
            kind=kind if kind in PAYOUT_KINDS else "",
            text=said.get("q", "").strip()[:120],
            file=said.get("file", "")[:30],
        ),
        row_number(said.get("after", "")),
    )


def _queue(asked: _Asked) -> QuerySet[Payout]:
    """From where the page before ended. What is over is read from its end, what waits from its beginning."""
    queue, after = payout_queue(asked.state, asked.wanted).select_related("batch"), asked.after
    if asked.state in _OPEN_STATES:
        return queue.filter(pk__gt=after) if after else queue
    return queue.reverse().filter(pk__lt=after) if after else queue.reverse()


def _csv_lines(queue: Iterator[Payout]) -> Iterator[str]:
    rows = csv.writer(Echo())
    detail_names = list(dict.fromkeys(field.name for fields in PAYOUT_FIELDS.values() for field in fields))
    head = [
        "withdrawal",
        "worker",
        "requested_at",
        "kind",
        "amount",
        "fee",
        "tax",
        "arrives",
        "currency",
        "reference",
        *detail_names,
    ]
    yield BYTE_ORDER_MARK + rows.writerow(head)
    for payout in queue:
        details = payout.details
        cells = [
            payout.public_id,
            payout.worker.public_id,
            payout.requested_at.isoformat(timespec="seconds"),
            payout.kind,
            str(payout.amount),
            str(payout.fee),
            str(payout.tax),
            str(payout.receives),
            payout.currency,
            payout.reference,
            *(details.get(name, "") for name in detail_names),
        ]
        yield rows.writerow(harmless(cells))
