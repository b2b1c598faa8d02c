"""What a requester may plan: the limits of every property, and what the content of a project must be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from tukro.campaigns.rules.policy import Forbidden, asked_by_field, asked_in_text
from tukro.kernel.money import Money
from tukro.qualifications.rules import faults, read
from tukro.questions import html, proof
from tukro.questions.proof import Problem
from tukro.questions.schema import parse

MINUTE, HOUR, DAY = 60, 3600, 86_400
MAX_NAME, MAX_TITLE, MAX_DESCRIPTION, MAX_KEYWORDS = 120, 128, 2000, 1000
MAX_INSTRUCTIONS = 20_000
MAX_PLACES = 100_000
MAX_FRAME_HEIGHT = 5_000
DURATIONS = (30, 30 * DAY)  # time allotted, least and most
LIFETIMES = (5 * MINUTE, 365 * DAY)
AUTO_APPROVALS = (HOUR, 30 * DAY)
ESTIMATES = (5, 8 * HOUR)
EXTENSIONS = (MINUTE, 7 * DAY)  # more time, each time
MOST_EXTENSIONS = 10
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a requester decides about a project."""

    kind: Literal["template", "proof"]
    name: str  # private to the requester
    title: str
    description: str
    category: str
    reward: Money
    keywords: str = ""
    places: int = 1
    duration_seconds: int = HOUR
    lifetime_seconds: int = 7 * DAY
    auto_approve_seconds: int = 3 * DAY
    estimate_seconds: int | None = None
    extensions: int = 0  # how often a worker may take more time by themselves
    extension_seconds: int = 0
    instructions: str = ""
    template: str = ""
    proof: list[dict[str, object]] = field(default_factory=list)
    frame_height: int = 0
    requirements: list[dict[str, object]] = field(default_factory=list)  # asked of workers, as plain data
    language: str = ""  # of the work; '' = as the title and description are written
    on_phone: bool | None = None  # whether it can be done on a phone; None = not said


@dataclass(frozen=True, slots=True)
class RewardLimits:
    """The operator's bounds for one reward."""

    minimum: Money
    maximum: Money


def problems_of(plan: Plan, limits: RewardLimits) -> list[Problem]:
    """Everything wrong with ``plan``, field by field; an empty list means that it can be kept."""
    return [
        *_text_problems(plan),
        *_reward_problems(plan, limits),
        *_number_problems(plan),
        *_content_problems(plan),
        *_requirement_problems(plan),
    ]


def forbidden_in(plan: Plan) -> tuple[str, Forbidden] | None:
    """Where (a field of the plan) and what the plan asks for that no task may ask for."""
    for where in ("title", "description", "keywords", "instructions"):
        if found := asked_in_text(getattr(plan, where)):
            return where, found
    if plan.kind == "template":
        found = _forbidden_in_page(plan.template)
        return ("template", found) if found else None
    for one in _fields(plan):
        if found := asked_by_field(one.name, one.label) or asked_in_text(one.help):
            return "proof", found
    return None


def forbidden_in_task(*, words: Mapping[str, str], kind: str, body: str) -> tuple[str, Forbidden] | None:
    """The same of a task that a program makes by itself: its words by their names, and what it asks.

    A page on the requester's own server (``external``) is out of reach.
    """
    for where, text in words.items():
        if found := asked_in_text(text):
            return where, found
    if kind == "html" and (found := _forbidden_in_page(body)):
        return "Question", found
    if kind == "form" and (found := _forbidden_in_form(body)):
        return "Question", found
    return None


def columns_needed(plan: Plan) -> tuple[str, ...]:
    """The CSV columns that the plan's ``${variables}`` call for."""
    if plan.kind == "template":
        return html.columns_needed(plan.template)
    return proof.variables(proof.Form(plan.instructions, _fields(plan)))


def content_changed(before: Plan, after: Plan) -> bool:
    """Whether what workers see differs, so that an earlier decision of the staff no longer covers it."""
    seen = ("kind", "title", "description", "category", "instructions", "template", "proof")
    return any(getattr(before, name) != getattr(after, name) for name in seen)


def _fields(plan: Plan) -> tuple[proof.Field, ...]:
    try:
        return proof.read_fields(plan.proof)
    except proof.BadSpec:
        return ()  # told by problems_of


def _requirement_problems(plan: Plan) -> Iterator[Problem]:
    if codes := faults(read(plan.requirements)):
        yield Problem("requirements", "requirements_impossible", {"codes": codes})


def _text_problems(plan: Plan) -> Iterator[Problem]:
    limits = {
        "name": MAX_NAME,
        "title": MAX_TITLE,
        "description": MAX_DESCRIPTION,
        "keywords": MAX_KEYWORDS,
        "instructions": MAX_INSTRUCTIONS,
    }
    required = {"name", "title", "description"} | ({"instructions"} if plan.kind == "proof" else set())
    for name, limit in limits.items():
        text = getattr(plan, name)
        if name in required and not text.strip():
            yield Problem(name, "required")
        elif len(text) > limit:
            yield Problem(name, "too_long", {"limit": limit, "length": len(text)})


def _reward_problems(plan: Plan, limits: RewardLimits) -> Iterator[Problem]:
    if plan.reward < limits.minimum:
        yield Problem("reward", "reward_too_small", {"minimum": limits.minimum})
    elif plan.reward > limits.maximum:
        yield Problem("reward", "reward_too_large", {"maximum": limits.maximum})


def _number_problems(plan: Plan) -> Iterator[Problem]:
    spans = {
        "duration_seconds": DURATIONS,
        "lifetime_seconds": LIFETIMES,
        "auto_approve_seconds": AUTO_APPROVALS,
    }
    for name, (least, most) in spans.items():
        if not least <= getattr(plan, name) <= most:
            yield Problem(name, "time_out_of_bounds", {"least": least, "most": most})
    if plan.estimate_seconds is not None and not ESTIMATES[0] <= plan.estimate_seconds <= ESTIMATES[1]:
        yield Problem("estimate_seconds", "time_out_of_bounds", {"least": ESTIMATES[0], "most": ESTIMATES[1]})
    elif plan.estimate_seconds is not None and plan.estimate_seconds > plan.duration_seconds:
        yield Problem("estimate_seconds", "estimate_over_duration")
    if not 0 <= plan.extensions <= MOST_EXTENSIONS:
        yield Problem("extensions", "number_out_of_bounds", {"least": 0, "most": MOST_EXTENSIONS})
    elif plan.extensions and not EXTENSIONS[0] <= plan.extension_seconds <= EXTENSIONS[1]:
        yield Problem(
            "extension_seconds", "time_out_of_bounds", {"least": EXTENSIONS[0], "most": EXTENSIONS[1]}
        )
    if not 1 <= plan.places <= MAX_PLACES:
        yield Problem("places", "number_out_of_bounds", {"least": 1, "most": MAX_PLACES})
    if not 0 <= plan.frame_height <= MAX_FRAME_HEIGHT:
        yield Problem("frame_height", "number_out_of_bounds", {"least": 0, "most": MAX_FRAME_HEIGHT})


def _content_problems(plan: Plan) -> Iterator[Problem]:
    if plan.kind == "template":
        for problem in html.problems(plan.template):
            yield Problem("template", problem.code, problem.facts)
        return
    try:
        fields = proof.read_fields(plan.proof)
    except proof.BadSpec as refused:
        for one in refused.problems:
            yield Problem("proof", one.code, {"position": one.field, **one.facts})
        return
    for position, asked in enumerate(fields, start=1):
        if found := asked.unreachable:
            yield Problem("proof", found.code, {"position": str(position), **found.facts})


@lru_cache(maxsize=256)  # programs make thousands of tasks with one page
def _forbidden_in_page(page: str) -> Forbidden | None:
    outline = html.read_outline(page)
    if outline.asks_password:
        return Forbidden("password", 'type="password"')
    if found := asked_by_field(*outline.field_names, *outline.hints):
        return found
    return asked_in_text("\n".join(outline.texts))


@lru_cache(maxsize=256)
def _forbidden_in_form(body: str) -> Forbidden | None:
    for element in parse(body).iter():
        text = _TAG.sub(" ", element.text or "")
        is_label = str(element.tag).endswith(("}QuestionIdentifier", "}DisplayName"))
        if found := (asked_by_field(text) if is_label else None) or asked_in_text(text):
            return found
    return None
