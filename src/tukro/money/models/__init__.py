"""Money's own records: the operator's policy and goals; deposits and payouts have files of their own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tukro.kernel.money import CENT, Money
from tukro.money.models.bookings import Booking as Booking
from tukro.money.models.bookings import BookingKind as BookingKind
from tukro.money.models.cheques import Cheque as Cheque
from tukro.money.models.cheques import ChequeState as ChequeState
from tukro.money.models.debts import DebtWriteOff as DebtWriteOff
from tukro.money.models.deposits import Deposit as Deposit
from tukro.money.models.deposits import DepositState as DepositState
from tukro.money.models.deposits import Dispute as Dispute
from tukro.money.models.deposits import DisputeState as DisputeState
from tukro.money.models.deposits import ProviderNotice as ProviderNotice
from tukro.money.models.deposits import Refund as Refund
from tukro.money.models.deposits import RefundState as RefundState
from tukro.money.models.deposits import UnmatchedMoney as UnmatchedMoney
from tukro.money.models.deposits import UnmatchedState as UnmatchedState
from tukro.money.models.exchange import ExchangeRate as ExchangeRate
from tukro.money.models.exchange import RateSourceState as RateSourceState
from tukro.money.models.exchange import WaitingRate as WaitingRate
from tukro.money.models.fields import MoneyField as MoneyField
from tukro.money.models.holds import CHOSEN_BY_STAFF as CHOSEN_BY_STAFF
from tukro.money.models.holds import HoldCode as HoldCode
from tukro.money.models.holds import PayoutHold as PayoutHold
from tukro.money.models.payouts import Payout as Payout
from tukro.money.models.payouts import PayoutBatch as PayoutBatch
from tukro.money.models.payouts import PayoutIdentity as PayoutIdentity
from tukro.money.models.payouts import PayoutMethod as PayoutMethod
from tukro.money.models.payouts import PayoutSchedule as PayoutSchedule
from tukro.money.models.payouts import PayoutSignal as PayoutSignal
from tukro.money.models.payouts import PayoutState as PayoutState
from tukro.money.models.payouts import PayoutTerms as PayoutTerms
from tukro.money.models.payouts import seal_code as seal_code
from tukro.money.models.payouts import seal_details as seal_details
from tukro.money.models.proposals import Proposal as Proposal
from tukro.money.models.proposals import ProposalState as ProposalState
from tukro.money.models.reports import ProviderReport as ProviderReport
from tukro.money.models.reports import ReportSide as ReportSide
from tukro.money.models.taxes import TaxRule as TaxRule
from tukro.money.models.unclaimed import UnclaimedBalance as UnclaimedBalance
from tukro.people.models import Worker


class MoneyPolicy(models.Model):
    """Fees and limits of this house: one row, edited by staff, every change journalled."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    fee_basis_points = models.PositiveIntegerField(default=2000)  # of reward and bonus
    minimum_fee = MoneyField(default=Money(CENT))  # per place and per bonus
    # On top of the share of a reward, not of a bonus: for tasks of so many places (0: never), for Masters.
    many_places_from = models.PositiveIntegerField(default=0, db_default=0)
    many_places_basis_points = models.PositiveIntegerField(default=0, db_default=0)
    masters_basis_points = models.PositiveIntegerField(default=0, db_default=0)
    fees_in_cents = models.BooleanField(default=False, db_default=False)  # rounded half up to the cent
    minimum_reward = MoneyField(default=Money(CENT))
    maximum_reward = MoneyField(default=Money(1_000_000_000))
    minimum_payout = MoneyField(default=Money(10_000_000))
    payout_fee = MoneyField(default=Money(0))
    # So long a new place for payouts waits before it may be used; its worker has time to object.
    payout_cooling_hours = models.PositiveSmallIntegerField(default=72, db_default=72)
    # Above this two members of staff do an act with money: one proposes it, another confirms it.
    two_persons_above = MoneyField(default=Money(500_000_000), db_default=Money(500_000_000))
    deposit_fee_basis_points = models.PositiveIntegerField(default=0, db_default=0)  # on top of a deposit
    # Rates that a source tells: how far one may jump without staff, and what the house keeps of it.
    rate_jump_basis_points = models.PositiveIntegerField(default=300, db_default=300)
    rate_spread_basis_points = models.PositiveIntegerField(default=0, db_default=0)
    # So many months without a sign of life, and a balance becomes unclaimed; 0: never.
    unclaimed_after_months = models.PositiveSmallIntegerField(default=0, db_default=0)
    # From which reward on the house asks for which level, from level 1; 0 asks nothing. Here because whoever
    # publishes reads this row anyway.
    level_rewards = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="money_policy_one_row")]


class EarningsGoal(models.Model):
    """What a worker wants to earn; nothing: no such goal."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="+", primary_key=True)
    daily = MoneyField(default=Money.zero())
    weekly = MoneyField(default=Money.zero())
