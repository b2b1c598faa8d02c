"""The requester's money: what is there, what is set aside and for which batch, every movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.money import Money
from tukro.money import queries
from tukro.money.models import MoneyPolicy
from tukro.money.queries import debt_of
from tukro.money.queries.unclaimed import unclaimed_of
from tukro.money.rules import fee_for
from tukro.people.models import Requester
from tukro.web import formats
from tukro.web.alike import claiming
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.alike.statements import statement_page
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.words.transfers import TRANSFERS
from tukro.work.models import Batch, BatchSource
from tukro.work.queries import batches_about, holds_of

PAGE = 50
BATCHES = 50  # the newest ones; money of older batches is in the sum
_EXAMPLES: Final = (Money(50_000), Money(1_000_000))  # rewards that explain the fee: 0.05 and 1.00

# What a requester calls the ledger's movements of their balance, where staff would say it in another way.
KINDS: Final[dict[str, str | Promise]] = {
    **TRANSFERS,
    "deposit": gettext_lazy("Money added"),
    "unmatched_assigned": gettext_lazy("Money added"),
    "dispute_freed": gettext_lazy("Free again"),
    "refund_asked": gettext_lazy("On its way back to you"),
    "refund_failed": gettext_lazy("Did not reach you, back in the balance"),
    "bonus": gettext_lazy("Bonus with its fee"),
    "reward_after_release": gettext_lazy("Overturned rejection paid"),
    "unclaimed_back": gettext_lazy("Taken back"),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the statement in words, with the batch that it is about, if it is about one.

    ``places``: how many places gave their money back, where that is what it is about.
    """

    row: queries.StatementRow
    text: str | Promise
    batch: Batch | None

    @property
    def places(self) -> int:
        batch = self.batch
        if batch is None or self.row.kind != "give_back":
            return 0
        if self.row.subject != batch.public_id:  # then it is a task that costs less than before
            return 0
        return self.row.amount.units // batch.task_type.price.units

    @property
    def details(self) -> str:
        """Of how many places, and in how many steps the house moved what is one act to the reader."""
        places, steps, said = self.places, self.row.steps, []
        if places:
            words = ngettext("%(number)s place", "%(number)s places", places)
            said.append(words % {"number": formats.number(places)})
        if steps > 1:
            said.append(_("in %(count)s steps") % {"count": formats.number(steps)})
        return ", ".join(said)


@require_GET
@requester_required
def page(request: RequesterRequest) -> HttpResponse:
    """Balance, what is set aside per batch, statement, and how the fee comes about."""
    requester = request.requester
    available, set_aside = queries.requester_balance(requester)
    before = page_ended_at(request)
    found = queries.statement(requester.public_id, before=before, limit=PAGE + 1)
    rows, next_cursor = one_page(found, PAGE, lambda row: row.id)
    context = {
        "available": available,
        "debt": Money.zero() if available else debt_of(requester),  # whoever owes has nothing available
        "unclaimed": unclaimed_of(requester),
        "set_aside": set_aside,
        "batches": _set_aside_per_batch(requester) if set_aside and not before else [],
        "movements": _in_words(requester, rows),
        "next_cursor": next_cursor,
        **fee_facts(queries.policy()),
    }
    return render(request, "requester/money/balance.html", context)


def _in_words(requester: Requester, rows: Sequence[queries.StatementRow]) -> list[Movement]:
    batches = batches_about(requester, [row.subject for row in rows])
    return [Movement(row, KINDS.get(row.kind, _("Other movement")), batches.get(row.subject)) for row in rows]


@require_POST
@requester_required
def claim(request: RequesterRequest) -> HttpResponse:
    """Take back what was set apart."""
    return claiming.claim(request, request.requester, back="requester:balance")


@require_GET
@requester_required
def statement(request: RequesterRequest) -> HttpResponseBase:
    """What moved the balance in a period, on the page and as a file."""
    requester = request.requester
    return statement_page(
        request,
        owner=requester.public_id,
        name=requester.name,
        words=KINDS,
        template="requester/money/statement.html",
        details=lambda rows: [one.details for one in _in_words(requester, rows)],
    )


def _set_aside_per_batch(requester: Requester) -> list[tuple[Batch, Money]]:
    """Batches with money on them, newest first."""
    batches = list(Batch.objects.filter(requester=requester).order_by("-pk")[:BATCHES])
    held = queries.set_aside_by_batch([batch.public_id for batch in batches])
    held |= {one.public_id: queries.held(holds_of(one)) for one in batches if one.source == BatchSource.WIRE}
    return [(batch, held[batch.public_id]) for batch in batches if held.get(batch.public_id)]


def fee_facts(policy: MoneyPolicy) -> dict[str, object]:
    """How a fee comes about, by examples."""
    return {
        "policy": policy,
        "fee_share": policy.fee_basis_points / 10_000,
        "many_share": policy.many_places_basis_points / 10_000 if policy.many_places_from else 0,
        "masters_share": policy.masters_basis_points / 10_000,
        "examples": [
            {"reward": reward, "fee": fee, "price": reward + fee}
            for reward in _EXAMPLES
            for fee in [fee_for(reward, policy)]
        ],
    }
