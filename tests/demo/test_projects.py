"""The demo market's projects are ones that a requester could create and a worker could answer."""

from __future__ import annotations

import csv
import io

import pytest

from tukro.demo.projects import Plan, read_plans
from tukro.demo.rows import csv_of, number_rows, truth_of_numbers
from tukro.kernel.money import Money
from tukro.questions import html, proof

PLANS = read_plans()
by_key = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)


def test_every_kind_of_work_of_the_mission_is_there() -> None:
    assert {plan.category for plan in PLANS if not plan.waits_for_staff} == {
        "survey", "data_entry", "web_research", "transcription", "writing", "voice_recording",
        "find_information", "verification", "image_labelling", "sentiment", "usability", "other",
    }  # fmt: skip


@by_key
def test_terms_are_within_what_is_typical(plan: Plan) -> None:
    assert Money.parse("0.02") <= plan.reward <= Money.parse("2.00")
    assert 2 <= plan.estimate_minutes <= 30
    assert len(plan.title) <= 128
    assert plan.duration_seconds > plan.estimate_seconds


@by_key
def test_titles_are_in_bengali_and_in_english(plan: Plan) -> None:
    assert any("\u0980" <= char <= "\u09ff" for char in plan.title)
    assert any("a" <= char <= "z" for char in plan.title)


@by_key
def test_the_form_or_page_is_one_that_the_house_accepts(plan: Plan) -> None:
    if plan.template:
        assert html.problems(plan.template) == []
    else:
        assert len(proof.read_fields(plan.proof)) == len(plan.proof)


@by_key
def test_rows_fill_every_variable(plan: Plan) -> None:
    form = proof.Form(plan.instructions, () if plan.template else proof.read_fields(plan.proof))
    wanted = {*html.columns_needed(plan.template), *proof.variables(form)}
    rows = plan.rows()
    assert all(wanted <= set(row) and all(row[name] for name in wanted) for row in rows)
    assert bool(rows) == bool(wanted)


def test_a_file_of_rows_reads_back_as_it_was() -> None:
    rows = number_rows(count=2)
    assert list(csv.DictReader(io.StringIO(csv_of(rows).decode("utf-8")))) == rows


def test_numbers_are_eight_digits_long() -> None:
    assert {len(number) for number in truth_of_numbers().values()} == {8}
