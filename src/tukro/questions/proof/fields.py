"""What a proof form is made of."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from tukro.questions.variables import fill_text, variables_in

MAX_FIELDS = 50
MAX_NAME = 60
MAX_LABEL = 300
MAX_HELP = 1000
MAX_OPTIONS = 100
MAX_OPTION = 200
MAX_TEXT_ANSWER = 20_000
MAX_FILES = 10
MAX_SECONDS = 1800  # of a recording


class Kind(StrEnum):
    TEXT = "text"  # one line
    LONG_TEXT = "long_text"
    NUMBER = "number"
    URL = "url"
    CHOICE = "choice"  # one of the options
    CHOICES = "choices"  # any of the options
    FILE = "file"  # anything that is taken as proof
    IMAGE = "image"  # pictures only: a screenshot or a photo
    AUDIO = "audio"  # one recording of the worker's own voice
    CODE = "code"  # made by the requester's server with the project's secret (questions/codes.py)
    MW_CODE = "mw_code"  # the same by the formula of Microworkers


HAS_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES})
CODES = frozenset({Kind.CODE, Kind.MW_CODE})
_TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL, *CODES})
# What files of a field may be, by the beginnings of their media types. Phones keep sound in video containers.
FILE_TYPES: Mapping[Kind, tuple[str, ...]] = {
    Kind.FILE: ("",),
    Kind.IMAGE: ("image/",),
    Kind.AUDIO: ("audio/", "video/"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: ``code`` names it, ``facts`` are for the sentence."""

    field: str
    code: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


class BadSpec(ValueError):
    """A field list that cannot be a form; ``problems`` say why, ``Problem.field`` is the position from 1."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.field}: {p.code}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    ``minimum`` and ``maximum`` bound the length of a text, the value of a number, how many options are
    ticked, how many files are handed in, or how many seconds a recording lasts.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = True
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    options: tuple[str, ...] = ()

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """``minimum`` and ``maximum`` as they hold: who asks for more than there is gets all that there is.

        Forms that were stored before ``unreachable`` was looked at, and options that are alike once their
        variables are filled, ask for more than there is.
        """
        reach = self._reach
        if reach is None:
            return self.minimum, self.maximum
        return (
            None if self.minimum is None else min(self.minimum, reach),
            None if self.maximum is None else min(self.maximum, reach),
        )

    @property
    def unreachable(self) -> Problem | None:
        """The least that is asked for is more than can be given. ``limit``: what can be."""
        reach = self._reach
        if reach is None or self.minimum is None or self.minimum <= reach:
            return None
        code = "least_over_options" if self.kind is Kind.CHOICES else "least_over_text"
        return Problem(self.name, code, {"limit": int(reach)})

    @property
    def _reach(self) -> Decimal | None:
        """The most that an answer can have where its kind sets an end by itself."""
        if self.kind is Kind.CHOICES:
            return Decimal(len(set(self.options)))
        if self.kind in _TEXTS:
            return Decimal(MAX_TEXT_ANSWER) if self.maximum is None else self.maximum
        return None

    @property
    def most_files(self) -> int:
        """How many files the field takes; where only the least is said, no more than that."""
        return int(self.maximum or self.minimum or 1) if self.kind in {Kind.FILE, Kind.IMAGE} else 1

    def takes(self, media_type: str) -> bool:
        """Whether a file of this type may be handed in here."""
        return media_type.startswith(FILE_TYPES[self.kind])

    def as_spec(self) -> dict[str, object]:
        """The JSON form that ``read_fields`` reads."""
        spec: dict[str, object] = {"name": self.name, "kind": str(self.kind), "label": self.label}
        if self.help:
            spec["help"] = self.help
        spec["required"] = self.required
        if self.minimum is not None:
            spec["minimum"] = str(self.minimum)
        if self.maximum is not None:
            spec["maximum"] = str(self.maximum)
        if self.options:
            spec["options"] = list(self.options)
        return spec


@dataclass(frozen=True, slots=True)
class Form:
    """What a worker reads and fills in."""

    instructions: str
    fields: tuple[Field, ...]

    def dump(self) -> str:
        """The text that ``load`` reads; kept as ``Question.body``."""
        body = {"instructions": self.instructions, "fields": [one.as_spec() for one in self.fields]}
        return json.dumps(body, ensure_ascii=False)

    @property
    def labels(self) -> dict[str, str]:
        """What it asks, by the name of the field, in its order."""
        return {one.name: one.label for one in self.fields}


def fill(form: Form, values: Mapping[str, str]) -> Form:
    """The form of one task: every ``${variable}`` replaced by the value of its row."""

    def filled(one: Field) -> Field:
        return replace(
            one,
            label=fill_text(one.label, values),
            help=fill_text(one.help, values),
            options=tuple(fill_text(option, values) for option in one.options),
        )

    return Form(fill_text(form.instructions, values), tuple(filled(one) for one in form.fields))


def variables(form: Form) -> tuple[str, ...]:
    """Names of all ``${variables}`` of the form, each once, in reading order."""
    texts = [form.instructions]
    for one in form.fields:
        texts += [one.label, one.help, *one.options]
    return variables_in("\n".join(texts))
