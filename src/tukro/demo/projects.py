"""The demo market's projects, one of every kind of work; their words stand in ``data/projects.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tukro.campaigns.rules.plans import Plan
from tukro.demo.rows import ROWS, Row
from tukro.kernel.money import Money

_DATA = Path(__file__).parent / "data"
_MINUTE, _DAY = 60, 86_400


@dataclass(frozen=True, slots=True)
class DemoProject:
    """A plan, the requester whose it is, and where the rows that fill it come from."""

    key: str
    owner: str  # key of a requester in people.py
    plan: Plan
    row_source: str
    waits_for_staff: bool

    def rows(self) -> list[Row]:
        """The rows of its file; none for a project that is one task with many places."""
        return ROWS[self.row_source]() if self.row_source else []


def read_projects() -> list[DemoProject]:
    """All projects in the order of the file."""
    with (_DATA / "projects.toml").open("rb") as file:
        return [_project(table) for table in tomllib.load(file)["project"]]


def _project(table: dict[str, Any]) -> DemoProject:
    return DemoProject(
        key=table["key"],
        owner=table["owner"],
        plan=_plan(table),
        row_source=table.get("rows", ""),
        waits_for_staff=table.get("waits_for_staff", False),
    )


def _plan(table: dict[str, Any]) -> Plan:
    page = table.get("page", "")
    estimate = table["estimate_minutes"] * _MINUTE
    return Plan(
        kind="template" if page else "proof",
        name=table["name"],
        title=table["title"],
        description=table["description"],
        keywords=table["keywords"],
        category=table["category"],
        reward=Money.parse(table["reward"]),
        places=table["places"],
        # Four times the estimate, so that a slow line costs nobody the pay.
        duration_seconds=max(4 * estimate, 20 * _MINUTE),
        lifetime_seconds=30 * _DAY,
        auto_approve_seconds=5 * _DAY,
        estimate_seconds=estimate,
        extensions=1,
        extension_seconds=max(estimate, 10 * _MINUTE),
        instructions=table["instructions"].strip(),
        template=(_DATA / "pages" / page).read_text(encoding="utf-8") if page else "",
        proof=table.get("proof", []),
        frame_height=table.get("frame_height", 0),
        on_phone=True if page else None,  # each page was tried on one; of forms it is known anyhow
    )
