"""What a place costs, and what a worker must tell to be paid: decisions without database or clock."""

from __future__ import annotations

from tukro.kernel.money import CENT, Money
from tukro.money.rules.chart import CHART as CHART
from tukro.money.rules.exchange import EXCHANGED as EXCHANGED
from tukro.money.rules.exchange import RATE_DECIMALS as RATE_DECIMALS
from tukro.money.rules.exchange import RATE_LIVES as RATE_LIVES
from tukro.money.rules.exchange import Conversion as Conversion
from tukro.money.rules.exchange import convert as convert
from tukro.money.rules.exchange import rate_less_spread as rate_less_spread
from tukro.money.rules.fees import FEE_PRESETS as FEE_PRESETS
from tukro.money.rules.fees import fee_for as fee_for
from tukro.money.rules.methods import PAYOUT_FIELDS as PAYOUT_FIELDS
from tukro.money.rules.methods import PAYOUT_KINDS as PAYOUT_KINDS
from tukro.money.rules.methods import DetailProblem as DetailProblem
from tukro.money.rules.methods import PayoutField as PayoutField
from tukro.money.rules.methods import PayoutKindName as PayoutKindName
from tukro.money.rules.methods import check_payout_details as check_payout_details
from tukro.money.rules.methods import masked as masked
from tukro.money.rules.payouts import PAYOUT_MOVES as PAYOUT_MOVES
from tukro.money.rules.payouts import PayoutVerb as PayoutVerb

LARGEST_DEPOSIT = Money(1_000_000_000_000)  # 1,000,000 dollars of play money at once


def is_whole_cents(amount: Money) -> bool:
    """Whether it can be said with two decimals. ``amount`` is dollars."""
    return amount.units % CENT == 0
