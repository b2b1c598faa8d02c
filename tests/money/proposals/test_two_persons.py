"""Above a limit two members of staff do one act with money: one proposes it, another confirms it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Model

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.together import outcomes, together
from tukro.journal.queries import history
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.deposits import settle
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.actions.deposits.unmatched import AlreadyDecided, keep
from tukro.money.actions.holds import hold_payout, release_payout
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.batches import make_batch
from tukro.money.actions.paying_out.payouts import approve_payout, cancel_payout, send_payout
from tukro.money.actions.paying_out.terms import change_terms
from tukro.money.actions.policy import change_policy
from tukro.money.actions.proposals.acts import (
    Act,
    ApprovePayout,
    AssignUnmatched,
    CorrectBalance,
    EndBatch,
    EndRefund,
    RecordDispute,
    ReturnPayout,
    ReturnUnmatched,
    ReverseCorrection,
    SendPayout,
    TakeInLine,
)
from tukro.money.actions.proposals.booking_acts import Book, ReverseBooking
from tukro.money.actions.proposals.house_acts import ChangeRatePolicy, ChangeTax, GiveUpDebt
from tukro.money.actions.proposals.rule_acts import (
    ChangeCooling,
    ChangedMeanwhile,
    ChangeLevelRewards,
    ChangePolicy,
    ChangeTerms,
    EnterRate,
)
from tukro.money.actions.proposals.vetting_acts import AskTaxForm, ChangeLikeness, ChangeTaxYear, FormRule
from tukro.money.actions.proposals.waiting import (
    ACTS,
    LASTS,
    DeclineNeedsReason,
    OwnProposal,
    ProposalOver,
    ProposalWaits,
    act_of,
    confirm_proposal,
    decline_proposal,
    do_or_propose,
    expire_proposals,
)
from tukro.money.actions.two_persons import SecondPersonNeeded
from tukro.money.models import (
    Deposit,
    DepositState,
    ExchangeRate,
    MoneyPolicy,
    Payout,
    PayoutState,
    PayoutTerms,
    Proposal,
    Refund,
    UnmatchedMoney,
)
from tukro.money.models import TaxRule as WithheldTax
from tukro.money.queries import latest_rate, policy, requester_available, worker_balance
from tukro.money.rules.bank_lines import BankLine
from tukro.money.rules.deposits import SeenDispute, reference_from
from tukro.money.rules.layouts import layout_of
from tukro.people.models import Requester, Worker
from tukro.vetting.models import SanctionsPolicy, TaxPolicy, TaxRule
from tukro.vetting.queries.sanctions import sanctions_policy
from tukro.vetting.queries.tax import tax_policy

pytestmark = pytest.mark.django_db
TANVIR = Actor("staff", "8")
LIMIT, ABOVE = Money.parse("200.00"), Money.parse("200.01")


def limited() -> None:
    change_policy(by=SHIRIN, now=NOW, two_persons_above=LIMIT)


def asked(amount: Money = ABOVE, *, of: Worker | None = None) -> Payout:
    worker = of or cast.rahima()
    limited()
    make.with_earnings(worker, "500.00")
    method = make.payout_method(of=worker)
    return request_payout(worker=worker, method_id=method.pk, amount=amount, now=NOW)


def propose(act: Act, *, by: Actor = SHIRIN) -> Proposal:
    proposal = do_or_propose(act=act, by=by, now=NOW)
    assert proposal is not None, "it was done by one person"
    return proposal


def told(subject: str) -> list[tuple[str, str]]:
    return [(event.name, event.actor) for event in history(subject)]


# --- one proposes, another confirms ---------------------------------------------------------------


def test_two_different_persons_approve_what_is_above_the_limit() -> None:
    payout = asked()
    with pytest.raises(SecondPersonNeeded):
        approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW)
    once = propose(ApprovePayout(payout.public_id))
    assert propose(ApprovePayout(payout.public_id)) == once, "the same proposed twice is one proposal"
    with pytest.raises(OwnProposal):
        confirm_proposal(by=SHIRIN, proposal_id=once.public_id, now=NOW)
    payout.refresh_from_db()
    assert (payout.state, once.amount) == (PayoutState.REQUESTED, ABOVE)
    for _ in range(2):
        confirm_proposal(by=TANVIR, proposal_id=once.public_id, now=NOW)
    payout.refresh_from_db()
    assert (payout.state, payout.approved_by) == (PayoutState.APPROVED, str(TANVIR))
    assert told(payout.public_id)[1:] == [
        ("ActProposed", "staff:7"),
        ("PayoutApproved", "staff:8"),
        ("ProposalConfirmed", "staff:8"),
    ]


def test_who_does_the_same_as_a_colleague_proposed_confirms_it() -> None:
    payout = asked()
    propose(ApprovePayout(payout.public_id))
    assert do_or_propose(act=ApprovePayout(payout.public_id), by=TANVIR, now=NOW) is None
    payout.refresh_from_db()
    assert payout.state == PayoutState.APPROVED
    assert Proposal.objects.get().state == "confirmed"


def test_something_else_about_the_same_thing_waits_for_the_first_to_be_decided() -> None:
    payout = asked()
    first = propose(ApprovePayout(payout.public_id))
    with pytest.raises(ProposalWaits):
        do_or_propose(act=SendPayout(payout.public_id, "TX1"), by=TANVIR, now=NOW)
    with pytest.raises(DeclineNeedsReason):
        decline_proposal(by=TANVIR, proposal_id=first.public_id, reason=" ", now=NOW)
    declined = decline_proposal(by=TANVIR, proposal_id=first.public_id, reason="Not him", now=NOW)
    assert (declined.state, declined.reason) == ("declined", "Not him")
    with pytest.raises(ProposalOver):
        confirm_proposal(by=TANVIR, proposal_id=first.public_id, now=NOW)
    second = propose(SendPayout(payout.public_id, "TX1"), by=TANVIR)
    taken_back = decline_proposal(by=TANVIR, proposal_id=second.public_id, reason="", now=NOW)
    assert taken_back.state == "withdrawn"


def test_at_its_confirmation_everything_is_looked_at_again() -> None:
    rahima = cast.rahima()
    payout = asked(of=rahima)
    act = CorrectBalance(new_id(), f"worker:{rahima.public_id}", -ABOVE.units, "paid twice")
    waits = propose(act)
    request_payout(
        worker=rahima,
        method_id=make.payout_method(of=rahima, details={"number": "01800000001"}).pk,
        amount=Money.parse("150.00"),
        now=NOW,
    )
    with pytest.raises(Refused, match="InsufficientFunds"):
        confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=NOW)
    waits.refresh_from_db()
    assert waits.state == "waiting"
    cancel_payout(worker=rahima, payout_id=payout.public_id, now=NOW)
    confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=NOW)
    assert worker_balance(rahima)[0] == Money.parse("500.00") - Money.parse("150.00") - ABOVE


def test_what_nobody_confirms_in_time_is_over() -> None:
    payout = asked()
    waits = propose(ApprovePayout(payout.public_id))
    later = NOW + LASTS
    with pytest.raises(ProposalOver):
        confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=later)
    assert do_or_propose(act=ApprovePayout(payout.public_id), by=TANVIR, now=later) is not None
    waits.refresh_from_db()
    assert (waits.state, waits.decided_by) == ("expired", str(HOUSE))
    assert expire_proposals(now=later + LASTS - timedelta(seconds=1)) == 0
    assert expire_proposals(now=later + LASTS) == 1


def test_a_hold_overtakes_what_was_proposed() -> None:
    payout = asked()
    propose(ApprovePayout(payout.public_id))
    hold_payout(by=TANVIR, payout_id=payout.public_id, reason="Odd", now=NOW)
    release_payout(by=TANVIR, payout_id=payout.public_id, reason="Nothing", now=NOW)
    assert Proposal.objects.get().state == "overtaken"
    propose(ApprovePayout(payout.public_id), by=TANVIR)
    payout.refresh_from_db()
    assert payout.state == PayoutState.REQUESTED


@pytest.mark.django_db(transaction=True)
def test_one_person_who_presses_often_at_once_is_still_one_and_two_act_once() -> None:
    payout = asked()
    act = ApprovePayout(payout.public_id)
    together(*[lambda: do_or_propose(act=act, by=SHIRIN, now=NOW)] * 4)
    payout.refresh_from_db()
    waits = Proposal.objects.get()
    assert (payout.state, waits.state) == (PayoutState.REQUESTED, "waiting")
    acts: list[Callable[[], object]] = [
        lambda: confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=NOW),
        lambda: confirm_proposal(by=Actor("staff", "9"), proposal_id=waits.public_id, now=NOW),
    ]
    assert outcomes(together(*acts)) == {"done": 1, "ProposalOver": 1}
    assert [name for name, _ in told(payout.public_id)].count("PayoutApproved") == 1


# --- every act -----------------------------------------------------------------------------------


def settled(requester: Requester, amount: str = "300.00", ref: str = "FT1") -> Deposit:
    units = Money.parse(amount).units
    deposit = Deposit.objects.create(
        public_id=new_id(),
        requester=requester,
        amount=Money(units),
        asked_units=units,
        provider="bank",
        reference=new_id()[:12],
        state=DepositState.PENDING,
        created_at=NOW,
    )
    settle(deposit, by=HOUSE, payment_ref=ref, at=NOW)
    return deposit


def refund() -> Refund:
    karim = make.requester(email="karim@example.org", funds="0")
    deposit = settled(karim)
    return ask_refund(requester=karim, deposit_id=deposit.public_id, amount=ABOVE, now=NOW)


def unmatched() -> UnmatchedMoney:
    return keep(provider="bank", payment_ref="FT9", paid=ABOVE, why="no_reference", at=NOW)


def line_of_a_deposit() -> TakeInLine:
    deposit = settled(make.requester(email="karim@example.org", funds="0"), ref="OLD")
    waiting = Deposit.objects.create(
        public_id=new_id(),
        requester=deposit.requester,
        amount=ABOVE,
        asked_units=ABOVE.units,
        provider="bank",
        reference=reference_from(4),
        state=DepositState.CREATED,
        created_at=NOW,
    )
    return TakeInLine.of(BankLine("FT2", waiting.asked, memo=f"for {waiting.reference}", payer="Karim"))


def corrected() -> str:
    limited()
    change_policy(by=SHIRIN, now=NOW, two_persons_above=Money.parse("900.00"))
    made = correct_balance(by=SHIRIN, person=cast.rahima(), amount=ABOVE, reason="lost work", now=NOW)
    limited()
    return made


def sent() -> Payout:
    payout = asked()
    approve_payout(by=SHIRIN, first=TANVIR, payout_id=payout.public_id, now=NOW)
    return send_payout(by=SHIRIN, first=TANVIR, payout_id=payout.public_id, reference="TX1", now=NOW)


def filed() -> str:
    payout = asked()
    approve_payout(by=SHIRIN, first=TANVIR, payout_id=payout.public_id, now=NOW)
    return make_batch(by=SHIRIN, kind="bkash", layout=layout_of("bkash"), now=NOW).public_id


def put_in_facts() -> dict[str, object]:
    return {"booking_id": new_id(), "place": "bank", "amount": ABOVE, "reference": "FT5", "reason": ""}


def booked() -> str:
    act = Book.of("capital_in", put_in_facts())
    act.do(by=HOUSE, first=None, now=NOW)
    return act.booking


def debtor() -> Requester:
    """Who spent a deposit that was then taken back."""
    karim = make.requester(email="karim@example.org", funds="0")
    deposit = settled(karim)
    correct_balance(by=HOUSE, person=karim, amount=-deposit.amount, reason="spent", now=NOW)
    seen = SeenDispute(ref="dp_1", amount=deposit.amount, taken=True, closed=False)
    note_dispute(deposit_id=deposit.public_id, seen=seen, now=NOW)
    return karim


def given() -> CorrectBalance:
    return CorrectBalance(new_id(), f"worker:{cast.rahima().public_id}", ABOVE.units, "lost work")


MADE: dict[str, Callable[[], Act]] = {
    "correction": given,
    "reversal": lambda: ReverseCorrection(corrected(), "wrong worker"),
    "unmatched_assign": lambda: AssignUnmatched(
        unmatched().public_id, make.requester(email="karim@example.org").public_id, "his letter"
    ),
    "unmatched_return": lambda: ReturnUnmatched(unmatched().public_id, "nobody knows it"),
    "bank_line": line_of_a_deposit,
    "refund": lambda: EndRefund(refund().public_id, sent=True, note="FT77"),
    "dispute": lambda: RecordDispute(settled(cast.karim()).public_id, "D1", ABOVE.units, "", won=False),
    "payout_approve": lambda: ApprovePayout(asked().public_id),
    "payout_send": lambda: SendPayout(asked().public_id, "TX1"),
    "payout_return": lambda: ReturnPayout(sent().public_id, "closed account", ""),
    "booking": lambda: Book.of("capital_in", put_in_facts()),
    "booking_reversal": lambda: ReverseBooking(booked(), "it was not ours"),
    "debt_write_off": lambda: GiveUpDebt(new_id(), debtor().public_id, ABOVE.units, "fled"),
    "payout_batch": lambda: EndBatch(filed(), "drop", "the bank was closed"),
}


@pytest.mark.parametrize("kind", MADE)
def test_one_person_does_none_of_it_above_the_limit_and_two_do(kind: str) -> None:
    limited()
    act = MADE[kind]()
    assert act.kind == kind
    with pytest.raises(SecondPersonNeeded):
        act.do(by=SHIRIN, first=None, now=NOW)
    waits = propose(act)
    assert act_of(Proposal.objects.get()) == act
    confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=NOW)
    waits.refresh_from_db()
    assert (waits.state, waits.decided_by) == ("confirmed", str(TANVIR))
    with suppress(AlreadyDecided):
        act.do(by=SHIRIN, first=None, now=NOW)  # the answer was lost: said again, it asks for nobody


def test_the_list_of_acts_is_whole() -> None:
    rules = {"policy", "level_rewards", "payout_cooling", "payout_terms", "rate", "tax_rule", "rate_policy"}
    of_the_law = {"tax_form", "tax_year", "likeness", "sanctions_list", "sanctions_hit"}
    assert set(ACTS) == {*MADE, "payout_decide", *rules, *of_the_law}


def test_up_to_the_limit_one_is_enough() -> None:
    payout = asked(LIMIT)
    assert do_or_propose(act=ApprovePayout(payout.public_id), by=SHIRIN, now=NOW) is None
    karim = make.requester(email="karim@example.org", funds="0")
    act = CorrectBalance(new_id(), f"requester:{karim.public_id}", LIMIT.units, "promised")
    assert do_or_propose(act=act, by=SHIRIN, now=NOW) is None
    assert requester_available(karim) == LIMIT


def test_nothing_above_the_limit_approves_itself() -> None:
    change_terms(
        by=SHIRIN,
        kind="bkash",
        offered=True,
        minimum=None,
        maximum=None,
        daily_maximum=None,
        fee=None,
        approved_up_to=Money.parse("1000.00"),
        now=NOW,
    )
    assert asked().state == PayoutState.REQUESTED


# --- rules ---------------------------------------------------------------------------------------


def rule_changes() -> list[Act]:
    amounts = dict.fromkeys(("minimum", "maximum", "daily_maximum", "fee"))
    return [
        ChangePolicy.to({"fee_basis_points": 2500, "minimum_reward": Money.parse("0.02")}),
        ChangeLevelRewards.to([Money.zero(), Money.parse("1.00")]),
        ChangeCooling.to(24),
        ChangeTerms.to("bkash", offered=False, amounts=amounts | {"approved_up_to": Money.parse("5.00")}),
        EnterRate.to("BDT", Decimal("121.57"), spread=100, source="Bangladesh Bank", now=NOW),
        ChangeTax.to("BD", 1_000, "NBR"),
        ChangeRatePolicy.to(200, 100),
        AskTaxForm.to("US", FormRule("w9", "USD", 600_000_000, "hold")),
        ChangeTaxYear.to(7, 5),
        ChangeLikeness.to(90),
    ]


def rules_now() -> list[list[dict[str, object]]]:
    """What the rules say that rule_changes() change."""
    kept: tuple[type[Model], ...] = (
        MoneyPolicy,
        PayoutTerms,
        ExchangeRate,
        WithheldTax,
        TaxRule,
        TaxPolicy,
        SanctionsPolicy,
    )
    return [list(model._default_manager.order_by("pk").values()) for model in kept]


def test_rules_of_money_are_changed_by_two_where_there_are_two() -> None:
    for email in ("shirin@example.org", "nasrin@example.org"):
        make.staff(email=email)
    for act in rule_changes():
        before = rules_now()
        waits = propose(act)
        assert (act.kind, rules_now()) == (act.kind, before)
        assert act_of(Proposal.objects.get(pk=waits.pk)) == act
        confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=NOW)
        assert (act.kind, rules_now()) != (act.kind, before)
    house, rate = policy(), latest_rate("BDT", NOW)
    assert (house.fee_basis_points, house.minimum_reward) == (2500, Money.parse("0.02"))
    assert (house.level_rewards, house.payout_cooling_hours) == ([0, 1_000_000], 24)
    assert TaxRule.objects.get().form == "w9"
    assert (tax_policy().first_month, sanctions_policy().likeness) == (7, 90)
    assert rate is not None
    assert (rate.rate, rate.entered_by) == (Decimal("121.57"), str(TANVIR))


def test_a_house_with_one_member_of_staff_changes_its_rules_alone() -> None:
    make.staff()
    assert [do_or_propose(act=act, by=SHIRIN, now=NOW) for act in rule_changes()] == [None] * 10
    assert do_or_propose(act=AskTaxForm.to("US", None), by=SHIRIN, now=NOW) is None
    assert not TaxRule.objects.exists()


def test_a_rule_that_changed_meanwhile_is_not_confirmed_over_it() -> None:
    for email in ("shirin@example.org", "nasrin@example.org"):
        make.staff(email=email)
    waits = propose(ChangePolicy.to({"fee_basis_points": 2500}))
    change_policy(by=SHIRIN, first=TANVIR, fee_basis_points=1000, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        confirm_proposal(by=TANVIR, proposal_id=waits.public_id, now=NOW)
    assert policy().fee_basis_points == 1000
