"""What each fact of the journal is called, and how its value is shown.

A name means the same in all events but for those in ``OF_EVENT``. Facts that are missing here are found in
the code (``tests/web/staff/test_journal.py``) and after every test in what it wrote (``tests/conftest.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.web.staff.books.rates import CURRENCIES, PolicyForm
from tukro.web.staff.journal import choices, shows
from tukro.web.staff.journal.shows import Facts, Kind, changed, count_or_ids, each_of, one_of
from tukro.web.staff.law.identity import MOMENTS
from tukro.web.staff.law.sanctions import VERDICTS
from tukro.web.staff.paying_out.payout_terms import CoolingForm, TermsForm
from tukro.web.staff.persons import sharing
from tukro.web.staff.persons.levels import RuleForm
from tukro.web.staff.policy import CATEGORY_POLICIES, PAYOUT_PROOFS, REVIEW_MODES, MoneyForm
from tukro.web.staff.two_persons.titles import DECISIONS
from tukro.web.staff.writing.relayed import TREATMENTS, RelayForm
from tukro.web.words import deposits, holds, payouts, reasons, taxes, workers
from tukro.web.words.bookings import BOOKINGS, PLACE_NAMES
from tukro.web.words.categories import NAMES as CATEGORIES
from tukro.web.words.events import EVENTS


@dataclass(frozen=True, slots=True)
class Known:
    label: str | Promise
    kind: Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact of an event in the reader's words; ``is_code``: not for translation."""

    label: str
    value: str
    is_code: bool


def shown(event: str, facts: Facts) -> list[Shown]:
    """The facts of an event in words; those that say nothing are left out, strange ones stay as they are."""
    lines = []
    for name, value in facts.items():
        one = known(event, name) or Known(name, shows.TEXT)
        is_told_elsewhere = name == "currency" and not _IN_CURRENCY.isdisjoint(facts)
        says_nothing = value in ("", [], {}) or (value is None and one.kind is not shows.LIMIT)
        if not (is_told_elsewhere or says_nothing):
            lines.append(Shown(str(one.label), one.kind.show(value, facts), one.kind.is_code))
    return lines


def known(event: str, name: str) -> Known | None:
    """What this fact of this event is called, and how it is shown."""
    return OF_EVENT.get(event, {}).get(name) or FACTS.get(name)


def _field(form: type[forms.Form], name: str, kind: Kind) -> Known:
    """Called as the field in which staff enter it."""
    return Known(form.base_fields[name].label or name, kind)


_IN_CURRENCY = {"amount", "above_units"}
_MONEY, _NUMBER, _YES_NO, _ID, _TEXT = shows.MONEY, shows.NUMBER, shows.YES_NO, shows.TEXT, shows.TEXT

FACTS: Final[dict[str, Known]] = {
    "above_units": Known(_("Asked above so much paid in a tax year"), _MONEY),
    "act": Known(_("What is proposed"), one_of(choices.ACTS)),
    "active": Known(_("Switched on"), _YES_NO),
    "address": Known(_("Address"), _TEXT),
    "aliases": Known(_("New requesters know each worker by an ID of their own"), _YES_NO),
    "amount": Known(_("Amount"), _MONEY),
    "appeal": Known(_("Appeal"), _ID),
    "approved": Known(_("Approved"), _NUMBER),
    "approved_up_to": _field(TermsForm, "approved_up_to", _MONEY),
    "attempt": Known(_("Attempt"), _NUMBER),
    "authority": Known(_("Tax authority"), _TEXT),
    "batch": Known(_("Batch"), _ID),
    "bonus": Known(_("Bonus"), _ID),
    "broken": Known(_("Proofs that do not hold"), shows.TEXTS),
    "category": Known(_("Kind of work"), one_of(CATEGORIES)),
    "changed": Known(_("What was changed"), each_of(choices.PLAN_FIELDS)),
    "check": Known(_("Identity check"), _ID),
    "cheque": Known(_("Number of the cheque"), _ID),
    "code": Known(_("Text message"), _ID),
    "conversation": Known(_("Conversation"), _ID),
    "count": Known(_("How many"), _NUMBER),
    "country": Known(_("Country"), shows.COUNTRY),
    "currency": Known(_("Currency"), one_of(CURRENCIES)),
    "daily_maximum": _field(TermsForm, "daily_maximum", shows.LIMIT),
    "deadline": Known(_("To be handed in until"), shows.MOMENT),
    "debt": Known(_("Of it a debt"), _MONEY),
    "decision": Known(_("Decision"), one_of(DECISIONS)),
    "deposit": Known(_("Deposit"), _ID),
    "differences": Known(_("Differences"), _NUMBER),
    "digest": Known(_("SHA-256 of the file"), _ID),
    "dispute": Known(_("Number of the dispute"), _ID),
    "document": Known(_("Message"), _ID),
    "event": Known(_("What happened"), one_of(EVENTS)),
    "events": Known(_("Told of"), each_of(EVENTS)),
    "every_days": Known(_("Every so many days"), _NUMBER),
    "expires_at": Known(_("Offered until"), shows.MOMENT),
    "faults": Known(_("Faults in it"), _NUMBER),
    "fee": _field(TermsForm, "fee", shows.LIMIT),
    "first": Known(_("The first of them"), _ID),
    "first_month": Known(_("First month of the tax year"), _NUMBER),
    "form": Known(_("Form"), one_of(taxes.FORMS)),
    "former_id": Known(_("Former worker ID"), _ID),
    "frozen": Known(_("Of it frozen"), _MONEY),
    "good_until": Known(_("Good until"), shows.DAY),
    "group": Known(_("Group"), _ID),
    "groups": Known(_("Groups"), shows.GROUPS),
    "hold": Known(_("Hold"), _ID),
    "how": Known(_("How"), one_of(choices.HOW)),
    "in_full": Known(_("With whole tax numbers"), _YES_NO),
    "invitation": Known(_("Invitation"), _ID),
    "is_on": _field(RuleForm, "is_on", _YES_NO),
    "keep_years": Known(_("Keep forms that no longer hold for so many years"), _NUMBER),
    "key_id": Known(_("Key ID"), _ID),
    "kind": Known(_("Way to withdraw"), one_of(payouts.KINDS)),
    "layout": Known(_("Form of the file"), one_of(choices.LAYOUTS)),
    "least_percent": _field(RuleForm, "least_percent", _NUMBER),
    "left": Known(_("Tries left"), _NUMBER),
    "letter": Known(_("Letter"), _ID),
    "letters": Known(_("Letters"), _NUMBER),
    "likeness": Known(_("How like names must be, in percent"), _NUMBER),
    "lines": Known(_("Lines"), _NUMBER),
    "masked": Known(_("Something in it was taken out"), _YES_NO),
    "matched": Known(_("Fit together"), _NUMBER),
    "maximum": _field(TermsForm, "maximum", shows.LIMIT),
    "media_type": Known(_("Kind of file"), _TEXT),
    "method": Known(_("Place for money"), _ID),
    "minimum": _field(TermsForm, "minimum", shows.LIMIT),
    "moment": Known(_("Workers prove who they are"), one_of(MOMENTS)),
    "months": Known(_("Months"), _NUMBER),
    "name": Known(_("Name"), _TEXT),
    "note": Known(_("Why"), _TEXT),
    "notify": Known(_("They are told"), _YES_NO),
    "offered": _field(TermsForm, "offered", _YES_NO),
    "outcome": Known(_("Outcome"), one_of(choices.OUTCOMES)),
    "pause_days": _field(RuleForm, "pause_days", _NUMBER),
    "people": Known(_("People on it"), _NUMBER),
    "person": Known(_("Person"), _ID),
    "photo_days": Known(_("Days that photos are kept"), _NUMBER),
    "photos": Known(_("Photos"), _NUMBER),
    "place": Known(_("At which place"), one_of({**PLACE_NAMES, "play": _("Play money")})),
    "places": Known(_("Answers per task"), _NUMBER),
    "price": Known(_("Price"), _MONEY),
    "project": Known(_("Project"), _ID),
    "proposal": Known(_("Proposal"), _ID),
    "provider": Known(_("Provider"), one_of(choices.PROVIDERS)),
    "rate": Known(_("One dollar"), shows.RATE),
    "rates": Known(_("One dollar"), shows.RATES),
    "reason": Known(_("Why"), _TEXT),
    "record": Known(_("Work record"), _ID),
    "reference": Known(_("Reference"), _TEXT),
    "refund": Known(_("Refund"), _ID),
    "rejected": Known(_("Rejected"), _NUMBER),
    "requester": Known(_("Requester"), _ID),
    "reward": Known(_("Reward"), _MONEY),
    "rows": Known(_("Tasks"), _NUMBER),
    "seconds": Known(_("More time"), shows.DURATION),
    "shown": Known(_("Mobile number"), _TEXT),
    "side": Known(_("What was compared"), one_of(choices.SIDES)),
    "source": Known(_("Source"), _TEXT),
    "spread": Known(_("Share that the house keeps"), shows.SHARE),
    "state": Known(_("State"), one_of(payouts.STATES)),
    "step": Known(_("While it is missing"), one_of(taxes.STEPS)),
    "subdivision": Known(_("District"), _TEXT),
    "subject": Known(_("Subject"), _TEXT),
    "task": Known(_("Task"), _ID),
    "tax": Known(_("Tax"), _MONEY),
    "times": Known(_("How often"), _NUMBER),
    "title": Known(_("Title"), _TEXT),
    "told": Known(_("Place that was told of it"), _ID),
    "transport": Known(_("Sent by"), one_of(choices.TRANSPORTS)),
    "type": Known(_("Type"), _ID),
    "types": Known(_("Types"), shows.TEXTS),
    "unsent": Known(_("Was never sent"), _YES_NO),
    "until": Known(_("Until"), shows.MOMENT),
    "upload": Known(_("File"), _ID),
    "user": Known(_("Person"), _ID),
    "value": Known(_("Value"), _NUMBER),
    "verdict": Known(_("Decision"), one_of(VERDICTS)),
    "waiting": Known(_("Number of the rate"), _ID),
    "why": Known(_("Why"), one_of(deposits.WHYS)),
    "window_days": _field(RuleForm, "window_days", _NUMBER),
    "wishes": Known(_("Who wanted it"), _NUMBER),
    "won": Known(_("Who got it"), _NUMBER),
    "work_faults": Known(_("Faults of work"), _NUMBER),
    "worker": Known(_("Worker"), _ID),
    "workers": Known(_("Workers"), count_or_ids()),
    "year": Known(_("Tax year"), shows.YEAR),
}

_HOLD_NOTE = Kind(lambda note, _facts: str(holds.note_in_words(note)), is_code=True)
_HELD = {"code": Known(_("Why held"), one_of(holds.NAMES))}
_WORKER_STATES = {code: label for code, (label, _badge) in workers.STATES.items()}
_WAS_WORKER = {"from": Known(_("Before"), one_of(_WORKER_STATES))}


def _from_to(kind: Kind) -> dict[str, Known]:
    return {"from": Known(_("Before"), kind), "to": Known(_("Now"), kind)}


def _why(words: shows.Words) -> dict[str, Known]:
    return {"reason": Known(_("Why"), one_of(words))}


def _rules(form: type[forms.Form], **kinds: Kind) -> dict[str, Known]:
    """Rules of the house: ``[before, after]``, called as in the form where they are changed."""
    return {name: _field(form, name, changed(kind)) for name, kind in kinds.items()}


def _share(form: type[forms.Form], field: str) -> Known:
    return _field(form, field, changed(shows.SHARE))


OF_EVENT: Final[dict[str, dict[str, Known]]] = {
    "AssignmentRejected": _why(reasons.REJECTION),
    "AssignmentReturned": _why(reasons.RETURN | {"skipped": reasons.SKIPPED}),
    "AssignmentSentBack": _why(reasons.REVISION),
    "BatchHeld": _why(reasons.REPORT),
    "BookingReversed": {"kind": Known(_("Booking"), one_of(BOOKINGS))},
    "CategoryPolicyChanged": _from_to(one_of(CATEGORY_POLICIES)),
    "ExchangeRateWaits": {"before": Known(_("Before"), shows.RATE)},
    "HITRetyped": _from_to(_ID),
    "JoiningPolicyChanged": _from_to(one_of(REVIEW_MODES)),
    "LevelChanged": _from_to(_NUMBER),
    "LotteryPolicyChanged": _from_to(shows.LOTS),
    "CountryChanged": _from_to(shows.COUNTRY),
    "MoneyPolicyChanged": {
        **_rules(
            MoneyForm,
            minimum_fee=_MONEY,
            many_places_from=_NUMBER,
            fees_in_cents=_YES_NO,
            minimum_reward=_MONEY,
            maximum_reward=_MONEY,
            minimum_payout=_MONEY,
            payout_fee=_MONEY,
            two_persons_above=_MONEY,
            unclaimed_after_months=_NUMBER,
        ),
        "fee_basis_points": _share(MoneyForm, "fee_percent"),
        "many_places_basis_points": _share(MoneyForm, "many_places_percent"),
        "masters_basis_points": _share(MoneyForm, "masters_percent"),
        "deposit_fee_basis_points": _share(MoneyForm, "deposit_fee_percent"),
        "rate_jump_basis_points": _share(PolicyForm, "jump"),
        "rate_spread_basis_points": _share(PolicyForm, "spread"),
        "payout_cooling_hours": _field(CoolingForm, "hours", changed(_NUMBER)),
        "level_rewards": Known(_("From which rewards on levels are asked"), changed(shows.REWARDS)),
    },
    "MoneyUnmatched": {"why": Known(_("Why"), one_of(deposits.UNMATCHED_WHYS))},
    "PayoutHeld": _HELD | {"reason": Known(_("Why"), _HOLD_NOTE)},
    "PayoutProofsChanged": {
        "before": Known(_("Before"), each_of(PAYOUT_PROOFS)),
        "after": Known(_("Now"), each_of(PAYOUT_PROOFS)),
    },
    "PayoutScheduleSkipped": {
        "why": Known(_("Why"), one_of(payouts.LEFT_OUT)),
        "again": Known(_("For the same reason as before"), _YES_NO),
    },
    "PayoutSending": {"batch": Known(_("File"), _ID)},
    "PayoutSignalSettled": {"kind": Known(_("Signal"), one_of(choices.SIGNALS))},
    "PhoneProved": {"changed": Known(_("In place of another number"), _YES_NO)},
    "QualificationRequested": {"state": Known(_("State"), one_of(choices.REQUESTED))},
    "RelayPolicyChanged": _rules(
        RelayForm,
        contacts=one_of(TREATMENTS),
        links=one_of(TREATMENTS),
        worker_per_day=_NUMBER,
        requester_per_day=_NUMBER,
    ),
    "SharedSignalsRead": {
        "kind": Known(
            _("What is shared"), one_of({code: name for code, (name, _help) in sharing.WORDS.items()})
        )
    },
    "SuccessRuleChanged": _rules(
        RuleForm,
        is_on=_YES_NO,
        least_percent=_NUMBER,
        window_days=_NUMBER,
        minimum=_NUMBER,
        pause_days=_NUMBER,
    ),
    "TaskReported": _why(reasons.REPORT),
    "TaxFormOpened": {"form": Known(_("Tax form"), _ID)},
    "TaxRuleChanged": {"basis_points": Known(_("Share of each withdrawal"), changed(shows.SHARE))},
    "WithdrawalsHeld": _HELD,
    "WithdrawalsReleased": _HELD,
    "WorkerApproved": _WAS_WORKER,
    "WorkerRefused": _WAS_WORKER,
    "WorkerRequested": {"state": Known(_("State"), one_of(_WORKER_STATES))},
    "WorkerSuspended": _WAS_WORKER,
}
