"""What the house says when a rule of money and the places where it goes said no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.money.actions.balances.spending import RequesterInDebt
from tukro.money.actions.books.corrections import CorrectionNeedsReason, NothingToCorrect
from tukro.money.actions.books.exchange import BadRate, NoRate, TooLittleToExchange
from tukro.money.actions.books.reconciling import BadPeriod, ReportUnreadable
from tukro.money.actions.deposits import AmountNotPositive, AmountTooLarge, AmountTooSmall, DepositNotMovable
from tukro.money.actions.deposits.disputes import DisputeDecided, DisputeNeedsReference, NoSuchDispute
from tukro.money.actions.deposits.refunds import NotRefundable, RefundNotMovable
from tukro.money.actions.deposits.unmatched import AlreadyDecided, DecisionNeedsReason
from tukro.money.actions.paying_out.asking import (
    AboveMaximum,
    BelowMinimum,
    MethodNotReady,
    NotWholeCents,
    OverDailyLimit,
    ProofMissing,
)
from tukro.money.actions.paying_out.batches import BatchOver, NothingToFile
from tukro.money.actions.paying_out.cheques import (
    ChequeNumberTaken,
    ChequeOver,
    NoChequeMissing,
    NotAChequeNumber,
)
from tukro.money.actions.paying_out.leaving import RestCanBePaid, RestChanged
from tukro.money.actions.paying_out.methods import (
    AskedJustNow,
    BadDetails,
    IdentityTaken,
    KindNotOffered,
    LinkStale,
)
from tukro.money.actions.paying_out.payouts import (
    PayoutNotMovable,
    ReasonMissing,
    ReferenceMissing,
    SentUnderAnother,
)
from tukro.money.actions.paying_out.schedules import BadSchedule
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.proposals.rule_acts import ChangedMeanwhile
from tukro.money.actions.proposals.waiting import DeclineNeedsReason, OwnProposal, ProposalOver, ProposalWaits
from tukro.money.actions.refusals import AlreadyPaid, HoldExhausted, InsufficientFunds
from tukro.money.actions.two_persons import SecondPersonNeeded
from tukro.web.refusals.words import A_SPREADSHEET, NO_CSV, Words

_ADD_MONEY = ("requester:add_money", _("Add money"))
_WITHDRAW = ("worker:withdraw", _("Withdraw"))
_NOTHING_CAME = _("Nothing has come in for this deposit yet.")
_STILL_AT_IT = _("This payment is still under way. Wait until it has come in.")
_DEPOSIT_OVER = _("This deposit is over, and nothing came in for it.")
_REFUND_UNDER_WAY = _("This refund is with the provider now. Wait for its answer.")
_REFUND_SENT = _("This refund was sent already.")
_WITHDRAWAL_UNDER_WAY = _("This withdrawal is with the bank or provider now. Wait for its answer.")
_WITHDRAWAL_BACK = _("This withdrawal was not paid; its money is in the worker's balance again.")
_SHARE_OF_REWARD = _("Fees and surcharges are from 0 to 100 percent of the reward.")
_SMALLEST_WITHDRAWAL = _("The smallest withdrawal is at least one cent, in whole cents.")
_FEE_OF_WITHDRAWAL = _("The fee of a withdrawal is in whole cents, and less than the smallest withdrawal.")

MONEY: dict[type[Refused], Words] = {
    RequesterInDebt: Words(
        _("You owe %(debt)s from a payment that was taken back. Add money first; it pays this debt."),
        mend=_ADD_MONEY,
    ),
    AmountTooSmall: Words(_("The smallest amount is %(limit)s, in whole cents.")),
    DepositNotMovable: Words(
        _("This deposit is no longer in a state for that."),
        status=409,
        by="state",
        cases={
            "created": _NOTHING_CAME,
            "pending": _STILL_AT_IT,
            "settled": _("The money of this deposit has come in already. Reload the page."),
            "failed": _DEPOSIT_OVER,
            "expired": _DEPOSIT_OVER,
        },
    ),
    DisputeNeedsReference: Words(_("Write down the number that the bank or provider gave this dispute.")),
    NoSuchDispute: Words(
        _(
            "Nothing was taken from this deposit under the number %(reference)s, so nothing can come back. "
            "Look for the number among its disputes."
        ),
        409,
    ),
    DisputeDecided: Words(
        _("The dispute %(reference)s was decided before."),
        409,
        by="state",
        cases={
            "won": _("The dispute %(reference)s was won before, and stays so."),
            "lost": _("The dispute %(reference)s was lost before, and stays so."),
        },
    ),
    NotRefundable: Words(
        _("This deposit cannot be sent back."),
        by="state",
        cases={
            "created": _NOTHING_CAME,
            "pending": _STILL_AT_IT,
            "settled": _("Money that came in this way cannot be sent back."),
            "failed": _DEPOSIT_OVER,
            "expired": _DEPOSIT_OVER,
        },
    ),
    RefundNotMovable: Words(
        _("This refund is no longer in a state for that."),
        status=409,
        by="state",
        cases={
            "sending": _REFUND_UNDER_WAY,
            "unknown": _REFUND_UNDER_WAY,
            "sent": _REFUND_SENT,
            "done": _REFUND_SENT,
            "failed": _("This refund did not arrive; its money is back in the balance."),
        },
    ),
    AlreadyDecided: Words(
        _("Somebody has decided about this money already."),
        status=409,
        by="state",
        cases={
            "assigned": _("A colleague has given this money to a requester already."),
            "returned": _("A colleague has sent this money back already."),
        },
    ),
    DecisionNeedsReason: Words(_("Say why: it is kept with the money.")),
    InsufficientFunds: Words(
        _("The balance does not cover it: %(needed)s needed, %(available)s available."),
        mend=_ADD_MONEY,
    ),
    AmountNotPositive: Words(_("The amount must be more than nothing.")),
    AmountTooLarge: Words(_("That is too much: at most %(limit)s.")),
    BelowMinimum: Words(_("The smallest amount is %(minimum)s.")),
    RestCanBePaid: Words(_("This can still be withdrawn. Look at your places once more."), 409),
    RestChanged: Words(_("What is left has changed: it is %(amount)s now. Look once more."), 409),
    NotWholeCents: Words(_("Amounts have at most two decimals.")),
    BadDetails: Words(_("These details cannot be right. Check them and try once more.")),
    ReportUnreadable: Words(
        _("The file is no CSV report that we can read."),
        by="code",
        cases={
            "workbook": A_SPREADSHEET,
            "not_text": NO_CSV,
            "no_columns": _(
                "The first line must name the columns: one for the reference or ID, one for the amount."
            ),
            "not_an_amount": _("Line %(line)s: “%(text)s” is not an amount."),
            "too_long": _("The file has more lines than are read at once; split it."),
        },
    ),
    BadPeriod: Words(_("The last day comes after the first one, within %(days)s days.")),
    SecondPersonNeeded: Words(
        _("Two of our staff do this: one proposes it, another confirms it."),
        409,
        by="why",
        cases={
            "amount": _("Above %(limit)s two of our staff do this: one proposes it, another confirms it."),
        },
    ),
    OwnProposal: Words(_("You proposed this: a colleague has to confirm it."), 409),
    ProposalWaits: Words(
        _("Something else is proposed about this and waits for a second person. Decide that first."),
        409,
        mend=("staff:proposals", _("Look at what waits")),
    ),
    ProposalOver: Words(
        _("This waits no more: somebody has decided it, or it waited too long."),
        409,
        by="state",
        cases={
            "confirmed": _("A colleague has confirmed this already."),
            "declined": _("A colleague has declined this already."),
            "withdrawn": _("Who proposed this has taken it back."),
            "overtaken": _("What this was about has been stopped meanwhile."),
            "expired": _("This has waited too long. Propose it anew."),
        },
    ),
    DeclineNeedsReason: Words(_("Say why you decline: your colleague has a right to know it.")),
    ChangedMeanwhile: Words(
        _("The rule has changed since this was proposed. Decline it and propose it anew."), 409
    ),
    ProofMissing: Words(
        _("Before your first withdrawal, prove your address: a letter brings you a PIN."),
        409,
        by="missing",
        cases={
            "identity": _("Before this withdrawal, prove who you are: on the page Withdraw."),
            "phone": _("Before your first withdrawal, prove your phone: a text message brings you a code."),
            "name": _(
                "Your first withdrawal has to go to an account in your own name, as in your contact details."
            ),
        },
    ),
    PayoutNotMovable: Words(
        _("This withdrawal has moved on since you looked. Reload the page."),
        409,
        by="state",
        cases={
            "held": _("This withdrawal is held; that has to end first."),
            "sending": _WITHDRAWAL_UNDER_WAY,
            "unknown": _WITHDRAWAL_UNDER_WAY,
            "sent": _("This withdrawal was sent meanwhile. Reload the page."),
            "settled": _("This withdrawal has arrived meanwhile. Reload the page."),
            "failed": _WITHDRAWAL_BACK,
            "returned": _WITHDRAWAL_BACK,
            "cancelled": _("This withdrawal was taken back by its worker."),
        },
    ),
    IdentityTaken: Words(
        _("These details cannot be used for this account. If they are yours, write to our staff."), 409
    ),
    KindNotOffered: Words(_("We do not pay this way at the moment. Choose another."), 409, mend=_WITHDRAW),
    NothingToFile: Words(_("No approved withdrawal of this kind waits. Approve some first.")),
    NotAChequeNumber: Words(
        _("A cheque's number has up to twelve digits, and all that follow must fit too.")
    ),
    ChequeNumberTaken: Words(
        _("Another cheque has the number %(number)s. Look at the sheet in the printer."), 409
    ),
    NoChequeMissing: Words(_("Every withdrawal of this file has its cheque."), 409),
    ChequeOver: Words(
        _("This cheque is void, was cashed or came back. Reload the page."),
        409,
        by="state",
        cases={
            "void": _("This cheque is void. Print another in its place."),
            "cashed": _("This cheque was cashed already."),
            "returned": _("This cheque came back; its money is in the worker's balance again."),
        },
    ),
    BatchOver: Words(_("This file was handed over or dropped before."), 409),
    BadSchedule: Words(_("Choose 3, 7, 14 or 30 days.")),
    AskedJustNow: Words(
        _("The mail may still arrive. You can ask for another one from %(again_at)s on."), 429
    ),
    LinkStale: Words(
        _("This link is too old or was replaced. Add the place once more."), 410, mend=_WITHDRAW
    ),
    AboveMaximum: Words(_("At most %(maximum)s at once this way.")),
    OverDailyLimit: Words(_("This way pays at most %(limit)s a day. %(left)s is left for now.")),
    MethodNotReady: Words(
        _("This place cannot be used yet: confirm it by the mail, and wait."),
        409,
        by="confirmed",
        cases={
            "False": _("Confirm this place first: follow the link in the mail that we sent you."),
            "True": _("This place can be used from %(usable_from)s. Until then, choose another."),
        },
    ),
    ReasonMissing: Words(_("Say why: a reason is needed.")),
    ReferenceMissing: Words(_("Give the reference number of the bank or wallet.")),
    SentUnderAnother: Words(
        _(
            "It was written down as sent before, under %(reference)s, and stays so. If you paid it too, it "
            "went out twice: ask the bank or wallet to take one back."
        ),
        409,
    ),
    BadPolicy: Words(
        _("These fees and limits contradict each other."),
        by="fields",
        cases={
            "fee_basis_points": _SHARE_OF_REWARD,
            "many_places_basis_points": _SHARE_OF_REWARD,
            "masters_basis_points": _SHARE_OF_REWARD,
            "deposit_fee_basis_points": _("The fee on deposits is from 0 to 20 percent."),
            "unclaimed_after_months": _("A balance is set apart never (0), or after 6 to 240 months."),
            "minimum_reward": _("The smallest reward is at least one cent, in whole cents."),
            "maximum_reward": _("The largest reward is not below the smallest one."),
            "minimum_payout": _SMALLEST_WITHDRAWAL,
            "minimum": _SMALLEST_WITHDRAWAL,
            "payout_fee": _FEE_OF_WITHDRAWAL,
            "fee": _FEE_OF_WITHDRAWAL,
            "maximum": _("The largest withdrawal is not below the smallest one."),
            "daily_maximum": _("What is paid in a day is not below the smallest withdrawal."),
            "level_rewards": _("A higher level asks for no smaller reward than a lower one."),
            "payout_cooling_hours": _("A new place for money waits at most 30 days."),
            "basis_points": _("The share of a tax is from 0 to 50 percent."),
            "authority": _("Name the authority that gets the tax."),
            "rate_jump_basis_points": _("A rate may jump by more than 0 and at most 50 percent."),
            "rate_spread_basis_points": _("What the house keeps of a rate is from 0 to 50 percent."),
        },
    ),
    CorrectionNeedsReason: Words(_("Say why: a reason is needed.")),
    NothingToCorrect: Words(_("A correction of nothing changes nothing. Write another amount.")),
    BadRate: Words(
        _("This is no exchange rate. Write its currency, a number above zero and its source."),
        by="fields",
        cases={
            "currency": _("Nothing is paid in this currency here."),
            "rate": _("A rate is a number above zero."),
            "source": _("Name where the rate comes from, in a few words."),
            "spread_basis_points": _("What the house keeps of a rate is at least 0 and below 100 percent."),
        },
    ),
    NoRate: Words(
        _("Nothing can be paid in %(currency)s now: staff have not entered a rate for these days."), 409
    ),
    TooLittleToExchange: Words(_("This is too little to be paid in %(currency)s. Ask for more.")),
    AlreadyPaid: Words(_("This work was paid before. Nothing was paid twice."), 409),
    HoldExhausted: Words(
        _("The money set aside for this task does not cover it, so nothing was paid. Write to our staff."),
        409,
    ),
}
