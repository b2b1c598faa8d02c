"""Staff and money that comes in: the bank's list, money without an owner, refunds and disputes by hand."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.actors import Actor
from tukro.kernel.money import CENT, Money
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.proposals.acts import (
    AssignUnmatched,
    EndRefund,
    RecordDispute,
    ReturnUnmatched,
    TakeInLine,
)
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.actions.two_persons import SecondPersonNeeded
from tukro.money.models import Deposit, DepositState
from tukro.money.queries.deposits import (
    came_for,
    deposits_in,
    refunds_for_staff,
    standings_of,
    unmatched_money,
)
from tukro.money.queries.proposals import waiting_about
from tukro.money.rules.bank_lines import BankLine, read_bank_file
from tukro.money.rules.csv_tables import MOST_BYTES, TableFault
from tukro.money.rules.deposits import shown_reference
from tukro.people.models import Requester
from tukro.web import formats
from tukro.web.alike.acts import again, propose
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.entry.senders import takes_files
from tukro.web.forms.amounts import AmountField
from tukro.web.refusals.words import A_SPREADSHEET, NO_CSV
from tukro.web.words.deposits import (
    BADGES,
    BESIDE_STATES_OF_STAFF,
    DISPUTE_STATES,
    REFUND_STATES,
    STANDINGS,
    UNMATCHED_WHYS,
    WAYS,
    why_not_there,
)

PAGE = 50
SHOWN = 100

_FILE_FAULTS = {
    "workbook": A_SPREADSHEET,
    "not_text": NO_CSV,
    "no_columns": gettext_lazy(
        "The first line must name the columns: at least one for the amount (“Credit” or “Amount”) and one "
        "for the purpose (“Description” or “Reference”)."
    ),
    "not_an_amount": gettext_lazy("Line %(line)s: “%(text)s” is not an amount."),
    "too_long": gettext_lazy("The file has more lines than are read at once; split it."),
}


class BankFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The bank's list as CSV"),
        help_text=gettext_lazy("Lines that were read before are recognised; money that went out is left."),
    )


class BankLineForm(forms.Form):
    """One line, typed from a statement on paper."""

    ref = forms.CharField(label=gettext_lazy("The bank's number of the transfer"), max_length=120)
    amount = AmountField(minimum=Money(CENT), label=gettext_lazy("Amount that came"))
    memo = forms.CharField(
        label=gettext_lazy("Purpose, with our number in it"), max_length=300, required=False
    )
    payer = forms.CharField(label=gettext_lazy("Who sent it"), max_length=200, required=False)


class DisputeForm(forms.Form):
    reference = forms.CharField(label=gettext_lazy("Number of the dispute"), max_length=120)
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it stands"),
        choices=[
            ("taken", gettext_lazy("The bank has taken the money, and nothing is decided")),
            ("won", gettext_lazy("It was won: the money is back")),
            ("lost", gettext_lazy("It was lost: the money is gone for good")),
        ],
        widget=forms.RadioSelect,
        initial="taken",
    )
    amount = AmountField(
        minimum=Money(CENT),
        label=gettext_lazy("Amount in US dollars"),
        help_text=gettext_lazy(
            "Needed when a dispute is written down for the first time; later its amount stays."
        ),
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@require_GET
@staff_required
def deposits(request: StaffRequest) -> HttpResponse:
    """Deposits in one state, newest first."""
    asked = request.GET.get("state", "")
    state = asked if asked in DepositState.values else DepositState.PENDING.value
    found = deposits_in(state, before=page_ended_at(request))
    rows, next_cursor = one_page(found, PAGE, lambda row: row.pk)
    standings = standings_of(rows)
    context = {
        "state": state,
        "states": [(code, STANDINGS[code]) for code in DepositState.values],
        "deposits": [(row, WAYS[row.provider], STANDINGS[standings[row.pk]]) for row in rows],
        "next_cursor": next_cursor,
        "unmatched": unmatched_money().count(),
        "refunds": refunds_for_staff(timezone.now()).count(),
    }
    return render(request, "staff/coming_in/deposits.html", context)


@require_GET
@staff_required
def deposit(request: StaffRequest, deposit_id: str) -> HttpResponse:
    """Everything about one deposit: what was asked, what was told, disputes and refunds."""
    return _deposit_page(request, deposit_id, DisputeForm())


@require_POST
@staff_required
def dispute(request: StaffRequest, deposit_id: str) -> HttpResponse:
    """Write down a dispute that no program tells of."""
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return _deposit_page(request, deposit_id, form)
    given = form.cleaned_data
    return propose(
        request,
        RecordDispute(
            deposit=deposit_id,
            reference=given["reference"],
            units=given["amount"].units if given["amount"] else 0,
            reason=given["reason"],
            won=given["outcome"] == "won",
            lost=given["outcome"] == "lost",
        ),
        done=_("The dispute is written down."),
        back=reverse("staff:deposit", args=[deposit_id]),
    )


@require_GET
@staff_required
def unmatched(request: StaffRequest) -> HttpResponse:
    """Money without an owner, oldest first, with whom it may belong to."""
    found = unmatched_money()[:SHOWN]
    waiting = waiting_about([one.public_id for one in found], timezone.now())
    rows = [
        (one, UNMATCHED_WHYS.get(one.why, one.why), WAYS[one.provider], waiting.get(one.public_id))
        for one in found
    ]
    return render(request, "staff/coming_in/unmatched.html", {"rows": rows})


@require_POST
@staff_required
def assign(request: StaffRequest, unmatched_id: str) -> HttpResponse:
    """It is this requester's."""
    email = request.POST.get("email", "").strip().lower()
    requester = Requester.objects.filter(user__email=email).first()
    back = reverse("staff:unmatched")
    if requester is None:
        said = _("There is no requester with the address %(email)s.") % {"email": email or "–"}
        return again(request, back, said, ["email"])
    return propose(
        request,
        AssignUnmatched(unmatched_id, requester.public_id, request.POST.get("reason", "")),
        done=_("The money is in the requester's balance."),
        back=back,
    )


@require_POST
@staff_required
def send_back(request: StaffRequest, unmatched_id: str) -> HttpResponse:
    """It was sent back to where it came from, at the provider or bank, by hand."""
    return propose(
        request,
        ReturnUnmatched(unmatched_id, request.POST.get("reason", "")),
        done=_("Written down as sent back."),
        back=reverse("staff:unmatched"),
    )


@takes_files
@require_http_methods(["GET", "POST"])
@staff_required
def bank(request: StaffRequest) -> HttpResponse:
    """Bring in the bank's list, as a file or line by line."""
    by_file, by_hand = BankFileForm(), BankLineForm()
    if request.method == "POST" and "file" in request.FILES:
        by_file = BankFileForm(request.POST, request.FILES)
        if by_file.is_valid() and (lines := _lines_of(by_file)) is not None:
            return _take_in(request, lines)
    elif request.method == "POST":
        by_hand = BankLineForm(request.POST)
        if by_hand.is_valid():
            given = by_hand.cleaned_data
            amount = Money.parse(str(given["amount"]), settings.BANK_CURRENCY)
            line = BankLine(given["ref"].strip(), amount, memo=given["memo"], payer=given["payer"])
            return _take_in(request, [line])
    failed = bool(by_file.errors or by_hand.errors)
    context = {"by_file": by_file, "by_hand": by_hand, "currency": settings.BANK_CURRENCY}
    return render(request, "staff/coming_in/bank.html", context, status=422 if failed else 200)


@require_GET
@staff_required
def refunds(request: StaffRequest) -> HttpResponse:
    """Refunds that need a person."""
    found = refunds_for_staff(timezone.now())[:SHOWN]
    waiting = waiting_about([one.public_id for one in found], timezone.now())
    rows = [
        (one, REFUND_STATES[one.state], WAYS[one.deposit.provider], waiting.get(one.public_id))
        for one in found
    ]
    return render(request, "staff/coming_in/refunds.html", {"rows": rows})


@require_POST
@staff_required
def decide_refund(request: StaffRequest, refund_id: str) -> HttpResponse:
    """It was sent, with the reference; or it was not and will not be."""
    sent = request.POST.get("act") == "done"
    return propose(
        request,
        EndRefund(refund_id, sent=sent, note=request.POST.get("note", "")),
        done=_("Written down as sent back.") if sent else _("The money is in the requester's balance."),
        back=reverse("staff:refunds"),
    )


def _deposit_page(request: StaffRequest, deposit_id: str, form: DisputeForm) -> HttpResponse:
    found = Deposit.objects.select_related("requester__user", "rate").filter(public_id=deposit_id).first()
    if found is None:
        raise Http404
    standing, came = standings_of([found])[found.pk], list(came_for(found))
    context = {
        "deposit": found,
        "way": WAYS[found.provider],
        "state": STANDINGS[standing],
        "badge": BADGES.get(standing, ""),
        "why": why_not_there(found, standing, came),
        "beside": [(one, UNMATCHED_WHYS[one.why], BESIDE_STATES_OF_STAFF[one.state]) for one in came],
        "reference": shown_reference(found.reference) if found.reference else "",
        "notices": found.notices.order_by("-id")[:SHOWN],
        "refunds": [(one, REFUND_STATES[one.state]) for one in found.refunds.order_by("-id")],
        "disputes": [(one, DISPUTE_STATES[one.state]) for one in found.disputes.order_by("-id")],
        "form": form,
    }
    return render(request, "staff/coming_in/deposit.html", context, status=422 if form.errors else 200)


def _lines_of(form: BankFileForm) -> list[BankLine] | None:
    """The lines of the file; None when it has a fault, which then stands in the form."""
    file = form.cleaned_data["file"]
    read = read_bank_file(file.read(MOST_BYTES + 1)[:MOST_BYTES], currency=settings.BANK_CURRENCY)
    if file.size > MOST_BYTES:
        read = TableFault("too_long")
    if isinstance(read, TableFault):
        facts = {"line": formats.number(read.line), "text": read.text}
        form.add_error("file", str(_FILE_FAULTS[read.code]) % facts)
        return None
    return read


def _take_in(request: StaffRequest, lines: list[BankLine]) -> HttpResponse:
    """Each line on its own: one that fits nothing stops none of the others."""
    now = timezone.now()
    counts = Counter(_take_in_one(request.user.actor, line, now) for line in lines)
    messages.success(
        request,
        _("Matched: %(settled)s. Without an owner: %(unmatched)s. Known before: %(known)s.")
        % {name: formats.number(counts[name]) for name in ("settled", "unmatched", "known")},
    )
    if waiting := counts["waiting"]:
        messages.warning(
            request, _("Wait for a second person: %(count)s") % {"count": formats.number(waiting)}
        )
    return redirect("staff:unmatched" if counts["unmatched"] else "staff:bank")


def _take_in_one(by: Actor, line: BankLine, now: datetime) -> str:
    """A line that settles more than one person may waits for a second one."""
    try:
        return take_in_line(by=by, line=line, now=now)
    except SecondPersonNeeded:
        return "waiting" if do_or_propose(act=TakeInLine.of(line), by=by, now=now) else "settled"
