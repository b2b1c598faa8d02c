"""A proof form on a page: its fields with what was typed so far, what is wrong, and the files handed in.

Workers fill it in; requesters see the same form before they publish. ``parts/proof_form.html`` draws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.questions.answers import JOINED_WITH
from tukro.questions.proof import MAX_TEXT_ANSWER, Field, Form, Kind, Problem
from tukro.web import formats
from tukro.web.forms.limits import length_words, most_words, number_words, ticked_words
from tukro.work.models import ProofFile

_PROBLEMS: dict[str, str | Promise] = {
    "required": _("This field is required."),
    "only_one_value": _("Only one answer is possible."),
    "unknown_option": _("Choose one of the options."),
    "not_a_url": _("This is not a web address. Write it as it stands in the browser, like example.org."),
    "not_a_number": _("Write a number only, without words or signs beside it."),
    "too_small": _("The number is too small: at least %(minimum)s."),
    "too_big": _("The number is too large: at most %(maximum)s."),
    "too_short": _("This is too short: at least %(minimum)s characters, now %(length)s."),
    "too_long": _("This is too long: at most %(maximum)s characters, now %(length)s."),
    "too_few_ticked": _("Choose at least %(minimum)s."),
    "too_many_ticked": _("Choose at most %(maximum)s."),
    "too_few_files": _("Hand in at least %(minimum)s files."),
    "too_many_files": _("Hand in at most %(maximum)s files."),
    "wrong_code": _("This code is wrong. Copy it once more; wrong codes left: %(left)s."),
    "no_more_tries": _("Too many wrong codes. Return the task and tell why."),
    "refused_file": "%(message)s",  # the door's own: a file that was looked at and not taken
}
# What a worker reads before starting: which kinds of proof a task asks for.
_KIND_NAMES: dict[Kind, str | Promise] = {
    Kind.TEXT: _("text"),
    Kind.LONG_TEXT: _("text"),
    Kind.NUMBER: _("number"),
    Kind.URL: _("web address"),
    Kind.CHOICE: _("choice"),
    Kind.CHOICES: _("choice"),
    Kind.FILE: _("file or screenshot"),
    Kind.IMAGE: _("picture"),
    Kind.AUDIO: _("voice recording"),
    Kind.CODE: _("code from another page"),
    Kind.MW_CODE: _("code from another page"),
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as the page draws it."""

    field: Field
    no: int
    values: list[str]
    error: str
    files: list[ProofFile]

    @property
    def id(self) -> str:
        # Names may be in any script; an id that is a number is safe in every selector.
        return f"field-{self.no}"

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def limits(self) -> str:
        """What the field takes, before anybody fills it in."""
        bounds = self.field.bounds
        match self.field.kind:
            case Kind.TEXT | Kind.LONG_TEXT:
                return length_words(*bounds)
            case Kind.NUMBER:
                return number_words(*bounds)
            case Kind.CHOICES:
                return ticked_words(*bounds)
            case Kind.FILE | Kind.IMAGE if self.field.most_files > 1:
                return str(_("Up to %(count)s files.")) % {"count": formats.fact(self.field.most_files)}
            case Kind.URL:
                return str(_("A web address, like example.org."))
        return ""

    @property
    def longest(self) -> int | None:
        """Characters that a text may have; None when it is no text."""
        if self.field.kind not in (Kind.TEXT, Kind.LONG_TEXT):
            return None
        return int(self.field.maximum or MAX_TEXT_ANSWER)

    @property
    def longest_words(self) -> str:
        return most_words(*self.field.bounds) if self.longest else ""

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-help"] if self.field.help or self.limits else []
        parts += [f"{self.id}-longest"] if self.longest_words else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)

    @property
    def file_described_by(self) -> str:
        return f"{self.id}-help {self.id}-error" if self.error else f"{self.id}-help"

    @property
    def takes_more_files(self) -> bool:
        return len(self.files) < self.field.most_files


def rows(
    form: Form,
    *,
    pairs: Iterable[tuple[str, str]] = (),
    problems: Sequence[Problem] = (),
    files: Iterable[ProofFile] = (),
) -> list[FieldRow]:
    """The fields of a filled form. ``pairs``: posted, drafted or stored values."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    errors = {problem.field: problem_words(problem) for problem in problems}
    handed_in = _by_field(files)
    return [
        FieldRow(
            field=one,
            no=no,
            values=_taken_apart(one, given.get(one.name, [])),
            error=errors.get(one.name, ""),
            files=handed_in.get(one.name, []),
        )
        for no, one in enumerate(form.fields, start=1)
    ]


def problem_words(problem: Problem) -> str:
    """What is wrong with an answer, as a sentence."""
    facts = {name: formats.fact(value) for name, value in problem.facts.items()}
    return problem_sentence(problem.code, facts)


def problem_sentence(code: str, facts: Mapping[str, str]) -> str:
    """The sentence for a problem's code; our two kinds of form say the same of the same fault."""
    return str(_PROBLEMS[code]) % facts


def kinds_asked(form: Form) -> tuple[Kind, ...]:
    """Which kinds of proof the form asks for, each once, in the form's order."""
    return tuple(dict.fromkeys(one.kind for one in form.fields))


def kind_names(kinds: Iterable[Kind]) -> list[str]:
    """In the reader's words, each once: some kinds are called the same."""
    return list(dict.fromkeys(str(_KIND_NAMES[kind]) for kind in kinds))


def _taken_apart(one: Field, values: list[str]) -> list[str]:
    if one.kind is Kind.CHOICES and len(values) == 1:
        return values[0].split(JOINED_WITH)
    return values


def _by_field(files: Iterable[ProofFile]) -> Mapping[str, list[ProofFile]]:
    in_order = sorted(files, key=lambda file: (file.field, file.pk))
    return {name: list(group) for name, group in groupby(in_order, key=lambda file: file.field)}
