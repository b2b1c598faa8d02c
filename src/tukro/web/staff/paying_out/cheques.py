"""Cheques: numbered and printed for a file of withdrawals, posted, cashed, come back or void."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound
from tukro.money.actions.paying_out.cheques import number_cheques, post_cheque, void_cheque
from tukro.money.actions.paying_out.payouts import settle_payout
from tukro.money.actions.proposals.acts import ReturnPayout
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.models import Cheque, ChequeState, PayoutBatch
from tukro.money.queries import cheque_counts, cheques_in, cheques_of
from tukro.money.rules.cheques import cheque_number
from tukro.web.alike.acts import act, act_on_each
from tukro.web.alike.downloads import whole_file
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.paper.cheque import cheques_pdf

SHOWN = 100
STATES: dict[str, Promise] = {
    ChequeState.PRINTED.value: gettext_lazy("To post"),
    ChequeState.POSTED.value: gettext_lazy("On their way"),
    ChequeState.CASHED.value: gettext_lazy("Cashed"),
    ChequeState.RETURNED.value: gettext_lazy("Came back"),
    ChequeState.VOID.value: gettext_lazy("Void"),
}
_OPEN = (ChequeState.PRINTED, ChequeState.POSTED)
_ACTS = {
    ChequeState.PRINTED.value: ("post", "void"),
    ChequeState.POSTED.value: ("cash", "return", "void"),
    ChequeState.CASHED.value: ("return",),
}


@require_GET
@staff_required
def cheques(request: StaffRequest) -> HttpResponse:
    """The cheques in one state, or the one whose number was typed."""
    state, number = _state(request), cheque_number(request.GET.get("number", ""))
    found = cheques_in(state)
    if number:
        one = Cheque.objects.filter(number=number).select_related("payout").first()
        state = one.state.value if one else state
        found = cheques_in(state).filter(number=number)
    counts = cheque_counts()
    context = {
        "state": state,
        "states": [(code, label, counts[code] if code in _OPEN else 0) for code, label in STATES.items()],
        "number": number,
        "cheques": found[:SHOWN],
        "acts": _ACTS.get(state, ()),
    }
    return render(request, "staff/paying_out/cheques.html", context)


@require_POST
@staff_required
def number(request: StaffRequest, batch_id: str) -> HttpResponse:
    """The withdrawals of a file get the numbers of the sheets in the printer."""
    now, first = timezone.now(), request.POST.get("first", "")
    return act(
        request,
        lambda: number_cheques(by=request.user.actor, batch_id=batch_id, first=first, now=now),
        done=_("Numbered. Open the PDF, print and sign the cheques, then post them."),
        back=reverse("staff:payout_file", args=[batch_id]),
    )


@require_GET
@staff_required
def pdf(request: StaffRequest, batch_id: str) -> HttpResponse:
    """The cheques of a file that are not posted yet, or the one that ``number`` names.

    They are money and addresses, so who opened them is written down.
    """
    batch = PayoutBatch.objects.filter(public_id=batch_id).first()
    found = list(cheques_of(batch).filter(posted_at=None)) if batch else []
    if wanted := request.GET.get("number"):
        found = [cheque for cheque in found if cheque.number == wanted]
    if not found:
        raise NotFound(batch=batch_id)
    facts = {"count": len(found), "first": found[0].number}
    record(name="ChequesOpened", actor=request.user.actor, subject=batch_id, at=timezone.now(), facts=facts)
    return whole_file(cheques_pdf(found), name=f"cheques-{found[0].number}.pdf")


@require_POST
@staff_required
def act_on_cheques(request: StaffRequest) -> HttpResponse:
    """Do one thing to every ticked cheque; one that refuses stops none of the others."""
    verb, chosen = _verb(request), request.POST.getlist("cheque")
    back = f"{reverse('staff:cheques')}?state={_state(request)}"
    if verb is None or not chosen:
        messages.error(request, _("Tick at least one cheque and choose what happened to it."))
        return redirect(back)
    return act_on_each(
        request,
        verb,
        chosen,
        done=lambda count: _("Cheques written down: %(count)s.") % {"count": count},
        back=back,
    )


def _verb(request: StaffRequest) -> Callable[[str], bool] | None:
    """What the pressed button asks for; it tells whether it has to wait for a second person."""
    by, now, reason = request.user.actor, timezone.now(), request.POST.get("reason", "")
    alone: dict[str, Callable[[str], object]] = {
        "post": lambda number: post_cheque(by=by, number=number, now=now),
        "void": lambda number: void_cheque(by=by, number=number, reason=reason, now=now),
        "cash": lambda number: settle_payout(by=by, payout_id=_payout(number), now=now),
    }

    def do(number: str) -> bool:
        if pressed == "return":
            return do_or_propose(act=ReturnPayout(_payout(number), reason, ""), by=by, now=now) is not None
        alone[pressed](number)
        return False

    pressed = request.POST.get("act", "")
    return do if pressed in (*alone, "return") else None


def _payout(number: str) -> str:
    """The withdrawal that a living cheque pays."""
    cheque = Cheque.objects.filter(number=number, voided_at=None).select_related("payout").first()
    if cheque is None:
        raise NotFound(cheque=number)
    return cheque.payout.public_id


def _state(request: StaffRequest) -> str:
    asked = request.POST.get("state") or request.GET.get("state", "")
    return asked if asked in STATES else ChequeState.PRINTED.value


urlpatterns = [
    path("cheques", cheques, name="cheques"),
    path("cheques/act", act_on_cheques, name="cheques_act"),
    path("payouts/files/<str:batch_id>/cheques", number, name="cheques_number"),
    path("payouts/files/<str:batch_id>/cheques.pdf", pdf, name="cheques_pdf"),
]
