"""Proof forms: the house's own way to ask for an answer, as a list of fields that a requester put together.

The stored shape (``Question.body`` of kind ``proof``) is JSON: ``{"instructions": text, "fields": [spec…]}``;
``load`` reads it back into a ``Form``. Instructions, labels, help and options may hold ``${variables}``,
which ``fill`` replaces with the values of a task's row.

Problems are codes with facts; the words are chosen at the door.
"""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from urllib.parse import urlsplit

from tukro.questions.answers import RESERVED_NAMES
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
_LARGEST_LIMIT = Decimal(10) ** 12
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:")


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
    def most_files(self) -> int:
        """How many files the field takes."""
        return int(self.maximum or 1) if self.kind in {Kind.FILE, Kind.IMAGE} else 1

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


def check_answers(
    form: Form, pairs: Iterable[tuple[str, str]], files: Mapping[str, int] | None = None
) -> list[Problem]:
    """Problems of an answer to ``form`` (already filled), in the form's order; none = it may be handed in.

    ``pairs`` are the posted names and values, one pair per ticked option; ``files`` counts the files
    handed in per field. Names that the form does not know are no concern of this check.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    problems: list[Problem] = []
    for one in form.fields:
        count = (files or {}).get(one.name, 0)
        problem = _check_field(one, given.get(one.name, []), count)
        if problem is not None:
            problems.append(problem)
    return problems


def known_pairs(form: Form, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs that belong to the form's fields, in the form's order: what is worth keeping.

    Browsers post an empty text for a file field without a file; files are kept beside the answer.
    """
    posted = list(pairs)
    asked = [one for one in form.fields if one.kind not in FILE_TYPES]
    return [(name, _kept(one, value)) for one in asked for name, value in posted if name == one.name]


def _kept(one: Field, value: str) -> str:
    return web_address(value) or value if one.kind is Kind.URL else value


def plain_number(text: str) -> Decimal | None:
    """The number that a person typed, Bengali digits included; None when it is none."""
    plain = "".join(
        str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text
    )
    plain = plain.strip().replace(",", "")
    if not re.fullmatch(r"[+-]?([0-9]{1,20}(\.[0-9]{0,10})?|\.[0-9]{1,10})", plain):
        return None
    return Decimal(plain)


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


# --- reading a spec -----------------------------------------------------------------------------


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


# --- checking an answer -------------------------------------------------------------------------


def _check_field(one: Field, values: list[str], file_count: int) -> Problem | None:
    if one.kind is Kind.AUDIO:
        return Problem(one.name, "required") if one.required and not file_count else None
    if one.kind in FILE_TYPES:
        return _check_count(one, file_count, "too_few_files", "too_many_files")
    filled = [value for value in values if value.strip()]
    if not filled:
        return Problem(one.name, "required") if one.required else None
    if one.kind is Kind.CHOICES:
        return _check_choices(one, filled)
    if len(filled) > 1:
        return Problem(one.name, "only_one_value")
    return _check_single(one, filled[0])


def _check_single(one: Field, value: str) -> Problem | None:
    try:
        match one.kind:
            case Kind.NUMBER:
                return _check_number(one, value)
            case Kind.CHOICE:
                return None if value in one.options else Problem(one.name, "unknown_option", {"value": value})
            case Kind.URL if not web_address(value):
                return Problem(one.name, "not_a_url")
            case _:
                return _check_text(one, value)
    except InvalidOperation:
        return Problem(one.name, "not_a_number")


def _check_number(one: Field, value: str) -> Problem | None:
    number = plain_number(value)
    if number is None:
        return Problem(one.name, "not_a_number")
    if one.minimum is not None and number < one.minimum:
        return Problem(one.name, "too_small", {"minimum": one.minimum})
    if one.maximum is not None and number > one.maximum:
        return Problem(one.name, "too_big", {"maximum": one.maximum})
    return None


def _check_text(one: Field, value: str) -> Problem | None:
    length = len(value.strip())
    maximum = one.maximum if one.maximum is not None else Decimal(MAX_TEXT_ANSWER)
    if one.minimum is not None and length < one.minimum:
        return Problem(one.name, "too_short", {"minimum": int(one.minimum), "length": length})
    if length > maximum:
        return Problem(one.name, "too_long", {"maximum": int(maximum), "length": length})
    return None


def _check_choices(one: Field, values: list[str]) -> Problem | None:
    for value in values:
        if value not in one.options:
            return Problem(one.name, "unknown_option", {"value": value})
    return _check_count(one, len(set(values)), "too_few_ticked", "too_many_ticked")


def _check_count(one: Field, count: int, too_few: str, too_many: str) -> Problem | None:
    if count == 0 and not one.required:
        return None
    if count == 0:
        return Problem(one.name, "required")
    if one.minimum is not None and count < one.minimum:
        return Problem(one.name, too_few, {"minimum": int(one.minimum), "count": count})
    maximum = one.maximum if one.maximum is not None else _default_maximum(one)
    if count > maximum:
        return Problem(one.name, too_many, {"maximum": int(maximum), "count": count})
    return None


def _default_maximum(one: Field) -> Decimal:
    return Decimal(1 if one.kind in FILE_TYPES else len(one.options))


def web_address(text: str) -> str:
    """The http or https address that a person typed; '' when it is none.

    Nobody types ``https://`` on a phone: what begins with a host's name is taken for one.
    """
    address = text.strip()
    if not _SCHEME.match(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    is_one = parts.scheme in {"http", "https"} and "." in host and not re.search(r"\s", address)
    # Without a scheme, a number with a point or a mail address is no host.
    if is_one and address != text.strip():
        is_one = "@" not in parts.netloc and any(char.isalpha() for char in host.rpartition(".")[2])
    return address if is_one else ""
