"""Whether an answer may be handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from tukro.questions.proof.fields import FILE_TYPES, MAX_TEXT_ANSWER, Field, Form, Kind, Problem
from tukro.questions.proof.typed import plain_number, web_address


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
    length = len(value.strip().replace("\r\n", "\n"))  # a line's end is one character, however it travels
    minimum, maximum = one.bounds
    if minimum is not None and length < minimum:
        return Problem(one.name, "too_short", {"minimum": int(minimum), "length": length})
    maximum = Decimal(MAX_TEXT_ANSWER) if maximum is None else maximum
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
    minimum, most = one.bounds
    maximum = _default_maximum(one) if most is None else most
    if minimum is not None and count < minimum:
        return Problem(one.name, too_few, {"minimum": int(minimum), "count": count})
    if count > maximum:
        return Problem(one.name, too_many, {"maximum": int(maximum), "count": count})
    return None


def _default_maximum(one: Field) -> Decimal:
    return Decimal(one.most_files if one.kind in FILE_TYPES else len(one.options))
