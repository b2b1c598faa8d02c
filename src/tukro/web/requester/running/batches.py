"""Batches: the list, how far one is, and what can be done with it while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.campaigns.queries.reviewing import batch_of
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.queries import held, requester_can_spend, set_aside_for_batch
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.formats import duration, money, number
from tukro.web.forms.amounts import agreed_sum
from tukro.web.forms.numbers import WholeNumberField
from tukro.web.refusals import refusal_mend, refusal_message, refusal_status
from tukro.web.requester.posting.words import BATCH_STATES
from tukro.web.requester.running.extending import MoreForm, at_most
from tukro.web.words import reasons
from tukro.web.words.categories import category_name
from tukro.work.actions.once import AlreadyProcessed
from tukro.work.actions.publishing import (
    BadTerms,
    NotAgreed,
    cancel_batch,
    extend_batch,
    pause_batch,
    resume_batch,
)
from tukro.work.models import Batch, BatchSource, BatchState
from tukro.work.queries import (
    BatchRow,
    Counts,
    batch_progress,
    batches_of,
    free_places_of,
    holds_of,
    hourly_of,
    return_reasons_of,
)
from tukro.work.rules import BATCH_LIMITS, SKIPPED


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with everything its pages say of it."""

    batch: Batch
    counts: Counts
    now: datetime

    @property
    def state(self) -> str:
        """The batch's state, or what time and work have made of it."""
        if self.batch.shown_state != BatchState.RUNNING:
            return self.batch.shown_state
        if self.counts.places and self.counts.approved + self.counts.rejected == self.counts.places:
            return "finished"
        return "running" if self.is_open else "expired"

    @property
    def is_open(self) -> bool:
        """Whether time has not ended all its tasks."""
        return self.counts.open_until is not None and self.counts.open_until > self.now

    @property
    def is_from_wire(self) -> bool:
        """Made by a program, task by task: one batch for each type, which goes on for ever."""
        return self.batch.source == BatchSource.WIRE

    @property
    def state_words(self) -> object:
        return BATCH_STATES[self.state][0]

    @property
    def badge(self) -> str:
        return BATCH_STATES[self.state][1]

    @property
    def published_percent(self) -> int:
        return 100 * self.batch.published_count // max(self.batch.row_count, 1)

    @property
    def spent(self) -> Money:
        """Rewards and fees of approved work; bonuses are on the statement."""
        return self.batch.task_type.price * self.counts.approved


def view_of(row: BatchRow, now: datetime) -> BatchView:
    return BatchView(row.batch, row.counts, now)


@require_GET
@requester_required
def batches(request: RequesterRequest) -> HttpResponse:
    """All batches, the latest first."""
    now = timezone.now()
    page = batches_of(request.requester, after=request.GET.get("after", ""))
    context = {"batches": [view_of(row, now) for row in page.rows], "next_cursor": page.next_cursor}
    return render(request, "requester/running/batches.html", context)


@require_GET
@requester_required
def batch(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """One batch: publishing with its progress, then the work with its counts and money."""
    return _batch_page(request, _own(request, batch_id))


@require_GET
@requester_required
def progress(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """How far publishing is, for the page that waits for it."""
    shown = batch_of(request.requester, batch_id)
    return JsonResponse(
        {
            "state": shown.state,
            "published": shown.published_count,
            "rows": shown.row_count,
            "percent": 100 * shown.published_count // max(shown.row_count, 1),
            "words": _("%(done)s of %(all)s tasks are made.")
            % {"done": number(shown.published_count), "all": number(shown.row_count)},
        }
    )


@require_POST
@requester_required
def pause(request: RequesterRequest, batch_id: str) -> HttpResponse:
    pause_batch(requester=request.requester, batch_id=batch_id, now=timezone.now())
    messages.success(request, _("Paused: nobody can start a task of this batch until you resume it."))
    return redirect("requester:batch", batch_id)


@require_POST
@requester_required
def resume(request: RequesterRequest, batch_id: str) -> HttpResponse:
    resume_batch(requester=request.requester, batch_id=batch_id, now=timezone.now())
    messages.success(request, _("The batch runs again."))
    return redirect("requester:batch", batch_id)


class ExtendForm(MoreForm):
    """More answers or time for every task of a batch."""

    places = WholeNumberField(label=gettext_lazy("More answers per task"), required=False, initial=0)

    def say_bounds(self, refusal: BadTerms) -> None:
        """Put a value outside its limits beside the field that it was typed into."""
        if refusal.facts["field"] != "lifetime_seconds":
            self.add_error("places", at_most(BATCH_LIMITS["places"][1]))
        elif refusal.facts["code"] == "too_small":
            self.add_error("time", _("The time of this batch is over, so add time as well."))
        else:
            longest = duration(BATCH_LIMITS["lifetime_seconds"][1])
            self.add_error(
                "time", _("A batch can be open for at most %(longest)s from now.") % {"longest": longest}
            )


@require_POST
@requester_required
def extend(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Offer more of the batch; what new places cost is set aside once it was shown, or nothing changes."""
    shown = _own(request, batch_id)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, shown, form=form, status=422)
    try:
        set_aside = extend_batch(
            requester=request.requester,
            batch_id=batch_id,
            add_places=form.cleaned_data["places"] or 0,
            add_seconds=form.cleaned_data["time"] or 0,
            token=form.cleaned_data["token"],
            agreed=agreed_sum(request.POST.get("agreed", "")) or Money.zero(),
            now=timezone.now(),
        )
    except AlreadyProcessed:
        set_aside = Money.zero()  # by this same form a moment ago, which said so
    except NotAgreed as refusal:
        return _ask_for_agreement(request, shown, refusal)
    except BadTerms as refusal:
        form.say_bounds(refusal)
        return _batch_page(request, shown, form=form, status=refusal_status(refusal))
    except Refused as refusal:
        form.add_error(None, refusal_message(refusal))
        return _batch_page(
            request, shown, form=form, status=refusal_status(refusal), mend=refusal_mend(refusal)
        )
    messages.success(request, _told_extended(set_aside))
    return redirect("requester:batch", batch_id)


def _ask_for_agreement(request: RequesterRequest, shown: BatchView, refusal: NotAgreed) -> HttpResponse:
    """What extending sets aside; the form again, as it was typed, with the sum that is agreed to."""
    price, available = refusal.facts["price"], requester_can_spend(request.requester)
    assert isinstance(price, Money)
    context = {
        "batch": shown.batch,
        "terms": shown.batch.task_type,
        "typed": [(name, request.POST.get(name, "")) for name in ("places", "time_0", "time_1", "token")],
        "agreed": str(price.units),
        "price": price,
        "places": refusal.facts["places"],
        "ended": refusal.facts["ended"],
        "available": available,
        "after": available - price,
    }
    return render(request, "requester/running/batch_extend.html", context)


@require_http_methods(["GET", "POST"])
@requester_required
def cancel(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Ask once, then withdraw what nobody has taken."""
    if request.method == "GET":
        shown = _own(request, batch_id)
        if shown.batch.state == BatchState.CANCELLED:
            return redirect("requester:batch", batch_id)
        context = {"view": shown, "batch": shown.batch, "free": free_places_of(shown.batch)}
        return render(request, "requester/running/batch_cancel.html", context)
    cancel_batch(requester=request.requester, batch_id=batch_id, now=timezone.now())
    messages.success(
        request, _("Cancelled. What nobody had taken is withdrawn, and its money is back on your balance.")
    )
    return redirect("requester:batch", batch_id)


def _told_extended(price: Money) -> str:
    if not price:
        return _("The batch is extended.")
    return _("The batch is extended. Set aside for it: %(price)s.") % {"price": money(price)}


def _own(request: RequesterRequest, batch_id: str) -> BatchView:
    shown = batch_of(request.requester, batch_id)
    return BatchView(shown, batch_progress(shown), timezone.now())


def _batch_page(
    request: RequesterRequest,
    shown: BatchView,
    *,
    form: ExtendForm | None = None,
    status: int = 200,
    mend: tuple[str, str] | None = None,
) -> HttpResponse:
    available = requester_can_spend(request.requester)
    terms = shown.batch.task_type
    context = {
        "view": shown,
        "batch": shown.batch,
        "terms": terms,
        "hourly": hourly_of(terms.reward, like=terms, estimate_seconds=terms.estimate_seconds),
        "counts": shown.counts,
        "free": free_places_of(shown.batch),
        "category": category_name(terms.category_id),
        "set_aside": _held_for(shown),
        "available": available,
        "returns": _returns(shown),
        "form": form or ExtendForm(),
        "mend": mend,
    }
    return render(request, "requester/running/batch.html", context, status=status)


def _returns(shown: BatchView) -> list[tuple[str, int]]:
    """Why tasks were given back, in words, the most frequent reason first."""
    if not shown.counts.returned:
        return []
    words = {**reasons.RETURN, SKIPPED: reasons.SKIPPED}
    return [(str(words.get(code, code)), times) for code, times in return_reasons_of(shown.batch).items()]


def _held_for(shown: BatchView) -> Money:
    """What is still set aside for the batch. Money of the wire's tasks never lay on a batch."""
    if shown.is_from_wire:
        return held(holds_of(shown.batch))
    return set_aside_for_batch(shown.batch.public_id)
