"""The demo market's projects, one of every kind of work; their words stand in ``data/projects.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tukro.demo.rows import ROWS, Row
from tukro.kernel.money import Money

_DATA = Path(__file__).parent / "data"
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """A project to create: a page or a proof form, its terms, and the rows to fill it."""

    key: str
    owner: str  # key of a requester in cast.py
    name: str
    title: str
    description: str
    keywords: str
    category: str
    reward: Money
    places: int
    estimate_minutes: int
    instructions: str
    template: str
    proof: list[dict[str, Any]]
    frame_height: int
    waits_for_staff: bool
    row_source: str

    @property
    def kind(self) -> str:
        return "template" if self.template else "proof"

    @property
    def estimate_seconds(self) -> int:
        return self.estimate_minutes * _MINUTE

    @property
    def duration_seconds(self) -> int:
        """Time allotted: four times the estimate, so that a slow line costs nobody the pay."""
        return max(4 * self.estimate_seconds, 20 * _MINUTE)

    def rows(self) -> list[Row]:
        """The rows of its file; none for a project that is one task with many places."""
        return ROWS[self.row_source]() if self.row_source else []


def read_plans() -> list[Plan]:
    """All projects in the order of the file."""
    with (_DATA / "projects.toml").open("rb") as file:
        return [_plan(table) for table in tomllib.load(file)["project"]]


def _plan(table: dict[str, Any]) -> Plan:
    page = table.get("page", "")
    return Plan(
        key=table["key"],
        owner=table["owner"],
        name=table["name"],
        title=table["title"],
        description=table["description"],
        keywords=table["keywords"],
        category=table["category"],
        reward=Money.parse(table["reward"]),
        places=table["places"],
        estimate_minutes=table["estimate_minutes"],
        instructions=table["instructions"],
        template=(_DATA / "pages" / page).read_text(encoding="utf-8") if page else "",
        proof=table.get("proof", []),
        frame_height=table.get("frame_height", 0),
        waits_for_staff=table.get("waits_for_staff", False),
        row_source=table.get("rows", ""),
    )
