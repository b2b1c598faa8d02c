"""The house's own laws that import-linter cannot see: foreign keys, SQL and words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

SOURCE = Path(__file__).parents[1] / "src" / "tukro"
FLOORS = {
    "ledger": 2,
    "journal": 2,
    "people": 3,
    "vetting": 3.5,
    "money": 4,
    "qualifications": 4,
    "work": 5,
    "notices": 6,
    "campaigns": 6,
    "quality": 6,
    "records": 6,
    "privacy": 6.5,
    "web": 7,
}
EXCEPTION = re.compile("# (type: ignore|ruff: noqa|noqa)")
REASON = re.compile(r"# type: ignore\[[^]]+\]  # \w|noqa: [A-Z0-9, ]+ (#|-) \w")
SQL_CALL = re.compile(r"\b(" + "|".join(FLOORS) + r")_[a-z_]+\s*\(")


def test_every_room_with_tables_has_its_floor() -> None:
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("tukro.")}
    assert ours == set(FLOORS)


def test_foreign_keys_point_down_the_floors() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
        for target in [field.related_model]
        if isinstance(target, type) and target._meta.app_label != model._meta.app_label
        if _floor(target) >= _floor(model)
    ]
    assert upward == []


@pytest.mark.parametrize("room", FLOORS)
def test_sql_of_a_room_calls_only_rooms_below(room: str) -> None:
    called = {
        match.group(1)
        for file in sorted((SOURCE / room / "migrations").glob("*"))
        if file.suffix in {".py", ".sql"}
        for match in SQL_CALL.finditer(file.read_text())
    }
    assert {other for other in called if other != room and FLOORS[other] >= FLOORS[room]} == set()


def test_only_money_calls_the_ledger_in_sql() -> None:
    offenders = [
        str(file.relative_to(SOURCE))
        for file in sorted(SOURCE.glob("*/migrations/*"))
        if file.suffix in {".py", ".sql"} and file.parts[-3] not in {"ledger", "money"}
        if re.search(r"\bledger_[a-z]+\b", file.read_text())
    ]
    assert offenders == []


def test_what_works_sql_calls_in_money_is_what_its_decision_lists() -> None:
    (decision,) = (SOURCE.parents[1] / "docs" / "decisions").glob("0011-*.md")
    rows = [line.split("|")[1] for line in decision.read_text().splitlines() if line.startswith("| `")]
    called = {
        name
        for file in sorted((SOURCE / "work" / "migrations").glob("*"))
        if file.suffix in {".py", ".sql"}
        for name in re.findall(r"\b(money_[a-z_]+)\s*\(", file.read_text())
    }
    assert called == set(re.findall(r"`(\w+)`", "".join(rows)))


def test_every_exception_from_types_and_lint_says_why() -> None:
    house = SOURCE.parents[1]
    silent = [
        f"{file.relative_to(house)}:{no}"
        for room in ("src", "tests", "bench", "tools")
        for file in sorted((house / room).rglob("*.py"))
        for no, line in enumerate(file.read_text().splitlines(), start=1)
        if EXCEPTION.search(line) and not REASON.search(line) and file != Path(__file__)
    ]
    assert silent == []


def _floor(model: type[Model]) -> float:
    return FLOORS.get(model._meta.app_label, 0)
