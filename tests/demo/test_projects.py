"""The demo market's projects are ones that a requester could create and a worker could answer."""

from __future__ import annotations

import csv
import io

import pytest

from tukro.campaigns.rules.plans import RewardLimits, columns_needed, forbidden_in, problems_of
from tukro.demo.projects import DemoProject, read_projects
from tukro.demo.rows import csv_of, number_rows, truth_of_numbers
from tukro.kernel.money import Money

PROJECTS = read_projects()
by_key = pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.key)


def test_every_kind_of_work_of_the_mission_is_there() -> None:
    assert {project.plan.category for project in PROJECTS if not project.waits_for_staff} == {
        "survey", "data_entry", "web_research", "transcription", "writing", "voice",
        "find_information", "verify_information", "image", "sentiment", "usability_test", "other",
    }  # fmt: skip


@by_key
def test_the_house_accepts_the_plan(project: DemoProject) -> None:
    assert problems_of(project.plan, RewardLimits(Money.parse("0.02"), Money.parse("2.00"))) == []
    assert forbidden_in(project.plan) is None


@by_key
def test_tasks_take_two_to_thirty_minutes_and_there_is_time_for_them(project: DemoProject) -> None:
    estimate = project.plan.estimate_seconds or 0
    assert 120 <= estimate <= 1800
    assert project.plan.duration_seconds >= 4 * estimate


@by_key
def test_titles_are_in_bengali_and_in_english(project: DemoProject) -> None:
    assert any("\u0980" <= char <= "\u09ff" for char in project.plan.title)
    assert any("a" <= char <= "z" for char in project.plan.title)


@by_key
def test_rows_fill_every_variable(project: DemoProject) -> None:
    wanted = set(columns_needed(project.plan))
    rows = project.rows()
    assert all(wanted <= set(row) and all(row[name] for name in wanted) for row in rows)
    assert bool(rows) == bool(wanted)


def test_a_file_of_rows_reads_back_as_it_was() -> None:
    rows = number_rows(count=2)
    assert list(csv.DictReader(io.StringIO(csv_of(rows).decode("utf-8")))) == rows


def test_numbers_are_eight_digits_long() -> None:
    assert {len(number) for number in truth_of_numbers().values()} == {8}
