"""From what a requester or a file says to a form."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tukro.questions.answers import RESERVED_NAMES
from tukro.questions.proof.fields import (
    HAS_OPTIONS,
    MAX_FIELDS,
    MAX_FILES,
    MAX_HELP,
    MAX_LABEL,
    MAX_NAME,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_SECONDS,
    BadSpec,
    Field,
    Form,
    Kind,
    Problem,
)
from tukro.questions.proof.typed import plain_number

_LARGEST_LIMIT = Decimal(10) ** 12


def load(body: str) -> Form:
    """Read a stored proof question. Raises BadSpec when it was not written by ``Form.dump``."""
    try:
        data = json.loads(body)
    except ValueError:
        raise BadSpec([Problem("0", "not_a_form")]) from None
    if not isinstance(data, dict):
        raise BadSpec([Problem("0", "not_a_form")])
    return Form(instructions=str(data.get("instructions", "")), fields=read_fields(data.get("fields")))


def read_fields(spec: object) -> tuple[Field, ...]:
    """Check a field list and turn it into fields. Missing names are made from the labels. Raises BadSpec."""
    if not isinstance(spec, list):
        raise BadSpec([Problem("0", "not_a_list")])
    if not spec:
        raise BadSpec([Problem("0", "no_fields")])
    if len(spec) > MAX_FIELDS:
        raise BadSpec([Problem("0", "too_many_fields", {"limit": MAX_FIELDS})])
    problems: list[Problem] = []
    fields: list[Field] = []
    taken: set[str] = set()
    for position, one in enumerate(spec, start=1):
        made, found = _read_field(one, str(position), taken)
        problems += found
        if made is not None:
            fields.append(made)
            taken.add(made.name)
    if problems:
        raise BadSpec(problems)
    return tuple(fields)


def name_from_label(label: str, taken: Iterable[str] = ()) -> str:
    """A field name made of a label, in any script, unlike those already taken."""
    letters = "".join(c if _is_name_char(c) else "_" for c in unicodedata.normalize("NFC", label).lower())
    base = re.sub(r"_+", "_", letters).strip("_.-")[: MAX_NAME - 4] or "field"
    name, no = base, 1
    used = set(taken)
    while name in used or _is_reserved(name):
        no += 1
        name = f"{base}_{no}"
    return name


def _read_field(spec: object, at: str, taken: set[str]) -> tuple[Field | None, list[Problem]]:
    if not isinstance(spec, dict):
        return None, [Problem(at, "not_a_field")]
    kind_text = str(spec.get("kind", ""))
    if kind_text not in {kind.value for kind in Kind}:
        return None, [Problem(at, "unknown_kind", {"kind": kind_text})]
    kind = Kind(kind_text)
    label, help_text = _clean(spec.get("label")), _clean(spec.get("help"))
    options = _read_options(spec.get("options"))
    name = _clean(spec.get("name")) or name_from_label(label, taken)
    minimum, low_problem = _read_limit(spec.get("minimum"), kind, at, "minimum")
    maximum, high_problem = _read_limit(spec.get("maximum"), kind, at, "maximum")
    problems = [
        *_name_problems(name, at, taken),
        *_label_problems(label, help_text, at),
        *_option_problems(kind, options, at),
        *[problem for problem in (low_problem, high_problem) if problem is not None],
    ]
    if minimum is not None and maximum is not None and minimum > maximum:
        problems.append(Problem(at, "limits_crossed", {"minimum": minimum, "maximum": maximum}))
    if problems:
        return None, problems
    required = bool(spec.get("required", True))
    kept = options if kind in HAS_OPTIONS else ()
    return Field(name, kind, label, help_text, required, minimum, maximum, kept), []


def _clean(value: object) -> str:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""


def _name_problems(name: str, at: str, taken: set[str]) -> list[Problem]:
    if len(name) > MAX_NAME:
        return [Problem(at, "name_too_long", {"limit": MAX_NAME})]
    if not all(_is_name_char(c) for c in name):
        return [Problem(at, "bad_name", {"name": name})]
    if _is_reserved(name):
        return [Problem(at, "reserved_name", {"name": name})]
    if name in taken:
        return [Problem(at, "name_taken", {"name": name})]
    return []


def _is_name_char(char: str) -> bool:
    # Letters, their marks (Bengali vowel signs are marks), digits, and three signs that CSV headers bear.
    return unicodedata.category(char)[0] in "LMN" or char in "_-."


def _is_reserved(name: str) -> bool:
    return name.lower() in {reserved.lower() for reserved in RESERVED_NAMES}


def _label_problems(label: str, help_text: str, at: str) -> list[Problem]:
    problems = []
    if not label:
        problems.append(Problem(at, "no_label"))
    if len(label) > MAX_LABEL:
        problems.append(Problem(at, "label_too_long", {"limit": MAX_LABEL}))
    if len(help_text) > MAX_HELP:
        problems.append(Problem(at, "help_too_long", {"limit": MAX_HELP}))
    return problems


def _read_options(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(cleaned for cleaned in map(_clean, value) if cleaned)


def _option_problems(kind: Kind, options: Sequence[str], at: str) -> list[Problem]:
    if kind not in HAS_OPTIONS:
        return []
    if len(options) < (2 if kind is Kind.CHOICE else 1):
        return [Problem(at, "too_few_options")]
    if len(options) > MAX_OPTIONS:
        return [Problem(at, "too_many_options", {"limit": MAX_OPTIONS})]
    if len(set(options)) < len(options):
        return [Problem(at, "same_option_twice")]
    if any(len(option) > MAX_OPTION for option in options):
        return [Problem(at, "option_too_long", {"limit": MAX_OPTION})]
    # Ticked options are joined with this sign when they are stored.
    if kind is Kind.CHOICES and any("|" in option for option in options):
        return [Problem(at, "option_with_bar")]
    return []


def _read_limit(value: object, kind: Kind, at: str, which: str) -> tuple[Decimal | None, Problem | None]:
    if value is None or value == "":
        return None, None
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None, Problem(at, "bad_limit", {"which": which})
    limit = plain_number(str(value))
    if limit is None or abs(limit) > _LARGEST_LIMIT:
        return None, Problem(at, "bad_limit", {"which": which})
    if kind is not Kind.NUMBER and (limit < 0 or limit != limit.to_integral_value()):
        return None, Problem(at, "bad_limit", {"which": which})
    if kind in {Kind.FILE, Kind.IMAGE} and limit > MAX_FILES:
        return None, Problem(at, "too_many_files_asked", {"limit": MAX_FILES})
    if kind is Kind.AUDIO and limit > MAX_SECONDS:
        return None, Problem(at, "recording_too_long_asked", {"limit": MAX_SECONDS})
    return limit, None
