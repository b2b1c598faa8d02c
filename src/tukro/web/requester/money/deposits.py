"""Adding money: choose amount and way, pay, see the truth about it, take unused money back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.kernel.money import CENT, Money
from tukro.money import queries
from tukro.money.actions.books.exchange import NoRate, current_rate
from tukro.money.actions.deposits import (
    asked_for,
    cancel_deposit,
    create_deposit,
    deposit_play_money,
    look_soon,
)
from tukro.money.actions.deposits.refunds import REFUNDABLE, ask_refund, left_of
from tukro.money.models import Deposit, ExchangeRate
from tukro.money.providers.deposits import PROVIDERS, desk, offered, play_money_is_offered
from tukro.money.queries.deposits import came_beside, deposits_of, standings_of
from tukro.money.rules import LARGEST_DEPOSIT
from tukro.money.rules.deposits import LARGEST_DEPOSITS, SMALLEST_DEPOSIT, deposit_fee, shown_reference
from tukro.web import formats
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.forms.amounts import AmountField
from tukro.web.refusals import refusal_message
from tukro.web.requester.money.balance import fee_facts
from tukro.web.words.deposits import (
    BADGES,
    BESIDE_STATES,
    DISPUTE_STATES,
    PAGES,
    REFUND_STATES,
    STANDINGS,
    WAY_HELP,
    WAYS,
    why_not_there,
)

PAGE = 30
_EXAMPLE = Money.parse("100.00")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay with what it costs, before anything is asked for."""

    code: str
    name: str | Promise
    help: str | Promise
    least: Money
    most: Money
    fee: Money  # on the example
    pays: Money  # for the example, in the currency of the way
    rate: ExchangeRate | None = None

    @property
    def a_dollar(self) -> Money | None:
        return a_dollar(self.rate)


class AddMoneyForm(forms.Form):
    amount = AmountField(
        minimum=Money(CENT),
        label=gettext_lazy("Amount in US dollars"),
        help_text=gettext_lazy("This much arrives in your balance."),
    )
    way = forms.ChoiceField(label=gettext_lazy("How do you pay?"), widget=forms.RadioSelect, required=False)
    deposit_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def __init__(self, *args: Any, ways: list[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.code, way.name) for way in ways]
        field.required = len(ways) > 1
        if len(ways) == 1:
            field.widget = forms.HiddenInput()
            field.initial = ways[0].code

    def clean_way(self) -> str:
        chosen: str = self.cleaned_data["way"]
        return chosen or str(self.fields["way"].initial)  # there is only one

    def clean_deposit_id(self) -> str:
        given: str = self.cleaned_data["deposit_id"]
        return given if looks_like_id(given) and len(given) == len(new_id()) else ""


@require_http_methods(["GET", "POST"])
@requester_required
def add_money(request: RequesterRequest) -> HttpResponse:
    """Choose amount and way. Real money goes on to the deposit's own page, where it is paid."""
    ways = _ways()
    if not ways:
        return render(request, "requester/money/add_money.html", {"ways": [], **fee_facts(queries.policy())})
    initial = {"deposit_id": new_id(), "way": ways[0].code}
    form = AddMoneyForm(request.POST if request.method == "POST" else None, ways=ways, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_begin(request, form.cleaned_data))
        except Refused as refusal:
            form.add_error("amount", refusal_message(refusal))
    context = {"form": form, "ways": ways, "example": _EXAMPLE, **fee_facts(queries.policy())}
    return render(request, "requester/money/add_money.html", context, status=422 if form.errors else 200)


@require_GET
@requester_required
def deposits(request: RequesterRequest) -> HttpResponse:
    """All deposits, newest first."""
    found = deposits_of(request.requester, before=page_ended_at(request))
    rows, next_cursor = one_page(found, PAGE, lambda row: row.pk)
    standings = standings_of(rows)
    context = {"deposits": [_in_list(row, standings[row.pk]) for row in rows], "next_cursor": next_cursor}
    return render(request, "requester/money/deposits.html", context)


@require_GET
@requester_required
def deposit(request: RequesterRequest, deposit_id: str) -> HttpResponse:
    """One deposit as it truly is. Whoever comes back from paying has the provider asked."""
    found = _own(request, deposit_id)
    came = request.GET.get("from", "")
    if came == "paid":
        look_soon(deposit_id=deposit_id, requester=request.requester, now=timezone.now())
    return render(request, "requester/money/deposit.html", _facts(found, came, _refund_form(found)))


@require_POST
@requester_required
def try_again(request: RequesterRequest, deposit_id: str) -> HttpResponse:
    """The provider could not be reached: try once more, as the same."""
    desk.begin(_own(request, deposit_id), back=_back(request, deposit_id), now=timezone.now())
    return redirect("requester:deposit", deposit_id)


@require_POST
@requester_required
def cancel(request: RequesterRequest, deposit_id: str) -> HttpResponse:
    """Not to be paid after all."""
    return act(
        request,
        lambda: cancel_deposit(deposit_id=deposit_id, requester=request.requester, now=timezone.now()),
        done=_("Cancelled. Nothing will be taken from you."),
        back=reverse("requester:deposit", args=[deposit_id]),
    )


@require_POST
@requester_required
def refund(request: RequesterRequest, deposit_id: str) -> HttpResponse:
    """Send unused money back to where it came from."""
    found = _own(request, deposit_id)
    form = RefundForm(request.POST)
    if form.is_valid():
        try:
            ask_refund(
                requester=request.requester,
                deposit_id=deposit_id,
                amount=form.cleaned_data["amount"],
                refund_id=form.cleaned_data["refund_id"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("amount", refusal_message(refusal))
        else:
            messages.success(request, _("The money is on its way back."))
            return redirect("requester:deposit", deposit_id)
    return render(request, "requester/money/deposit.html", _facts(found, "", form), status=422)


@require_GET
@requester_required
def receipt(request: RequesterRequest, deposit_id: str) -> HttpResponse:
    """What was paid, for the books; made for printing."""
    found = _own(request, deposit_id)
    if found.settled_at is None:
        raise Http404
    context = {
        "deposit": found,
        "way": WAYS[found.provider],
        "site": settings.SITE_HOST,
        "rate": a_dollar(found.rate),
    }
    return render(request, "requester/money/receipt.html", context)


class RefundForm(forms.Form):
    amount = AmountField(minimum=Money(CENT), label=gettext_lazy("Amount in US dollars"))
    refund_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)

    def clean_refund_id(self) -> str:
        given: str = self.cleaned_data["refund_id"]
        return given if looks_like_id(given) and len(given) == len(new_id()) else ""


def _begin(request: RequesterRequest, given: dict[str, object]) -> str:
    """Write the deposit down, open a place to pay, and say where the requester goes now."""
    amount, way, asked_as, now = given["amount"], str(given["way"]), str(given["deposit_id"]), timezone.now()
    assert isinstance(amount, Money)
    if way == "play":
        made = deposit_play_money(requester=request.requester, amount=amount, deposit_id=asked_as, now=now)
        messages.success(request, _("%(amount)s was added.") % {"amount": formats.money(made.amount)})
        return reverse("requester:balance")
    made = create_deposit(
        requester=request.requester,
        amount=amount,
        provider=way,
        currency=PROVIDERS[way].currency,
        deposit_id=asked_as,
        now=now,
    )
    desk.begin(made, back=_back(request, made.public_id), now=now)
    return reverse("requester:deposit", args=[made.public_id])


def _back(request: RequesterRequest, deposit_id: str) -> str:
    return request.build_absolute_uri(reverse("requester:deposit", args=[deposit_id]))


def _ways() -> list[Way]:
    """What is offered now. A way in a currency without a rate of these days is not."""
    policy, now, ways = queries.policy(), timezone.now(), []
    for provider in offered():
        try:
            rate = None if provider.currency == "USD" else current_rate(provider.currency, now=now)
        except NoRate:
            continue
        fee = deposit_fee(_EXAMPLE, policy, provider.name)
        ways.append(
            Way(
                code=provider.name,
                name=WAYS[provider.name],
                help=WAY_HELP[provider.name],
                least=SMALLEST_DEPOSIT,
                most=LARGEST_DEPOSITS[provider.name],
                fee=fee,
                pays=asked_for(_EXAMPLE + fee, rate),
                rate=rate,
            )
        )
    if play_money_is_offered():
        free = Money.zero()
        ways.append(Way("play", WAYS["play"], WAY_HELP["play"], Money(CENT), LARGEST_DEPOSIT, free, _EXAMPLE))
    return ways


def _own(request: RequesterRequest, deposit_id: str) -> Deposit:
    found = (
        deposits_of(request.requester)
        .select_related("requester", "rate")
        .filter(public_id=deposit_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _in_list(row: Deposit, standing: str) -> dict[str, object]:
    return {
        "row": row,
        "way": WAYS[row.provider],
        "state": STANDINGS[standing],
        "badge": BADGES.get(standing, ""),
    }


def _refund_form(found: Deposit) -> RefundForm | None:
    """A form when there is something to send back, filled with what can go."""
    if found.provider not in REFUNDABLE or found.settled_at is None:
        return None
    most = min(left_of(found), queries.requester_can_spend(found.requester)).whole_cents()
    return RefundForm(initial={"amount": most, "refund_id": new_id()}) if most else None


def _facts(found: Deposit, came: str, form: RefundForm | None) -> dict[str, object]:
    standing, beside = standings_of([found])[found.pk], list(came_beside(found))
    to_pay = found.is_open and standing != "looked_at"
    return {
        **_in_list(found, standing),
        "deposit": found,
        "to_pay": to_pay,
        "came": came if to_pay else "",
        "why": why_not_there(found, standing, beside),
        "page": PAGES.get(found.provider, ""),
        "rate": a_dollar(found.rate),
        "reference": shown_reference(found.reference) if found.reference else "",
        "bank": [line.partition(":")[::2] for line in settings.BANK_DETAILS.split("|")]
        if found.reference
        else [],
        "form": form,
        "left": left_of(found),
        "refunds": [(one, REFUND_STATES[one.state]) for one in found.refunds.order_by("-id")],
        "disputes": [(one, DISPUTE_STATES[one.state]) for one in found.disputes.order_by("-id")],
        "beside": [(one, BESIDE_STATES[one.state]) for one in beside],
    }


def a_dollar(rate: ExchangeRate | None) -> Money | None:
    """What one dollar costs in the currency of ``rate``, rounded as what is paid is: up."""
    return asked_for(Money.parse("1.00"), rate) if rate else None
