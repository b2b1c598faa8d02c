"""The number of a payment that other withdrawals bear: right when they were paid together, else a slip."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.contrib import messages
from django.utils.translation import gettext as _

from tukro.money.models import Payout
from tukro.money.queries.payouts import sent_under
from tukro.web import formats
from tukro.web.entry.access import StaffRequest

_NAMED = 5


def sent_already(references: Collection[str], *, but: Collection[str] = ()) -> dict[str, list[Payout]]:
    """By number: withdrawals that were sent under it, without those of ``but``. Nothing is asked for none."""
    found: dict[str, list[Payout]] = {}
    if wanted := set(references) - {""}:
        for payout in sent_under(wanted, but=but):
            found.setdefault(payout.reference, []).append(payout)
    return found


def called(payout: Payout) -> str:
    """The worker and the amount, as staff know a withdrawal."""
    return f"{payout.worker.user.email}, {formats.money(payout.amount)}"


def listed(names: Sequence[str]) -> str:
    """The first of them in one line."""
    return "; ".join(names[:_NAMED])


def warn(request: StaffRequest, reference: str, names: Sequence[str]) -> None:
    """Say it to who has just written the number down."""
    said = _(
        "The number %(reference)s stands at more than one withdrawal: %(names)s. "
        "That is right when the bank paid them together; if not, find out which of them was paid."
    )
    messages.warning(request, said % {"reference": reference, "names": listed(names)})
