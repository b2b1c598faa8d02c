"""Money that waits for staff: a transfer without an owner, a disputed deposit, a debt, a tax to remit."""

from __future__ import annotations

from datetime import datetime, timedelta

from tukro.demo.people import join_debtor
from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.actions.deposits.write_offs import write_off_debt
from tukro.money.actions.law.taxes import change_tax_rule, remit_tax
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.methods import add_method, confirm_method
from tukro.money.actions.paying_out.payouts import send_payout, settle_payout
from tukro.money.models import Deposit
from tukro.money.rules.bank_lines import BankLine
from tukro.people.models import Requester, Worker

_TWENTY = Money.parse("20.00")


def sort_money(*, staff: Actor, disputed: Requester, taxed: Worker, now: datetime) -> None:
    """``disputed`` has the money that a payer's bank takes back; of ``taxed`` a tax is withheld."""
    at = now - timedelta(hours=4)
    stray = BankLine(
        ref="BEFTN-240825-0019", amount=Money.parse("40.00"), memo="for survey", payer="Karim Traders"
    )
    take_in_line(by=staff, line=stray, now=at)
    small = deposit_play_money(requester=disputed, amount=_TWENTY, now=at)
    _dispute(small, "DISPUTE-0001", staff, at + timedelta(hours=1))
    _owe(staff, at)
    _tax(taxed, staff, now)


def _dispute(deposit: Deposit, reference: str, staff: Actor, at: datetime) -> None:
    record_dispute_by_hand(
        by=staff,
        deposit_id=deposit.public_id,
        reference=reference,
        amount=deposit.amount,
        reason="The cardholder does not know this payment.",
        won=False,
        now=at,
    )


def _owe(staff: Actor, at: datetime) -> None:
    """A requester got a part back by cheque before the payer's bank took the whole: the rest is owed."""
    debtor = join_debtor(at)
    deposit = deposit_play_money(requester=debtor, amount=_TWENTY, now=at)
    back = Money.parse("-12.00")
    correct_balance(by=staff, person=debtor, amount=back, reason="Paid back by cheque no. 0088.", now=at)
    _dispute(deposit, "DISPUTE-0002", staff, at + timedelta(hours=1))
    write_off_debt(
        by=staff,
        requester=debtor,
        amount=Money.parse("5.00"),
        reason="They shared the loss with us.",
        now=at + timedelta(hours=2),
    )


def _tax(worker: Worker, staff: Actor, now: datetime) -> None:
    """A tenth of what is withdrawn to this country is kept; of the first one more than half is remitted."""
    asked = now - timedelta(days=2)
    given = asked - timedelta(days=4)
    authority = "Income Tax Department"
    change_tax_rule(by=staff, country=worker.country, basis_points=1_000, authority=authority, now=given)
    place = add_method(worker=worker, kind="paypal", details={"email": "moushumi@demo.example"}, now=given)
    confirm_method(method=place, now=given)
    lost = "Made good: answers of a whole day were lost by our mistake."
    correct_balance(by=staff, person=worker, amount=Money.parse("9.00"), reason=lost, now=given)
    payout = request_payout(worker=worker, method_id=place.pk, amount=Money.parse("10.00"), now=asked)
    sent = asked + timedelta(hours=3)
    send_payout(by=staff, payout_id=payout.public_id, reference="PAYPAL-7XK21", now=sent)
    settle_payout(by=staff, payout_id=payout.public_id, now=sent + timedelta(hours=1))
    part = Money.parse("0.60")
    remit_tax(
        by=staff,
        country=worker.country,
        amount=part,
        place="bank",
        paid=part,
        reference="CHALLAN-0042",
        now=now - timedelta(hours=1),
    )
