"""A person's own data: a file with everything, and closing the account."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.paying_out import leaving
from tukro.privacy.actions.closing import close_account
from tukro.privacy.actions.exporting import ask_for_export
from tukro.privacy.queries import StillOpen, export_of, ready_export, still_open
from tukro.web.alike.acts import act
from tukro.web.alike.downloads import stored_file
from tukro.web.alike.paging import row_number
from tukro.web.entry.access import UserRequest, user_required, worker_of
from tukro.web.entry.fresh import password_first, password_first_at
from tukro.web.words.payouts import method_label

# What is still open, in words, and where it is ended.
OPEN_WORDS: dict[str, tuple[Promise, str]] = {
    "work": (gettext_lazy("Tasks that you have accepted: finish or return them."), "worker:queue"),
    "review": (gettext_lazy("Work that waits for review: wait for the decision."), "worker:history"),
    "rejected": (
        gettext_lazy("Rejections whose money is still set aside: it may come back to you."),
        "worker:history",
    ),
    "withdrawal": (gettext_lazy("A withdrawal on its way: wait until it has arrived."), "worker:withdraw"),
    "balance": (gettext_lazy("Money in your balance: withdraw it."), "worker:withdraw"),
    "tasks": (gettext_lazy("Tasks of yours with money set aside: end them and decide."), "requester:home"),
    "requester_balance": (
        gettext_lazy(
            "Money in your requester's balance: send it back to where it came from, or write to the operator."
        ),
        "requester:deposits",
    ),
    "payment": (
        gettext_lazy("Payments on their way, to you or from you: wait until they have arrived."),
        "requester:deposits",
    ),
    "debt": (
        gettext_lazy("What you owe from a payment that was taken back: pay it first."),
        "requester:balance",
    ),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One line of what is still open."""

    words: str | Promise
    url: str
    count: int
    amount: Money | None


@require_http_methods(["GET", "POST"])
@user_required
def own_data(request: UserRequest) -> HttpResponseBase:
    """Ask for the file, and get it."""
    if request.method == "POST":
        ask_for_export(user=request.user, now=timezone.now())
        messages.success(request, _("We put the file together. You are told when it is ready."))
        return redirect("account:own_data")
    export = export_of(request.user)
    page = {"export": export, "ready": bool(export and export.path), "now": timezone.now()}
    return render(request, "account/own_data.html", page)


@require_GET
@user_required
def download(request: UserRequest, export_id: str) -> HttpResponseBase:
    """The file itself, to its person only."""
    export = ready_export(request.user, export_id, timezone.now())
    stored = (settings.FILES_ROOT / export.path).open("rb")
    return stored_file(stored, name=f"tukro-{export.made_at:%Y-%m-%d}.zip")


@require_http_methods(["GET", "POST"])
@user_required
@password_first
def close(request: UserRequest) -> HttpResponseBase:
    """What closing means, what stands against it, and doing it."""
    if request.method == "POST":
        close_account(user=request.user, now=timezone.now())
        logout(request)
        messages.success(request, _("Your account is closed. Thank you for your work."))
        return redirect("public:landing")
    things = still_open(request.user)
    return render(
        request, "account/close.html", {"things": [_thing(one) for one in things], **_rest(request)}
    )


@require_POST
@user_required
@password_first_at("account:close")
def withdraw_rest(request: UserRequest) -> HttpResponseBase:
    """Who leaves gets the rest out, however little it is."""
    worker, method = worker_of(request.user), row_number(request.POST.get("method", ""))
    if worker is None or method is None:
        return redirect("account:close")
    payout_id, now = request.POST.get("payout_id", "")[:30], timezone.now()
    return act(
        request,
        lambda: leaving.withdraw_rest(worker=worker, method_id=method, payout_id=payout_id, now=now),
        done=_("Your withdrawal is asked for. Close the account when it has arrived."),
        back="account:close",
    )


@require_POST
@user_required
@password_first_at("account:close")
def give_up_rest(request: UserRequest) -> HttpResponseBase:
    """What no place takes is given up, by who ticked that."""
    worker, units = worker_of(request.user), row_number(request.POST.get("given_up", ""))
    if worker is None or units is None:
        messages.error(request, _("Tick that you give it up, or leave it where it is."))
        return redirect("account:close")
    return act(
        request,
        lambda: leaving.give_up_rest(worker=worker, amount=Money(units), now=timezone.now()),
        done=_("It is given up. Nothing of it stands against closing the account."),
        back="account:close",
    )


def _thing(one: StillOpen) -> Thing:
    words, view = OPEN_WORDS[one.code]
    return Thing(words, reverse(view), one.count, one.amount)


def _rest(request: UserRequest) -> dict[str, object]:
    """The little that is left, less than is usually paid out, and where it can go."""
    worker = worker_of(request.user)
    rest = leaving.rest_of(worker, now=timezone.now()) if worker is not None else None
    if rest is None:
        return {}
    ways = [(one.pk, method_label(one), quoted.receives) for one, quoted in rest.ways]
    return {"rest": rest, "ways": ways, "payout_id": new_id()}


urlpatterns = [
    path("data", own_data, name="own_data"),
    path("data/<str:export_id>/download", download, name="own_data_download"),
    path("close", close, name="close"),
    path("close/withdraw", withdraw_rest, name="close_withdraw"),
    path("close/give-up", give_up_rest, name="close_give_up"),
]
