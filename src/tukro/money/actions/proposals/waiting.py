"""What one member of staff may not do alone waits as a proposal until another confirms or declines it.

Nothing is decided by a proposal itself: when it is confirmed, the verb looks at everything again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.proposal_moves import end, overtake
from tukro.money.actions.proposals import acts, booking_acts, house_acts, rule_acts, vetting_acts
from tukro.money.actions.proposals.acts import Act
from tukro.money.actions.two_persons import SecondPersonNeeded
from tukro.money.models import Proposal, ProposalState

LASTS = timedelta(days=7)
ACTS: dict[str, type[Act]] = {
    act.kind: act
    for act in (
        acts.CorrectBalance,
        acts.ReverseCorrection,
        acts.AssignUnmatched,
        acts.ReturnUnmatched,
        acts.TakeInLine,
        acts.EndRefund,
        acts.RecordDispute,
        acts.ApprovePayout,
        acts.SendPayout,
        acts.ReturnPayout,
        acts.DecidePayout,
        acts.EndBatch,
        booking_acts.Book,
        booking_acts.ReverseBooking,
        rule_acts.ChangePolicy,
        rule_acts.ChangeLevelRewards,
        rule_acts.ChangeCooling,
        rule_acts.ChangeTerms,
        rule_acts.EnterRate,
        house_acts.GiveUpDebt,
        house_acts.ChangeTax,
        house_acts.ChangeRatePolicy,
        vetting_acts.AskTaxForm,
        vetting_acts.ChangeTaxYear,
        vetting_acts.ChangeLikeness,
        vetting_acts.TakeList,
        vetting_acts.DecideHit,
    )
}


class OwnProposal(Refused):
    """Whoever proposed it cannot confirm it: two persons are two."""


class ProposalWaits(Refused):
    """Something else is proposed about the same thing and waits. Facts: ``proposal``."""


class ProposalOver(Refused):
    """It waits no more. Facts: ``state``."""


class DeclineNeedsReason(WordsMissing):
    """Who proposed it has a right to know why it is declined."""


def do_or_propose(*, act: Act, by: Actor, now: datetime) -> Proposal | None:
    """Do it, or keep it for a colleague; None: it is done.

    When a colleague has proposed exactly this, that is confirmed. The same proposed twice is one proposal.
    Refuses what the verb refuses, and ProposalWaits.
    """
    try:
        with transaction.atomic():
            act.do(by=by, first=None, now=now)
            overtake(act.about, by=by, now=now)
        return None
    except SecondPersonNeeded as needed:
        amount = needed.facts.get("amount")
        return _join(act, amount=amount if isinstance(amount, Money) else None, by=by, now=now)


def act_of(proposal: Proposal) -> Act:
    """What was proposed, as it would be done."""
    return ACTS[proposal.kind](**proposal.facts)


@transaction.atomic
def confirm_proposal(*, by: Actor, proposal_id: str, now: datetime) -> Proposal:
    """A second person does it. Twice is once.

    Refuses NotFound, ProposalOver, OwnProposal, ChangedMeanwhile, and what the verb refuses by now; then it
    goes on waiting.
    """
    proposal = _locked(proposal_id)
    if proposal.state == ProposalState.CONFIRMED and proposal.decided_by == str(by):
        return proposal
    _check_waits(proposal, now)
    if proposal.proposed_by == str(by):
        raise OwnProposal
    act_of(proposal).do(by=by, first=proposal.proposer, now=now)
    end(proposal, ProposalState.CONFIRMED, by=by, now=now)
    return proposal


@transaction.atomic
def decline_proposal(*, by: Actor, proposal_id: str, reason: str, now: datetime) -> Proposal:
    """Nothing is done. A colleague says why; who proposed it takes it back, with or without a reason.

    Refuses NotFound, ProposalOver, DeclineNeedsReason.
    """
    proposal = _locked(proposal_id)
    _check_waits(proposal, now)
    own = proposal.proposed_by == str(by)
    if not own and not reason.strip():
        raise DeclineNeedsReason
    state = ProposalState.WITHDRAWN if own else ProposalState.DECLINED
    end(proposal, state, by=by, now=now, reason=reason.strip()[:300])
    return proposal


@transaction.atomic
def expire_proposals(*, now: datetime) -> int:
    """Proposals that nobody confirmed in time are over. Returns how many."""
    late = Proposal.objects.select_for_update(skip_locked=True)
    expired = list(late.filter(state=ProposalState.WAITING, expires_at__lte=now)[:500])
    for proposal in expired:
        end(proposal, ProposalState.EXPIRED, by=HOUSE, now=now)
    return len(expired)


def _join(act: Act, *, amount: Money | None, by: Actor, now: datetime) -> Proposal | None:
    """Propose it; or meet the one that waits about the same thing."""
    while True:
        waits = Proposal.objects.filter(subject=act.about, state=ProposalState.WAITING).first()
        if waits is None:
            try:
                return _propose(act, amount=amount, by=by, now=now)
            except IntegrityError:  # somebody was faster: meet theirs
                continue
        if waits.expires_at <= now:
            expire_proposals(now=now)
        elif (waits.kind, waits.facts) != (act.kind, act.facts):
            raise ProposalWaits(proposal=waits.public_id)
        elif waits.proposed_by == str(by):
            return waits
        else:
            confirm_proposal(by=by, proposal_id=waits.public_id, now=now)
            return None


@transaction.atomic
def _propose(act: Act, *, amount: Money | None, by: Actor, now: datetime) -> Proposal:
    proposal = Proposal.objects.create(
        public_id=new_id(),
        kind=act.kind,
        subject=act.about,
        facts=act.facts,
        amount_units=None if amount is None else amount.units,
        proposed_by=str(by),
        proposed_at=now,
        expires_at=now + LASTS,
    )
    record(
        name="ActProposed",
        actor=by,
        subject=act.about,
        at=now,
        facts={"proposal": proposal.public_id, "act": act.kind, "amount": proposal.amount_units},
    )
    return proposal


def _locked(proposal_id: str) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(public_id=proposal_id).first()
    if proposal is None:
        raise NotFound(proposal=proposal_id)
    return proposal


def _check_waits(proposal: Proposal, now: datetime) -> None:
    if proposal.state != ProposalState.WAITING:
        raise ProposalOver(state=proposal.state)
    if proposal.expires_at <= now:
        raise ProposalOver(state=ProposalState.EXPIRED.value)
