"""Codes that only the journal shows to people; the other ones have their words where their pages are."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.money.actions.proposals import acts, booking_acts, house_acts, rule_acts, vetting_acts
from tukro.money.models import PayoutSignal
from tukro.web.staff.law.identity import PROVIDER_NAMES
from tukro.web.words.bookings import PLACE_NAMES
from tukro.web.words.deposits import PAGES, WAYS

ACTS: dict[str, str | Promise] = {
    acts.CorrectBalance.kind: _("Correct a balance"),
    acts.ReverseCorrection.kind: _("Reverse a correction"),
    acts.AssignUnmatched.kind: _("Give money without an owner to a requester"),
    acts.ReturnUnmatched.kind: _("Money without an owner was sent back"),
    acts.TakeInLine.kind: _("Settle a deposit by a line of the bank's list"),
    acts.EndRefund.kind: _("End a refund"),
    acts.RecordDispute.kind: _("Write down a dispute"),
    acts.EndBatch.kind: _("End a file of withdrawals"),
    acts.ApprovePayout.kind: _("Approve a withdrawal"),
    acts.SendPayout.kind: _("A withdrawal was sent by hand"),
    acts.ReturnPayout.kind: _("A withdrawal came back"),
    acts.DecidePayout.kind: _("What became of a withdrawal without an answer"),
    booking_acts.Book.kind: _("Book the house's money"),
    booking_acts.ReverseBooking.kind: _("Reverse a booking of the house's money"),
    house_acts.GiveUpDebt.kind: _("Give up a debt"),
    house_acts.ChangeTax.kind: _("Change the tax that is kept of withdrawals"),
    house_acts.ChangeRatePolicy.kind: _("Change what holds for fetched rates"),
    rule_acts.ChangePolicy.kind: _("Change fees and limits"),
    rule_acts.ChangeLevelRewards.kind: _("Change which levels dear work asks for"),
    rule_acts.ChangeCooling.kind: _("Change how long a new place waits"),
    rule_acts.ChangeTerms.kind: _("Change the terms of a way to withdraw"),
    rule_acts.EnterRate.kind: _("Enter an exchange rate"),
    vetting_acts.AskTaxForm.kind: _("Change which tax form is asked"),
    vetting_acts.ChangeTaxYear.kind: _("Change the tax year and how long forms are kept"),
    vetting_acts.ChangeLikeness.kind: _("Change how like names must be to a sanctions list"),
    vetting_acts.TakeList.kind: _("Compare everybody with a sanctions list"),
    vetting_acts.DecideHit.kind: _("Decide about a hit on a sanctions list"),
}
OUTCOMES: dict[str, str | Promise] = {
    "overturned": _("approved after all"),
    "withdrawn": _("taken back by the worker"),
    "dismissed": _("the report was not right"),
    "upheld": _("the report was right"),
}
SIGNALS: dict[str, str | Promise] = {
    PayoutSignal.Kind.SHARED_IDENTITY: _("Gave a place that belongs to another worker"),
    PayoutSignal.Kind.CONTRADICTION: _("Provider says otherwise of a withdrawal"),
    PayoutSignal.Kind.NOBODY: _("Withdrawal came back for a closed account"),
}
REQUESTED: dict[str, str | Promise] = {
    "granted": _("granted"),
    "pending": _("waits for the requester"),
    "taking": _("takes the test"),
}
HOW: dict[str, str | Promise] = {"house": _("by our staff"), "letter": _("by the PIN of a letter")}
SIDES: dict[str, str | Promise] = {"payouts": _("Withdrawals"), "deposits": _("Deposits")}
LAYOUTS: dict[str, str | Promise] = {
    "beftn": _("File for BEFTN"),
    "cheque": _("Cheques"),
    "email": _("List of mail addresses"),
    "swift": _("List of bank accounts abroad"),
    "topup": _("List of phones to top up"),
    "wallet": _("List of wallets"),
}
TRANSPORTS: dict[str, str | Promise] = {"Email": _("Mail"), "WebHook": _("Web hook")}
# Names of companies are the same in every language; a file is carried by hand.
PROVIDERS: dict[str, str | Promise] = {
    **WAYS,
    **PLACE_NAMES,
    **PAGES,
    **PROVIDER_NAMES,
    "agcod": "Amazon",
    "file": _("By file"),
    "lob": "Lob",
    "play": _("Play money"),
    "gateway": _("Gateway for text messages"),
    "tremendous": "Tremendous",
    "twilio": "Twilio",
}
PLAN_FIELDS: dict[str, str | Promise] = {
    "kind": _("Kind of task page"),
    "name": _("Name of the project"),
    "title": _("Title"),
    "description": _("Description"),
    "category": _("Kind of work"),
    "reward": _("Reward"),
    "keywords": _("Keywords"),
    "places": _("Answers per task"),
    "duration_seconds": _("Time allotted"),
    "lifetime_seconds": _("How long tasks are offered"),
    "auto_approve_seconds": _("Time until approval by itself"),
    "estimate_seconds": _("How long one task takes"),
    "extensions": _("How often more time may be taken"),
    "extension_seconds": _("How much more time"),
    "instructions": _("Instructions"),
    "template": _("Page of the task"),
    "proof": _("Proof form"),
    "frame_height": _("Height of the task's page"),
    "requirements": _("Requirements"),
    "language": _("Language of the work"),
    "on_phone": _("Can be done on a phone"),
}
