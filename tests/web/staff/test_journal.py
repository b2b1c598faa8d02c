"""Staff read the journal in words: no code, no smallest unit, no moment as a machine writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.web.market import signed_in
from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.law.taxes import change_tax_rule
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.actions.policy import change_policy
from tukro.money.actions.proposals.waiting import ACTS
from tukro.money.models import PayoutSignal
from tukro.money.rules.layouts import LAYOUTS
from tukro.web.staff.journal import choices
from tukro.web.staff.journal.facts import known, shown
from tukro.web.staff.journal.lines import HOUSE_SUBJECTS

ROOMS = Path(__file__).parents[3] / "src" / "tukro"


def facts_in_code() -> Iterator[tuple[str, str, str]]:
    """File, event and fact of every journal row whose name and facts stand in one function."""
    for path in sorted(ROOMS.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                yield from ((path.name, *one) for one in _facts_of(function))
    for path in sorted(ROOMS.rglob("*.sql")):
        for event, facts in re.findall(r"'([A-Z]\w+)'[^;]*?jsonb_build_object\(([^;]*)\)", path.read_text()):
            yield from ((path.name, event, name) for name in re.findall(r"'(\w+)',", facts))


def _facts_of(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    dicts = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call):
            said = {word.arg: word.value for word in call.keywords}
            facts = said.get("facts")
            if isinstance(facts, ast.Name):
                facts = dicts.get(facts.id)
            event = said.get("name")
            if isinstance(event, ast.Constant) and isinstance(facts, ast.Dict):
                names = [key.value for key in facts.keys if isinstance(key, ast.Constant)]
                yield from ((str(event.value), str(name)) for name in names)


def test_every_fact_that_the_code_names_has_words() -> None:
    found = list(facts_in_code())
    assert len(found) > 200  # the house says them as we look for them
    assert [one for one in found if not known(*one[1:])] == []


def test_every_choice_that_is_written_down_has_words() -> None:
    assert set(choices.ACTS) == {act.kind for act in ACTS.values()}
    assert set(choices.LAYOUTS) == set(LAYOUTS)
    assert set(choices.SIGNALS) == set(PayoutSignal.Kind)


def test_every_name_of_rules_and_books_has_words() -> None:
    said = {name for path in ROOMS.rglob("*.py") for name in _literal_subjects(path)}
    assert {"money_policy", "tax_policy"} < said
    assert said - set(HOUSE_SUBJECTS) == set()


def _literal_subjects(path: Path) -> list[str]:
    calls = path.read_text().split("record(")[1:]
    return [name for call in calls for name in re.findall(r"^[^()]*?\bsubject=\"(\w+)\"", call)]


def test_values_are_shown_for_their_reader() -> None:
    said = {
        "amount": 12_500_000,
        "until": "2026-11-04T09:30:00+00:00",
        "reason": "wrong",
        "fee": None,
        "reference": "",
        "masked": True,
        "strange": {"a": 1},
    }
    with override("en"):
        lines = {one.label: one.value for one in shown("AssignmentRejected", said)}
    assert lines == {
        "Amount": "$12.50",
        "Until": "4 November 2026, 15:30",
        "Why": "The answer is wrong",
        "Fee per withdrawal": "as for all kinds, or no limit",
        "Something in it was taken out": "yes",
        "strange": "{'a': 1}",
    }
    with override("bn"):
        changes = shown("MoneyPolicyChanged", {"fee_basis_points": [2000, 1250], "payout_fee": [0, 250_000]})
        assert [one.value for one in changes] == ["২০.০০% → ১২.৫০%", "US$\u00a0০.০০ → US$\u00a0০.২৫"]
        (taka,) = shown("MoneyUnmatched", {"amount": 10_000, "currency": "BDT"})
        assert taka.value == "৳১০০.০০"


@pytest.mark.django_db
def test_rules_of_a_part_lead_to_their_journal() -> None:
    """Their subjects are no ids that somebody could look up."""
    staff = signed_in(cast.shirin())
    change_tax_rule(by=HOUSE, country="BD", basis_points=1000, authority="NBR", now=NOW)
    rahima = cast.rahima()
    correct_balance(by=SHIRIN, person=rahima, amount=Money.parse("20.00"), reason="earned", now=NOW)
    now = timezone.now()
    place = make.payout_method(of=rahima).pk
    payout = request_payout(worker=rahima, method_id=place, amount=Money.parse("20.00"), now=now)
    send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX", now=now)
    staff.post("/staff/policy/tax/preset", {"preset": "us"})
    for address, subject in {
        "/staff/policy/rates": "exchange_rate:BDT",
        "/staff/policy/payouts/bkash": "payout_terms:bkash",
        "/staff/policy/tax": "tax_rule:others",
        "/staff/tax": f"tax_year:{now.year}",
        "/staff/treasury/taxes/BD": "tax:BD",
    }.items():
        assert f'href="/staff/journal?subject={subject}"' in staff.get(address).content.decode(), address


@pytest.mark.django_db
def test_the_pages_of_the_journal_say_it_in_words() -> None:
    rahima, shirin = cast.rahima(), cast.shirin()
    staff = signed_in(shirin)
    correction = correct_balance(
        by=shirin.actor, person=rahima, amount=Money.parse("5.00"), reason="lost", now=NOW
    )
    change_policy(by=SHIRIN, payout_fee=Money.parse("0.25"), now=NOW)
    record(name="PayoutHeld", actor=Actor("worker", "A1"), subject="P1", at=NOW, facts={"code": "tax"})
    pages = {
        name: staff.get(f"/staff/journal?subject={name}").content.decode()
        for name in ("", correction, "money_policy", "P1")
    }
    assert '<a href="?subject=money_policy">Rules of money</a>' in pages[""]
    for said in ("Amount:", "$5.00", shirin.email, rahima.public_id, "lost"):
        assert said in pages[correction]
    # One child of the cell: on a phone a word may stand above the address, which then keeps its whole line.
    assert (
        f'<span>Staff <span class="code" translate="no">{shirin.email}</span></span></td>'
        in pages[correction]
    )
    assert "Fee per withdrawal:" in pages["money_policy"]
    assert "$0.00 → $0.25" in pages["money_policy"]
    assert "Tax form missing" in pages["P1"]
    assert "5000000" not in pages[correction]
