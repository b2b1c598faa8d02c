"""The withdrawal queue: export it, hand the money over outside, and write down what happened to each."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.actions import record
from tukro.kernel.errors import Refused
from tukro.money.actions.payouts import return_payout, send_payout, settle_payout
from tukro.money.models import Payout, PayoutState
from tukro.money.queries import payout_queue
from tukro.money.rules import PAYOUT_FIELDS, PayoutKindName
from tukro.web import formats
from tukro.web.access import StaffRequest, staff_required
from tukro.web.payout_words import KINDS, STATES, details_in_words, method_label
from tukro.web.refusals import refusal_message

SHOWN = 100
_OPEN_STATES = ("requested", "sent")
# A cell that begins like this would be a formula in a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@require_GET
@staff_required
def payouts(request: StaffRequest) -> HttpResponse:
    """Withdrawals in one state, with the details that are needed to send them."""
    state = _state(request)
    queue = payout_queue(state)
    # What is over is read from its end, what waits from its beginning.
    shown = list(queue[:SHOWN] if state in _OPEN_STATES else queue.reverse()[:SHOWN])
    context = {
        "state": state,
        "states": STATES.items(),
        "count": queue.count(),
        "can_act": state in ("requested", "sent", "settled"),
        "payouts": [
            {
                "row": payout,
                "kind": KINDS[cast(PayoutKindName, payout.kind)],
                "method": method_label(payout),
                "details": details_in_words(payout),
            }
            for payout in shown
        ],
    }
    return render(request, "staff/payouts.html", context)


@require_GET
@staff_required
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The queue as CSV, for a bank's or wallet's bulk page.

    It holds account numbers, so who took it is written down.
    """
    state, now = _state(request), timezone.now()
    queue = payout_queue(state)
    record(
        name="PayoutsExported",
        actor=request.user.actor,
        subject="payouts",
        at=now,
        facts={"state": state, "count": queue.count()},
    )
    response = StreamingHttpResponse(_csv_lines(queue.iterator(500)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="withdrawals-{state}-{now:%Y-%m-%d}.csv"'
    return response


@require_POST
@staff_required
def act_on_payouts(request: StaffRequest) -> HttpResponseRedirect:
    """Do one thing to every ticked withdrawal, each on its own: one that refuses stops none of the others."""
    verb = _verb(request)
    chosen = request.POST.getlist("payout")
    back = f"{reverse('staff:payouts')}?state={_state(request)}"
    if verb is None or not chosen:
        messages.error(request, _("Tick at least one withdrawal and choose what happened to it."))
        return redirect(back)
    done = 0
    for payout_id in chosen:
        try:
            verb(payout_id)
        except Refused as refusal:
            messages.error(request, f"{payout_id}: {refusal_message(refusal)}")
        else:
            done += 1
    if done:
        messages.success(
            request, _("Written down for %(count)s withdrawals.") % {"count": formats.number(done)}
        )
    return redirect(back)


def _verb(request: StaffRequest) -> Callable[[str], Payout] | None:
    """What the pressed button asks for, with what was typed beside it.

    A row's own reference wins over the common one.
    """
    by, now = request.user.actor, timezone.now()
    reason, common = request.POST.get("reason", ""), request.POST.get("reference", "")

    def reference(payout_id: str) -> str:
        return request.POST.get(f"reference_{payout_id}", "").strip() or common

    match request.POST.get("act"):
        case "send":
            return lambda payout_id: send_payout(
                by=by, payout_id=payout_id, reference=reference(payout_id), now=now
            )
        case "settle":
            return lambda payout_id: settle_payout(by=by, payout_id=payout_id, now=now)
        case "return":
            return lambda payout_id: return_payout(
                by=by, payout_id=payout_id, reason=reason, reference=reference(payout_id), now=now
            )
        case _:
            return None


def _state(request: StaffRequest) -> str:
    asked = request.POST.get("state") or request.GET.get("state", "")
    return asked if asked in PayoutState.values else PayoutState.REQUESTED.value


def _csv_lines(queue: Iterator[Payout]) -> Iterator[str]:
    rows = csv.writer(_Echo())
    detail_names = list(dict.fromkeys(field.name for fields in PAYOUT_FIELDS.values() for field in fields))
    head = [
        "withdrawal",
        "worker",
        "requested_at",
        "kind",
        "amount",
        "fee",
        "arrives",
        "reference",
        *detail_names,
    ]
    yield "\ufeff" + rows.writerow(head)
    for payout in queue:
        details = payout.details
        cells = [
            payout.public_id,
            payout.worker.public_id,
            payout.requested_at.isoformat(timespec="seconds"),
            payout.kind,
            str(payout.amount),
            str(payout.fee),
            str(payout.paid_out),
            payout.reference,
            *(details.get(name, "") for name in detail_names),
        ]
        yield rows.writerow([_plain_cell(cell) for cell in cells])


def _plain_cell(text: str) -> str:
    """Text that a spreadsheet shows and does not calculate."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Echo:
    """A file for csv.writer that gives every line back."""

    def write(self, line: str) -> str:
        return line
