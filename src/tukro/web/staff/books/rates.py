"""What a dollar is worth in other currencies: staff enter it, with its source; earlier rates stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.money import Money
from tukro.money.actions.books.fetched_rates import decide_rate
from tukro.money.actions.proposals.house_acts import ChangeRatePolicy
from tukro.money.actions.proposals.rule_acts import EnterRate
from tukro.money.models import ExchangeRate, RateSourceState
from tukro.money.providers.rates.fetching import sources
from tukro.money.queries import latest_rates, policy, rates_before
from tukro.money.queries.balances import waiting_rates
from tukro.money.queries.proposals import waiting_about
from tukro.money.rules import EXCHANGED, RATE_DECIMALS, RATE_LIVES
from tukro.web import formats
from tukro.web.alike.acts import act, done_by_form
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField

CURRENCIES: dict[str, Promise] = {
    "BDT": gettext_lazy("Bangladeshi taka (BDT)"),
    "INR": gettext_lazy("Indian rupee (INR)"),
    "EUR": gettext_lazy("Euro (EUR)"),
}
SHOWN = 30
_PERCENT = 10_000  # units of a typed percentage in one basis point


class RateForm(forms.Form):
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES.items)
    rate = AmountField(label=gettext_lazy("What one US dollar is worth in it"), decimals=RATE_DECIMALS)
    spread = AmountField(
        label=gettext_lazy("Share that the house keeps, in percent"),
        help_text=gettext_lazy("0 keeps nothing. Workers see the rate after this."),
        initial=Money.zero(),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Where the rate comes from, for example Bangladesh Bank. Workers see it."),
        max_length=80,
    )


class PolicyForm(forms.Form):
    """What holds for rates that a source tells."""

    jump = AmountField(
        label=gettext_lazy("A rate that is further from the last one than this many percent waits for us")
    )
    spread = AmountField(label=gettext_lazy("Share that the house keeps of fetched rates, in percent"))


@dataclass(frozen=True, slots=True)
class Line:
    """One rate as the page tells it; ``rate`` is None where none was entered yet."""

    currency: str
    name: str | Promise
    rate: ExchangeRate | None
    market: str
    offered: str
    spread: str
    fresh: bool


@require_http_methods(["GET", "POST"])
@staff_required
def rates(request: StaffRequest) -> HttpResponse:
    """The rates of today, a form for a new one, and what was entered before."""
    now = timezone.now()
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        entered = partial(
            EnterRate.to,
            said["currency"],
            said["rate"].amount,
            spread=said["spread"].units // _PERCENT,
            source=said["source"],
            now=now,
        )
        done = _("The rate was entered. It holds for what is asked for from now on.")
        if done_by_form(request, form, entered, done=done):
            return redirect("staff:rates")
    return _page(request, form=form, now=now)


@require_POST
@staff_required
def decide(request: StaffRequest, waiting_id: int) -> HttpResponse:
    """A rate that jumped is right, or it is not."""
    good, now = request.POST.get("answer") == "right", timezone.now()
    return act(
        request,
        lambda: decide_rate(by=request.user.actor, waiting_id=waiting_id, good=good, now=now),
        done=_("The rate was entered.") if good else _("The rate was dropped."),
        back="staff:rates",
    )


@require_POST
@staff_required
def rate_policy(request: StaffRequest) -> HttpResponse:
    """Change what holds for fetched rates."""
    form = PolicyForm(request.POST, auto_id="rules_%s")
    if form.is_valid():
        jump, spread = (form.cleaned_data[name].units // _PERCENT for name in ("jump", "spread"))
        if done_by_form(request, form, partial(ChangeRatePolicy.to, jump, spread), done=_("Saved.")):
            return redirect("staff:rates")
    return _page(request, form=RateForm(), rules=form, now=timezone.now())


def _page(
    request: StaffRequest, *, form: RateForm, rules: PolicyForm | None = None, now: datetime
) -> HttpResponse:
    house = policy()
    shares = {"jump": house.rate_jump_basis_points, "spread": house.rate_spread_basis_points}
    initial = {name: Money(share * _PERCENT) for name, share in shares.items()}
    bad = form.errors or (rules is not None and rules.errors)
    latest = latest_rates(now)
    asked = RateSourceState.objects.in_bulk()
    waits = waiting_about(["money_policy:fetched_rates", *(f"exchange_rate:{one}" for one in EXCHANGED)], now)
    context = {
        "form": form,
        "rules_wait": waits.get("money_policy:fetched_rates"),
        "rules": rules or PolicyForm(initial=initial, auto_id="rules_%s"),
        "waiting": [
            {
                "row": one,
                "name": CURRENCIES[one.currency],
                "rate": _plain(one.rate),
                "before": _plain(one.before) if one.before else "",
            }
            for one in waiting_rates()
        ],
        "sources": [(one.name, asked.get(one.name)) for one in sources()],
        "lines": [
            (_line(currency, latest.get(currency), now), waits.get(f"exchange_rate:{currency}"))
            for currency in EXCHANGED
        ],
        "earlier": [_line(one.currency, one, now) for one in rates_before(now, limit=SHOWN)],
        "days": RATE_LIVES.days,
    }
    return render(request, "staff/books/rates.html", context, status=422 if bad else 200)


def _line(currency: str, rate: ExchangeRate | None, now: datetime) -> Line:
    return Line(
        currency=currency,
        name=CURRENCIES[currency],
        rate=rate,
        market=_plain(rate.rate) if rate else "",
        offered=_plain(rate.offered) if rate else "",
        spread=formats.percent(Decimal(rate.spread_basis_points) / 10_000, decimals=2) if rate else "",
        fresh=rate is not None and now - rate.entered_at <= RATE_LIVES,
    )


def _plain(rate: Decimal) -> str:
    exponent = rate.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return formats.number(rate, decimals=max(2, -exponent))


urlpatterns = [
    path("policy/rates", rates, name="rates"),
    path("policy/rates/rules", rate_policy, name="rate_policy"),
    path("policy/rates/<int:waiting_id>", decide, name="rate_decide"),
]
