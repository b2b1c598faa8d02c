"""Acts with money that one member of staff does up to a limit and two do above it: each with its facts.

An act is what a door hands to proposals.do_or_propose. Its facts are plain values, so that it can wait in the
database; ``do`` calls the one verb that it stands for, with the colleague who proposed it, if one did.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import ClassVar, Literal

from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance, reverse_correction
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.actions.deposits.refunds import fail_refund_by_hand, finish_refund_by_hand
from tukro.money.actions.deposits.unmatched import assign_unmatched, return_unmatched
from tukro.money.actions.paying_out.batches import drop_batch, hand_over_batch
from tukro.money.actions.paying_out.payouts import approve_payout, return_payout, send_payout
from tukro.money.actions.paying_out.sending import Decision, decide_unknown
from tukro.money.rules.bank_lines import BankLine
from tukro.people.queries.named import person_named, requester_named


@dataclass(frozen=True, slots=True)
class Act(ABC):
    """One thing to do. ``kind`` names it in the database and is never used for another."""

    kind: ClassVar[str]

    @property
    def about(self) -> str:
        """The public id of what it is about, as the journal has it: its first fact, unless it says else."""
        return str(getattr(self, fields(self)[0].name))

    @abstractmethod
    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        """Call the verb. Refuses what the verb refuses."""

    @property
    def facts(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CorrectBalance(Act):
    """``person``: ``worker:ID`` or ``requester:ID``; ``units``: micro-dollars, below zero takes back."""

    kind = "correction"
    correction: str
    person: str
    units: int
    reason: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> str:
        return correct_balance(
            by=by,
            person=person_named(self.person),
            amount=Money(self.units),
            reason=self.reason,
            correction_id=self.correction,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class ReverseCorrection(Act):
    kind = "reversal"
    correction: str
    reason: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        reverse_correction(by=by, correction_id=self.correction, reason=self.reason, first=first, now=now)


@dataclass(frozen=True, slots=True)
class AssignUnmatched(Act):
    kind = "unmatched_assign"
    unmatched: str
    requester: str
    reason: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return assign_unmatched(
            by=by,
            unmatched_id=self.unmatched,
            requester=requester_named(self.requester),
            reason=self.reason,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class ReturnUnmatched(Act):
    kind = "unmatched_return"
    unmatched: str
    reason: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return return_unmatched(by=by, unmatched_id=self.unmatched, reason=self.reason, first=first, now=now)


@dataclass(frozen=True, slots=True)
class TakeInLine(Act):
    """A line of the bank's list, typed or from a file."""

    kind = "bank_line"
    ref: str
    units: int
    currency: str
    memo: str
    payer: str

    @classmethod
    def of(cls, line: BankLine) -> TakeInLine:
        return cls(line.ref, line.amount.units, line.amount.currency, line.memo, line.payer)

    @property
    def about(self) -> str:
        # The bank's number may be longer than the id of a thing.
        return f"bank_line:{hashlib.sha256(self.ref.encode()).hexdigest()[:32]}"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        line = BankLine(self.ref, Money(self.units, self.currency), memo=self.memo, payer=self.payer)
        return take_in_line(by=by, line=line, first=first, now=now)


@dataclass(frozen=True, slots=True)
class EndRefund(Act):
    """``note``: the reference when it was sent, else why it was not."""

    kind = "refund"
    refund: str
    sent: bool
    note: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        if self.sent:
            return finish_refund_by_hand(
                by=by, refund_id=self.refund, reference=self.note, first=first, now=now
            )
        return fail_refund_by_hand(by=by, refund_id=self.refund, reason=self.note, first=first, now=now)


@dataclass(frozen=True, slots=True)
class RecordDispute(Act):
    kind = "dispute"
    deposit: str
    reference: str
    units: int
    reason: str
    won: bool
    lost: bool = False

    @property
    def about(self) -> str:
        return f"{self.deposit}:{self.reference.strip()[:33]}"  # a deposit may have several

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return record_dispute_by_hand(
            by=by,
            deposit_id=self.deposit,
            reference=self.reference,
            amount=Money(self.units),
            reason=self.reason,
            won=self.won,
            lost=self.lost,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class ApprovePayout(Act):
    kind = "payout_approve"
    payout: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return approve_payout(by=by, payout_id=self.payout, first=first, now=now)


@dataclass(frozen=True, slots=True)
class SendPayout(Act):
    kind = "payout_send"
    payout: str
    reference: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return send_payout(by=by, payout_id=self.payout, reference=self.reference, first=first, now=now)


@dataclass(frozen=True, slots=True)
class ReturnPayout(Act):
    kind = "payout_return"
    payout: str
    reason: str
    reference: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return return_payout(
            by=by,
            payout_id=self.payout,
            reason=self.reason,
            reference=self.reference,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class DecidePayout(Act):
    kind = "payout_decide"
    payout: str
    decision: Decision
    reason: str
    reference: str
    attempt: int = 0

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return decide_unknown(
            by=by,
            payout_id=self.payout,
            decision=self.decision,
            reason=self.reason,
            reference=self.reference,
            attempt=self.attempt,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class EndBatch(Act):
    """``note``: the bank's number when it was handed over, else why it was dropped."""

    kind = "payout_batch"
    batch: str
    end: Literal["hand_over", "drop"]
    note: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        if self.end == "hand_over":
            return hand_over_batch(by=by, batch_id=self.batch, reference=self.note, first=first, now=now)
        return drop_batch(by=by, batch_id=self.batch, reason=self.note, first=first, now=now)
