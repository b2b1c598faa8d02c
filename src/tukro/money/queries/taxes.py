"""Reading taxes: what would be kept of a withdrawal, what was kept and is still to be remitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.money.models import Payout, PayoutState, TaxRule
from tukro.money.rules.taxes import tax_on
from tukro.people.models import Worker


@dataclass(frozen=True, slots=True)
class Withholding:
    """What is kept of one withdrawal, and for whose authority; '' for nobody's."""

    tax: Money
    country: str


def withholding_of(worker: Worker, amount: Money) -> Withholding:
    """What the rule of the worker's country keeps of a withdrawal of ``amount``."""
    rule = TaxRule.objects.filter(country=worker.country).first()
    tax = tax_on(amount, rule.basis_points) if rule else Money.zero()
    return Withholding(tax, worker.country if tax else "")


def withheld_for(country: str) -> Money:
    """What was withheld for a country's authority and not remitted yet."""
    return withheld().get(country, Money.zero())


def withheld() -> dict[str, Money]:
    """The same for every country for which something was ever withheld."""
    accounts = dict(Account.objects.filter(code="tax_withheld").values_list("pk", "ref"))
    with connection.cursor() as cursor:
        cursor.execute(
            "select account_id, -sum(amount)::bigint from ledger_entry where account_id = any(%s) group by 1",
            [list(accounts)],
        )
        return {accounts[account]: Money(units) for account, units in cursor.fetchall()}


def taxed_payouts(since: datetime, until: datetime) -> QuerySet[Payout]:
    """What was withheld in a period and did not come back: one row for each withdrawal, oldest first."""
    sent = Payout.objects.filter(state__in=(PayoutState.SENT, PayoutState.SETTLED), sent_at__gte=since)
    return sent.filter(sent_at__lt=until, tax__gt=0).select_related("worker__user").order_by("sent_at", "pk")
