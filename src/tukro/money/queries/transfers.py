"""Reading single transfers, for staff: found by number, by thing, by person or by day; corrections so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.ledger.models import Account, Entry, Transfer
from tukro.ledger.queries.accounts import name_of

_REWARDS = ("reward", "reward_after_release")
_TOLD = {"correction": "BalanceCorrected", "correction_reversed": "CorrectionReversed"}


@dataclass(frozen=True, slots=True)
class Side:
    """One entry: ``debit`` or ``credit`` is None. ``owner``: whose account it is; empty: the house's."""

    account: str
    owner: str
    debit: Money | None
    credit: Money | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One that was made, or its reversal. ``amount``: what the person got, below zero what was taken."""

    transfer: Transfer
    correction: str
    person: str
    amount: Money
    by: str
    reason: str
    reversed: bool

    @property
    def is_reversal(self) -> bool:
        return self.transfer.kind == "correction_reversed"


def find_transfers(
    *,
    text: str = "",
    owners: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Transfer]:
    """The latest first. ``text``: a transfer's number or key, or the id of what it is about.

    ``owners``: public ids of people; ``until`` is not included; ``before``: a transfer's number.
    """
    found: QuerySet[Transfer] = Transfer.objects.order_by("-pk")
    if text:
        found = found.filter(pk__in=_named(text))
    if owners is not None:
        accounts = Account.objects.filter(owner__in=owners).values("pk")
        found = found.filter(pk__in=Entry.objects.filter(account__in=accounts).values("transfer_id"))
    if since:
        found = found.filter(posted_at__gte=since)
    if until:
        found = found.filter(posted_at__lt=until)
    if before:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


def transfer_of(number: int) -> Transfer | None:
    """The transfer with this number of the ledger."""
    return Transfer.objects.filter(pk=number).first()


def _named(text: str) -> list[int]:
    """Rewards are found by their key: the index by subject leaves them out."""
    by_key = Q(key__in=[text, f"reward:{text}"])
    about = Q(subject=text) & ~Q(kind__in=_REWARDS)
    ids = [*Transfer.objects.filter(by_key).values_list("pk", flat=True)]
    ids += Transfer.objects.filter(about).order_by("-pk").values_list("pk", flat=True)[:1000]
    if text.isascii() and text.isdigit() and len(text) < 19:
        ids.append(int(text))
    return ids


def sides_of(transfer: Transfer) -> list[Side]:
    """Its entries: what was debited first."""
    entries = transfer.entries.select_related("account").order_by("-amount", "account_id")
    return [
        Side(
            account=name_of(one.account),
            owner=one.account.owner,
            debit=Money(one.amount, one.account.currency) if one.amount > 0 else None,
            credit=Money(-one.amount, one.account.currency) if one.amount < 0 else None,
        )
        for one in entries
    ]


def corrections(*, before: int | None = None, limit: int = 50) -> list[Correction]:
    """Corrections and reversals, the latest first; ``before``: the last transfer of the page before."""
    goodwill = Account.objects.filter(code="goodwill", owner="").values("pk")
    entries = Entry.objects.filter(account__in=goodwill).order_by("-transfer_id")
    if before:
        entries = entries.filter(transfer_id__lt=before)
    made = [entry.transfer for entry in entries.select_related("transfer")[:limit]]
    return _corrections([one for one in made if one.kind in _TOLD])


def correction_of(transfer: Transfer) -> Correction | None:
    """The same for one transfer; None: it is no correction."""
    return _corrections([transfer])[0] if transfer.kind in _TOLD else None


def _corrections(made: list[Transfer]) -> list[Correction]:
    subjects = [one.subject for one in made]
    gone = set(
        Transfer.objects.filter(key__in=[f"correction_reversed:{one}" for one in subjects]).values_list(
            "subject", flat=True
        )
    )
    told = {
        (event.subject, event.name): event
        for event in Event.objects.filter(subject__in=subjects, name__in=_TOLD.values())
    }
    theirs = {
        entry.transfer_id: entry
        for entry in Entry.objects.filter(transfer__in=made, account__cached=True).select_related("account")
    }
    lines = []
    for one in made:
        event, entry = told.get((one.subject, _TOLD[one.kind])), theirs[one.pk]
        lines.append(
            Correction(
                transfer=one,
                correction=one.subject,
                person=f"{entry.account.code.removesuffix('_available')}:{entry.account.owner}",
                amount=Money(-entry.amount, entry.account.currency),
                by=event.actor if event else "",
                reason=str(event.facts.get("reason", "")) if event else "",
                reversed=one.kind == "correction" and one.subject in gone,
            )
        )
    return lines
