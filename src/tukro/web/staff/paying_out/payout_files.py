"""Files of withdrawals: made for one kind, downloaded, handed over or dropped; and signals to look at."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.actions import record
from tukro.kernel.csv_lines import Echo, harmless
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.batches import make_batch
from tukro.money.actions.paying_out.terms import settle_signal
from tukro.money.actions.proposals.acts import EndBatch
from tukro.money.models import Cheque, Payout, PayoutBatch
from tukro.money.queries import cheques_of, next_cheque_number, open_signals
from tukro.money.rules import PAYOUT_KINDS
from tukro.money.rules.layouts import Item, layout_of, rows_of
from tukro.web.alike.acts import propose
from tukro.web.alike.downloads import csv_file
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.refusals import refusal_message
from tukro.web.staff.paying_out import same_number
from tukro.web.words.payouts import KINDS, STATES, method_label

SHOWN = 100


@require_POST
@staff_required
def make(request: StaffRequest) -> HttpResponse:
    """Put all approved withdrawals of a kind into one file."""
    kind = request.POST.get("kind", "")
    if kind not in PAYOUT_KINDS:
        messages.error(request, _("Choose a kind first."))
        return redirect("staff:payouts")
    try:
        batch = make_batch(by=request.user.actor, kind=kind, layout=layout_of(kind), now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
        return redirect("staff:payouts")
    return redirect("staff:payout_file", batch.public_id)


@require_GET
@staff_required
def batch(request: StaffRequest, batch_id: str) -> HttpResponse:
    """One file: what is in it, and what became of it."""
    found = _batch(batch_id)
    rows = list(found.payouts.select_related("worker__user").order_by("id"))
    sums: dict[str, Money] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Money.zero(row.currency)) + row.receives
    living = list(cheques_of(found)) if found.layout == "cheque" else []
    numbers = {cheque.payout_id: cheque.number for cheque in living}
    after = page_ended_at(request) or 0
    shown, next_cursor = one_page([row for row in rows if row.pk > after], SHOWN, lambda row: row.pk)
    context = {
        "batch": found,
        "kind": KINDS[found.kind],
        "is_open": found.handed_over_at is None and found.dropped_at is None,
        "count": len(rows),
        "payouts": [
            {
                "row": row,
                "method": method_label(row),
                "state": STATES[row.state],
                "cheque": numbers.get(row.pk, ""),
            }
            for row in shown
        ],
        "next_cursor": next_cursor,
        "sums": list(sums.values()),
        "not_in_taka": found.layout == "beftn" and bool(sums.keys() - {"BDT"}),
        "cheques": _cheques(rows, living) if found.layout == "cheque" else None,
    }
    return render(request, "staff/paying_out/payout_file.html", context)


@require_GET
@staff_required
def download(request: StaffRequest, batch_id: str) -> StreamingHttpResponse:
    """The file itself. It holds account numbers, so who took it is written down."""
    found, now = _batch(batch_id), timezone.now()
    rows = found.payouts.select_related("worker").order_by("id")
    record(
        name="PayoutBatchTaken",
        actor=request.user.actor,
        subject=found.public_id,
        at=now,
        facts={"count": rows.count()},
    )
    items = [Item(row.public_id, row.worker.public_id, row.receives, row.details) for row in rows]
    lines = csv.writer(Echo())
    table = rows_of(found.layout, items, account=settings.BANK_ACCOUNT)
    body = (lines.writerow(harmless(row)) for row in table)
    return csv_file(body, name=f"{found.layout}-{found.made_at:%Y-%m-%d}-{found.public_id[:8]}.csv")


@require_POST
@staff_required
def end(request: StaffRequest, batch_id: str) -> HttpResponse:
    """It was handed over under a number, or it was dropped."""
    back = reverse("staff:payout_file", args=[batch_id])
    if request.POST.get("act") != "hand_over":
        what = EndBatch(batch_id, "drop", request.POST.get("reason", ""))
        return propose(request, what, done=_("Written down."), back=back)
    reference = request.POST.get("reference", "").strip()[:120]
    own = _batch(batch_id).payouts.values_list("public_id", flat=True)
    others = same_number.sent_already([reference], but=own)
    what = EndBatch(batch_id, "hand_over", reference)
    answer = propose(request, what, done=_("Written down."), back=back)
    if reference in others and answer.status_code == HTTPStatus.FOUND:
        same_number.warn(request, reference, [same_number.called(one) for one in others[reference]])
    return answer


@require_GET
@staff_required
def signals(request: StaffRequest) -> HttpResponse:
    """Shared payout identities, and providers that contradict our books."""
    shown = open_signals()[:SHOWN]
    return render(request, "staff/paying_out/payout_signals.html", {"signals": shown})


@require_POST
@staff_required
def settle(request: StaffRequest, signal_id: int) -> HttpResponse:
    """Somebody has looked at it."""
    settle_signal(by=request.user.actor, signal_id=signal_id, now=timezone.now())
    messages.success(request, _("Written down."))
    return redirect("staff:payout_signals")


def _cheques(rows: Sequence[Payout], living: Sequence[Cheque]) -> Mapping[str, object]:
    """What is to be numbered and printed; ``span``: the first number and the last."""
    has_one = {cheque.payout_id for cheque in living}
    open_ones = [row for row in rows if row.state in ("sending", "sent")]
    unposted = [cheque.number for cheque in living if cheque.posted_at is None]
    return {
        "missing": sum(row.pk not in has_one for row in open_ones),
        "next": next_cheque_number(),
        "unposted": len(unposted),
        "first": unposted[0] if unposted else "",
        "last": unposted[-1] if unposted else "",
        "span": f"{unposted[0]}-{unposted[-1]}" if unposted else "",
    }


def _batch(batch_id: str) -> PayoutBatch:
    found = PayoutBatch.objects.filter(public_id=batch_id).first()
    if found is None:
        raise Http404
    return found
