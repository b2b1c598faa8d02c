"""What each act that waits for a second person is called, and what became of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tukro.money.actions.proposals import acts, booking_acts, house_acts, rule_acts, vetting_acts
from tukro.money.actions.proposals.acts import Act
from tukro.money.models import ProposalState
from tukro.web.words.bookings import BOOKINGS
from tukro.web.words.payouts import KINDS

STATES: dict[str, Promise] = {
    ProposalState.WAITING: gettext_lazy("waits"),
    ProposalState.CONFIRMED: gettext_lazy("confirmed"),
    ProposalState.DECLINED: gettext_lazy("declined"),
    ProposalState.WITHDRAWN: gettext_lazy("taken back"),
    ProposalState.OVERTAKEN: gettext_lazy("settled another way"),
    ProposalState.EXPIRED: gettext_lazy("waited too long"),
}
DECISIONS: dict[str, Promise] = {
    "accepted": gettext_lazy("It was paid"),
    "settled": gettext_lazy("It arrived"),
    "failed": gettext_lazy("It failed: the money goes back"),
    "again": gettext_lazy("It was never paid: send it again"),
}


def title_of(act: Act) -> str:
    """What is to be done, in a line."""
    match act:
        case acts.CorrectBalance():
            return _("Make good to a person") if act.units > 0 else _("Take money back from a person")
        case acts.ReverseCorrection():
            return _("Reverse a correction")
        case acts.AssignUnmatched():
            return _("Give money without an owner to a requester")
        case acts.ReturnUnmatched():
            return _("Money without an owner was sent back")
        case acts.TakeInLine():
            return _("Settle a deposit by a line of the bank's list")
        case acts.EndRefund():
            return _("A refund was sent") if act.sent else _("A refund was not sent: back into the balance")
        case acts.RecordDispute():
            lost = _("A dispute was lost") if act.lost else _("A dispute takes a deposit back")
            return _("A dispute was won") if act.won else lost
        case acts.EndBatch():
            handed_over = act.end == "hand_over"
            return _("A file was handed over") if handed_over else _("A file was not handed over")
        case booking_acts.Book():
            return _("The house's money: %(what)s") % {"what": BOOKINGS[act.what]}
        case booking_acts.ReverseBooking():
            return _("Reverse a booking of the house's money")
        case _:
            return _payout_or_rule(act)


def _payout_or_rule(act: Act) -> str:
    match act:
        case acts.ApprovePayout():
            return _("Approve a withdrawal")
        case acts.SendPayout():
            return _("A withdrawal was sent by hand")
        case acts.ReturnPayout():
            return _("A withdrawal came back")
        case acts.DecidePayout():
            return _("What became of a withdrawal without an answer")
        case rule_acts.ChangePolicy():
            return _("Change fees and limits")
        case rule_acts.ChangeLevelRewards():
            return _("Change which levels dear work asks for")
        case rule_acts.ChangeCooling():
            return _("Change how long a new place waits")
        case rule_acts.ChangeTerms():
            return _("Change the terms of %(kind)s") % {"kind": KINDS[act.of]}
        case rule_acts.EnterRate():
            return _("Enter an exchange rate")
        case house_acts.GiveUpDebt():
            return _("Give up a debt")
        case house_acts.ChangeRatePolicy():
            return _("Change what holds for fetched rates")
        case house_acts.ChangeTax():
            return _("Change the tax that is kept of withdrawals")
        case vetting_acts.AskTaxForm():
            return _("Change which tax form is asked")
        case vetting_acts.ChangeTaxYear():
            return _("Change the tax year and how long forms are kept")
        case vetting_acts.TakeList():
            return _("Compare everybody with a sanctions list")
        case vetting_acts.DecideHit():
            return _("Clear a person of a hit") if act.verdict == "cleared" else _("Keep holding a person")
        case vetting_acts.ChangeLikeness():
            return _("Change how like names must be to a sanctions list")
        case _:
            raise AssertionError(act.kind)
