"""A provider's report is compared with our books; what came out is kept. Nothing is moved by it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.models import ProviderReport, ReportSide
from tukro.money.queries.booked import booked_deposits, booked_payouts
from tukro.money.rules.csv_tables import TableFault
from tukro.money.rules.reconciling import Difference, Reconciled, ReportLine, read_report, reconcile


class ReportUnreadable(Refused):
    """The file is no report. Facts: ``code`` (csv_tables.FaultCode), ``line``, ``text``."""


class BadPeriod(Refused):
    """The last day comes before the first, or the period is longer than ``days``."""


LONGEST_DAYS = 366


@transaction.atomic
def compare_report(
    *,
    by: Actor,
    side: ReportSide,
    provider: str,
    currency: str,
    first: date,
    last: date,
    name: str,
    data: bytes,
    now: datetime,
) -> ProviderReport:
    """Compare to the smallest unit and keep the result. Writes ReportCompared.

    Refuses BadPeriod, ReportUnreadable.
    """
    if last < first or (last - first).days >= LONGEST_DAYS:
        raise BadPeriod(days=LONGEST_DAYS)
    lines = _lines_of(data, currency)
    result = _compared(lines, side, provider, currency, first, last)
    report = ProviderReport.objects.create(
        public_id=new_id(),
        side=side,
        provider=provider,
        currency=currency,
        first_day=first,
        last_day=last,
        name=name[:200],
        digest=hashlib.sha256(data).hexdigest(),
        matched=result.matched,
        theirs_units=result.theirs.units,
        ours_units=result.ours.units,
        costs_units=sum(line.fee.units for line in lines if line.fee),
        differences=[_kept(one) for one in result.differences],
        compared_at=now,
        compared_by=str(by),
    )
    told = {"matched": result.matched, "differences": len(result.differences)}
    facts = {"provider": provider, "side": side} | told
    record(name="ReportCompared", actor=by, subject=report.public_id, at=now, facts=facts)
    return report


def _lines_of(data: bytes, currency: str) -> list[ReportLine]:
    """Refuses ReportUnreadable."""
    lines = read_report(data, currency=currency)
    if isinstance(lines, TableFault):
        raise ReportUnreadable(code=lines.code, line=lines.line, text=lines.text)
    return lines


def _compared(
    lines: list[ReportLine], side: ReportSide, provider: str, currency: str, first: date, last: date
) -> Reconciled:
    """The lines against what our books say of these days."""
    booked = booked_payouts if side == ReportSide.PAYOUTS else booked_deposits
    expected, known = booked(provider, currency=currency, first=first, last=last)
    return reconcile(lines, expected=expected, known=known, currency=currency)


def _kept(one: Difference) -> dict[str, object]:
    return asdict(one) | {"theirs": one.theirs.units, "ours": one.ours.units}


def differences_of(report: ProviderReport) -> list[Difference]:
    """The kept differences as they were found."""
    return [
        Difference(
            **one
            | {"theirs": Money(one["theirs"], report.currency), "ours": Money(one["ours"], report.currency)}
        )
        for one in report.differences
    ]
