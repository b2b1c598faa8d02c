"""What a new project begins with, half written, in the language of the page.

A page starter is a template in ``templates/requester/starters/`` whose words are translated and whose
``${variables}`` are left for the requester's CSV file; a proof starter is a list of fields. Words are kept
lazily: the same starter is read in either language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise

from tukro.kernel.money import Money
from tukro.questions.proof import Kind
from tukro.web.requester.posting.project_forms import ProjectKind
from tukro.web.requester.posting.proof_builder import Row

Words = str | Promise
MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of a proof starter."""

    kind: str = Kind.TEXT
    label: Words = ""
    required: bool = True
    options: Words = ""  # one per line
    help: Words = ""

    def row(self) -> Row:
        return Row(
            kind=self.kind,
            label=str(self.label),
            required=self.required,
            options=str(self.options),
            help=str(self.help),
        )


@dataclass(frozen=True, slots=True)
class Starter:
    """What a new project begins with."""

    code: str
    kind: ProjectKind
    category: str
    name: Words
    summary: Words  # for the choice
    title: Words = ""
    instructions: Words = ""
    asks: tuple[Ask, ...] = ()
    reward: Money = field(default=Money(50_000))
    places: int = 1
    estimate_seconds: int = 2 * MINUTE
    duration_seconds: int = 30 * MINUTE

    def typed(self) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            "name": str(self.name),
            "title": str(self.title),
            "category": self.category,
            "reward": self.reward,
            "places": self.places,
            "estimate": self.estimate_seconds,
            "duration": self.duration_seconds,
            "lifetime": 7 * DAY,
            "auto_approve": 3 * DAY,
            "instructions": str(self.instructions),
            "template": self.page(),
            "on_phone": self.code != "blank",  # our pages were tried on one; a blank one may become anything
        }

    def page(self) -> str:
        """The HTML that a page starter begins with."""
        if self.kind == "proof":
            return ""
        return render_to_string(f"requester/starters/{self.code}.html").strip() + "\n"

    def rows(self) -> list[Row]:
        """The fields that a proof starter begins with."""
        return [one.row() for one in self.asks]
