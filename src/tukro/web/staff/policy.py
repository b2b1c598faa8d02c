"""The rules of this house that staff may change: money, joining, kinds of work.

Every change is journalled.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tukro.campaigns.actions.projects import change_kind_of_work
from tukro.kernel.money import Money
from tukro.money.actions.balances.unclaimed import NOTICE
from tukro.money.actions.proposals.rule_acts import ChangePolicy
from tukro.money.queries import policy
from tukro.money.queries.proposals import waiting_for
from tukro.money.rules import FEE_PRESETS
from tukro.people.actions.joining import (
    change_aliases,
    change_payout_proofs,
    change_review_mode,
    gives_aliases,
    review_mode,
)
from tukro.people.models import PayoutProof, ReviewMode
from tukro.people.providers.registry import OUTBOX, text_provider
from tukro.people.queries import payout_proofs
from tukro.web import formats
from tukro.web.alike.acts import done_by_form, propose
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.words.categories import category_name
from tukro.work.actions.finding.lots import LIMITS, change_lottery_policy
from tukro.work.models import Category, CategoryPolicy, LotteryPolicy

REVIEW_MODES: dict[str, Promise] = {
    ReviewMode.AFTER: _("Work starts at once; staff look at the account afterwards"),
    ReviewMode.BEFORE_FIRST_TASK: _("Staff look at the account before the first task"),
}
PAYOUT_PROOFS: dict[str, Promise] = {
    PayoutProof.LETTER: _("the postal address, by the PIN of a letter"),
    PayoutProof.PHONE: _("a mobile number, by a code in a text message"),
    PayoutProof.NAME: _("that the bank account or cheque is in their own name"),
}
CATEGORY_POLICIES: dict[str, Promise] = {
    CategoryPolicy.OPEN: _("open"),
    CategoryPolicy.MODERATED: _("looked at first"),
    CategoryPolicy.REFUSED: _("not allowed"),
}


def _told_before() -> str:
    days = formats.number(NOTICE.days)
    return gettext(
        "0: never; at least 6. Its owner is told %(days)s days before, and can take it back at any time."
    ) % {"days": days}


class MoneyForm(forms.Form):
    """Fees and limits. What was published before keeps its prices."""

    fee_percent = AmountField(
        label=_("Fee on rewards and bonuses, in percent"),
        help_text=_("Requesters pay it on top of the reward; workers never do."),
    )
    minimum_fee = AmountField(label=_("Smallest fee per place or bonus, in US dollars"), decimals=6)
    many_places_from = forms.IntegerField(
        label=_("A surcharge for tasks with so many answers or more"),
        help_text=_("0: no surcharge."),
        min_value=0,
        max_value=1_000_000,
    )
    many_places_percent = AmountField(label=_("This surcharge, in percent of the reward"))
    masters_percent = AmountField(label=_("Surcharge for work that asks for Masters, in percent"))
    fees_in_cents = forms.BooleanField(label=_("Round fees to the cent, half up"), required=False)
    minimum_reward = AmountField(label=_("Smallest reward"))
    maximum_reward = AmountField(label=_("Largest reward"))
    minimum_payout = AmountField(label=_("Smallest withdrawal"))
    payout_fee = AmountField(label=_("Fee per withdrawal"))
    deposit_fee_percent = AmountField(
        label=_("Fee on deposits by card, PayPal or SSLCommerz, in percent"),
        help_text=_("Requesters pay it on top of what arrives."),
        required=False,
    )
    two_persons_above = AmountField(label=_("Two of our staff do acts with money above"))
    unclaimed_after_months = forms.IntegerField(
        label=_("Set a balance apart after so many months without a sign of its owner"),
        help_text=lazy(_told_before, str)(),
        min_value=0,
        max_value=240,
        required=False,
    )


class JoiningForm(forms.Form):
    review_mode = forms.ChoiceField(
        label=_("New worker accounts"), choices=REVIEW_MODES.items, widget=forms.RadioSelect
    )
    aliases = forms.BooleanField(
        label=_("New requesters know each worker by an ID of their own"),
        help_text=_(
            "Two requesters cannot tell that they know the same worker. "
            "Who posts work here already keeps the IDs that they know."
        ),
        required=False,
    )


class ProofsForm(forms.Form):
    """What is proved before a first withdrawal; none asks nothing."""

    proofs = forms.MultipleChoiceField(
        label=_("Before the first withdrawal a worker proves"),
        choices=PAYOUT_PROOFS.items,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class LotteryForm(forms.Form):
    """When a group that opens is drawn by lot instead of going to the fastest."""

    smaller_than = forms.IntegerField(
        label=_("Draw lots for work that opens with fewer places than"),
        help_text=_("0 draws none. Wishes are collected first, then each has the same chance."),
        min_value=LIMITS["smaller_than"][0],
        max_value=LIMITS["smaller_than"][1],
    )
    seconds = forms.IntegerField(
        label=_("Seconds in which wishes are collected"),
        min_value=LIMITS["seconds"][0],
        max_value=LIMITS["seconds"][1],
    )


class CategoryForm(forms.Form):
    category = forms.CharField(max_length=30)
    policy = forms.ChoiceField(choices=CATEGORY_POLICIES.items)


@require_GET
@staff_required
def rules(request: StaffRequest) -> HttpResponse:
    """All rules on one page, each with its own form."""
    return _page(request)


@require_POST
@staff_required
def money(request: StaffRequest) -> HttpResponse:
    """Change fees and limits."""
    form = MoneyForm(request.POST)
    if not form.is_valid():
        return _page(request, money_form=form, status=422)
    values = form.cleaned_data
    # Two decimals of a percent are basis points: 20.00 is 2,000.
    shares = {
        f"{name}_basis_points": share.units // 10_000
        for name in ("fee", "many_places", "masters", "deposit_fee")
        if (share := values.pop(f"{name}_percent")) is not None
    }
    chosen = shares | {name: one for name, one in values.items() if one is not None}
    done = _("The rules for money were saved.")
    if not done_by_form(request, form, lambda: ChangePolicy.to(chosen), done=done):
        return _page(request, money_form=form, status=422)
    return redirect("staff:policy")


@require_POST
@staff_required
def fee_preset(request: StaffRequest) -> HttpResponse:
    """Take a whole fee table that others use; limits stay."""
    preset = FEE_PRESETS.get(request.POST.get("preset", ""))
    if preset is None:
        raise Http404
    done = _("The fee table was taken. What is published already keeps its prices.")
    return propose(request, ChangePolicy.to(preset), done=done, back=reverse("staff:policy"))


@require_POST
@staff_required
def joining(request: StaffRequest) -> HttpResponse:
    """Choose when staff look at new worker accounts, and which ids of workers new requesters see."""
    form = JoiningForm(request.POST)
    if not form.is_valid():
        return _page(request, joining_form=form, status=422)
    by, now, chosen = request.user.actor, timezone.now(), form.cleaned_data
    change_review_mode(by=by, mode=ReviewMode(chosen["review_mode"]), now=now)
    change_aliases(by=by, given=chosen["aliases"], now=now)
    messages.success(request, _("The rule for joining was saved."))
    return redirect("staff:policy")


@require_POST
@staff_required
def proofs(request: StaffRequest) -> HttpResponse:
    """Choose what a first withdrawal needs."""
    form = ProofsForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    chosen = [PayoutProof(one) for one in form.cleaned_data["proofs"]]
    change_payout_proofs(by=request.user.actor, proofs=chosen, now=timezone.now())
    messages.success(request, _("The rule for first withdrawals was saved."))
    return redirect("staff:policy")


@require_POST
@staff_required
def lottery(request: StaffRequest) -> HttpResponse:
    """Choose which groups are drawn by lot."""
    form = LotteryForm(request.POST)
    if not form.is_valid():
        return _page(request, lottery_form=form, status=422)
    change_lottery_policy(by=request.user.actor, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The rule for scarce work was saved."))
    return redirect("staff:policy")


@require_POST
@staff_required
def category(request: StaffRequest) -> HttpResponse:
    """Choose whether a kind of work is open, looked at first, or not allowed."""
    form = CategoryForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    change_kind_of_work(
        by=request.user.actor,
        code=form.cleaned_data["category"],
        policy=CategoryPolicy(form.cleaned_data["policy"]),
        now=timezone.now(),
    )
    messages.success(request, _("The rule for this kind of work was saved."))
    return redirect(f"{reverse('staff:policy')}#categories")


def _page(
    request: StaffRequest,
    *,
    money_form: MoneyForm | None = None,
    joining_form: JoiningForm | None = None,
    lottery_form: LotteryForm | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = payout_proofs()
    context = {
        "money_form": money_form or MoneyForm(initial=_money_now()),
        "joining_form": joining_form or JoiningForm(initial=_joining_now()),
        "proofs_form": ProofsForm(initial={"proofs": list(chosen)}),
        "texts_stay": PayoutProof.PHONE in chosen and text_provider().name == OUTBOX,
        "lottery_form": lottery_form or LotteryForm(initial=_lottery_now()),
        "categories": [
            {"code": one.code, "name": category_name(one.code), "policy": one.policy}
            for one in Category.objects.order_by("position", "code")
        ],
        "policies": CATEGORY_POLICIES.items(),
        "money_waits": waiting_for("money_policy", timezone.now()),
    }
    return render(request, "staff/policy.html", context, status=status)


def _joining_now() -> dict[str, object]:
    return {"review_mode": review_mode(), "aliases": gives_aliases()}


def _lottery_now() -> dict[str, int]:
    now = LotteryPolicy.objects.get()
    return {"smaller_than": now.smaller_than, "seconds": now.seconds}


def _money_now() -> dict[str, Money | int | bool]:
    now = policy()
    return {
        "fee_percent": Money(now.fee_basis_points * 10_000),
        "deposit_fee_percent": Money(now.deposit_fee_basis_points * 10_000),
        "minimum_fee": now.minimum_fee,
        "many_places_from": now.many_places_from,
        "many_places_percent": Money(now.many_places_basis_points * 10_000),
        "masters_percent": Money(now.masters_basis_points * 10_000),
        "fees_in_cents": now.fees_in_cents,
        "minimum_reward": now.minimum_reward,
        "maximum_reward": now.maximum_reward,
        "minimum_payout": now.minimum_payout,
        "payout_fee": now.payout_fee,
        "two_persons_above": now.two_persons_above,
        "unclaimed_after_months": now.unclaimed_after_months,
    }
