"""A worker's money: what is earned, what still waits for review, what was withdrawn, and withdrawing.

Asking for a withdrawal takes two steps: the first shows the fee and what will arrive, the second does it.
The second carries the id that the withdrawal will have, so that a double click asks once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.payouts import add_method, cancel_payout, remove_method, request_payout
from tukro.money.models import PayoutMethod
from tukro.money.queries import (
    StatementRow,
    goal_of,
    payout_methods_of,
    payouts_of,
    policy,
    statement,
    withdrawn_total,
    worker_balance,
)
from tukro.money.rules import PAYOUT_FIELDS, PayoutField, PayoutKindName, check_payout_details
from tukro.web import formats
from tukro.web.access import WorkerRequest, worker_required
from tukro.web.amounts import AmountField
from tukro.web.payout_words import FIELD_HELP, FIELD_LABELS, KINDS, PROBLEMS, method_label, payout_line
from tukro.web.refusals import refusal_message
from tukro.web.worker.earned import progress_of
from tukro.work.queries import bonuses_of, earnings_by_day, hourly_rate, pending_earnings, titles_of
from tukro.work.rules import HOURLY_SAMPLE

DAYS_SHOWN = 14
STATEMENT_ROWS = 30
SHOWN = 50
_CHART_HEIGHT = 100
_COLUMN_WIDTH = 20


@require_GET
@worker_required
def earnings(request: WorkerRequest) -> HttpResponse:
    """The one page about money: figures, the last two weeks, pay per hour, bonuses, every movement."""
    now = timezone.now()
    worker = request.worker
    available, reserved, in_transit = worker_balance(worker)
    rows = statement(worker.public_id, before=_cursor(request), limit=STATEMENT_ROWS + 1)
    shown, hourly = rows[:STATEMENT_ROWS], hourly_rate(worker)
    days = earnings_by_day(worker, days=DAYS_SHOWN, now=now)
    week = sum((amount for _day, amount in days[-7:]), Money.zero())
    context = {
        "goals": progress_of(goal_of(worker), today=days[-1][1], week=week),
        "available": available,
        "pending": pending_earnings(worker),
        "withdrawing": reserved + in_transit,
        "withdrawn": withdrawn_total(worker),
        "minimum": policy().minimum_payout,
        "chart": day_chart(days),
        "hourly": hourly,
        "hourly_rate": hourly.rate,
        "hourly_needed": HOURLY_SAMPLE,
        "bonuses": bonuses_of(worker, limit=10),
        "rows": _in_words(shown),
        "next_cursor": str(shown[-1].id) if len(rows) > STATEMENT_ROWS else "",
    }
    return render(request, "worker/earnings.html", context)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the statement, with the title of the work that it is about, if it is about work."""

    row: StatementRow
    words: str | Promise
    title: str


# What moves a worker's available balance; the kinds are those of the ledger's transfers.
MOVEMENTS: dict[str, Promise] = {
    "reward": _("Pay"),
    "reward_after_release": _("Pay, after a rejection was taken back"),
    "bonus": _("Bonus"),
    "payout_asked": _("Withdrawal asked for"),
    "payout_cancelled": _("Withdrawal cancelled"),
    "payout_returned": _("Withdrawal came back"),
}


def _in_words(rows: list[StatementRow]) -> list[Movement]:
    titles = titles_of([row.subject for row in rows])
    return [Movement(row, MOVEMENTS.get(row.kind, row.kind), titles.get(row.subject, "")) for row in rows]


def _cursor(request: WorkerRequest) -> int | None:
    """The transfer after which the page goes on; rubbish begins at the top."""
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the chart, in units of its viewBox."""

    day: date
    amount: Money
    left: int
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]
    total: Money
    width: int

    @property
    def latest_first(self) -> list[Column]:
        return self.columns[::-1]


def day_chart(days: list[tuple[date, Money]]) -> Chart:
    """Columns as high as the day's share of the best day; a day with any pay can be seen."""
    largest = max((amount for _, amount in days), default=Money.zero())
    columns = []
    for no, (day, amount) in enumerate(days):
        height = max(2, amount.units * _CHART_HEIGHT // largest.units) if amount else 0
        columns.append(Column(day, amount, no * _COLUMN_WIDTH + 3, _CHART_HEIGHT - height, height))
    total = sum((amount for _, amount in days), Money.zero())
    return Chart(columns, total, max(len(days), 1) * _COLUMN_WIDTH)


# --- withdrawing --------------------------------------------------------------------------------


class WithdrawForm(forms.Form):
    """Which method, and all of it or an amount."""

    method = forms.ChoiceField(label=_("Send it to"), widget=forms.RadioSelect)
    which = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect)
    amount = AmountField(label=_("Another amount in US dollars"), required=False)

    def __init__(
        self, *args: object, methods: list[PayoutMethod], available: Money, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.available = available
        method, which = self.fields["method"], self.fields["which"]
        assert isinstance(method, forms.ChoiceField)
        assert isinstance(which, forms.ChoiceField)
        method.choices = [(str(one.pk), method_label(one)) for one in methods]
        which.choices = [("all", _("All that is available")), ("other", _("Another amount"))]
        method.initial, which.initial = (str(methods[0].pk) if methods else ""), "all"

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("which") == "all":
            cleaned["amount"] = self.available.whole_cents()
        elif "amount" in cleaned and cleaned["amount"] is None:
            self.add_error("amount", ValidationError(_("Write how much you want to withdraw.")))
        return cleaned


@require_http_methods(["GET", "POST"])
@worker_required
def withdraw(request: WorkerRequest) -> HttpResponse:
    """Choose method and amount; a good choice is shown once more with fee and what arrives."""
    available, _reserved, _in_transit = worker_balance(request.worker)
    methods = list(payout_methods_of(request.worker))
    form = WithdrawForm(request.POST or None, methods=methods, available=available)
    rules = policy()
    if request.method == "POST" and form.is_valid():
        amount: Money = form.cleaned_data["amount"]
        if fault := _amount_fault(amount, available=available, minimum=rules.minimum_payout):
            form.add_error("amount", fault)
        else:
            chosen = next(one for one in methods if str(one.pk) == form.cleaned_data["method"])
            return _confirm(request, method=chosen, amount=amount, fee=rules.payout_fee)
    context = {
        "form": form,
        "available": available,
        "methods": [{"id": one.pk, "label": method_label(one)} for one in methods],
        "kinds": KINDS.items(),
        "minimum": rules.minimum_payout,
        "missing": rules.minimum_payout - available,
        "enough": available >= rules.minimum_payout,
        "payouts": [payout_line(one) for one in payouts_of(request.worker)[:SHOWN]],
    }
    return render(request, "worker/earnings_withdraw.html", context, status=422 if form.errors else 200)


@require_POST
@worker_required
def confirm(request: WorkerRequest) -> HttpResponse:
    """Do what the page before showed. A second press of the button finds the withdrawal of the first."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return redirect("worker:withdraw")
    try:
        request_payout(
            worker=request.worker,
            method_id=form.cleaned_data["method"],
            amount=form.cleaned_data["amount"],
            payout_id=form.cleaned_data["payout"],
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(
            request, _("Your withdrawal is on its way to our staff. You see below how far it is.")
        )
    return redirect("worker:withdraw")


class ConfirmForm(forms.Form):
    """What the confirming page carries along."""

    method = forms.IntegerField()
    amount = AmountField()
    payout = forms.RegexField(r"^[A-Z0-9]{30}$")


@require_POST
@worker_required
def cancel(request: WorkerRequest, payout_id: str) -> HttpResponse:
    """Take back a withdrawal that nobody has sent yet."""
    try:
        cancel_payout(worker=request.worker, payout_id=payout_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, _("The withdrawal was cancelled; the money is available again."))
    return redirect("worker:withdraw")


def _amount_fault(amount: Money, *, available: Money, minimum: Money) -> ValidationError | None:
    """What the verb would refuse, said beside the field while there is still time to change it."""
    if amount < minimum:
        return ValidationError(
            _("The smallest withdrawal is %(minimum)s."), params={"minimum": formats.money(minimum)}
        )
    if amount > available:
        return ValidationError(
            _("You have %(available)s available."), params={"available": formats.money(available)}
        )
    return None


def _confirm(request: WorkerRequest, *, method: PayoutMethod, amount: Money, fee: Money) -> HttpResponse:
    carried = ConfirmForm(initial={"method": method.pk, "amount": amount, "payout": new_id()})
    for name in carried.fields:
        carried.fields[name].widget = forms.HiddenInput()
    context = {
        "form": carried,
        "method": method_label(method),
        "amount": amount,
        "fee": fee,
        "arrives": amount - fee,
    }
    return render(request, "worker/earnings_confirm.html", context)


# --- methods ------------------------------------------------------------------------------------


class MethodForm(forms.Form):
    """The fields that one kind of payment needs; money's rules say which and what is wrong with them."""

    def __init__(self, kind: PayoutKindName, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.kind = kind
        for one in PAYOUT_FIELDS[kind]:
            self.fields[one.name] = _method_field(kind, one)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        _details, problems = check_payout_details(
            self.kind, {name: self.data.get(name, "") for name in self.fields}
        )
        for problem in problems:
            if problem.code != "missing":  # the field itself has said that
                params = {"limit": formats.number(problem.limit)}
                self.add_error(problem.field, ValidationError(PROBLEMS[problem.code], params=params))
        return cleaned


def _method_field(kind: PayoutKindName, one: PayoutField) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4}) if one.shape == "long_text" else forms.TextInput()
    if one.shape in ("account_number", "bkash_number"):
        widget.attrs["inputmode"] = "numeric" if one.shape == "bkash_number" else "text"
        widget.attrs["autocomplete"] = "off"
    return forms.CharField(
        label=FIELD_LABELS[kind, one.name],
        help_text=FIELD_HELP.get((kind, one.name), ""),
        required=one.required,
        error_messages={"required": PROBLEMS["missing"]},
        widget=widget,
    )


@require_http_methods(["GET", "POST"])
@worker_required
def add(request: WorkerRequest, kind: str) -> HttpResponse:
    """Tell where the money shall go."""
    known = _known_kind(kind)
    form = MethodForm(known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_method(worker=request.worker, kind=known, details=form.cleaned_data, now=timezone.now())
        messages.success(request, _("The payment method was added."))
        return redirect("worker:withdraw")
    context = {"form": form, "kind": known, "kind_label": KINDS[known]}
    return render(request, "worker/earnings_method.html", context, status=422 if form.errors else 200)


@require_POST
@worker_required
def remove(request: WorkerRequest, method_id: int) -> HttpResponse:
    """Forget a method. Withdrawals that were asked for keep their own copy."""
    remove_method(worker=request.worker, method_id=method_id, now=timezone.now())
    messages.success(request, _("The payment method was removed."))
    return redirect("worker:withdraw")


def _known_kind(kind: str) -> PayoutKindName:
    for known in PAYOUT_FIELDS:
        if kind == known:
            return known
    raise Http404


urlpatterns = [
    path("earnings", earnings, name="earnings"),
    path("earnings/withdraw", withdraw, name="withdraw"),
    path("earnings/withdraw/confirm", confirm, name="withdraw_confirm"),
    path("earnings/withdrawals/<str:payout_id>/cancel", cancel, name="withdraw_cancel"),
    path("earnings/methods/add/<str:kind>", add, name="payout_method_add"),
    path("earnings/methods/<int:method_id>/remove", remove, name="payout_method_remove"),
]
