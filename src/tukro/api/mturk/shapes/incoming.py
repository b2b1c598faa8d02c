"""What comes in: each constraint of the model, and the words that the wire has for one that does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

from tukro.api.mturk.errors import WireError, validation_error
from tukro.api.mturk.shapes.model import Shape, service_model

# (value as JSON gave it, path of the member, constraints that failed so far) -> value for the operation
_Check = Callable[[Any, str, list[str]], Any]

_LONGEST_ECHO = 1024
_RANGES = {"integer": 2**31, "long": 2**63}
# What PostgreSQL or UTF-8 cannot hold; any other character is the operation's business.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_STORABLE = r"[\u0001-\uD7FF\uE000-\uFFFF\U00010000-\U0010FFFF]*"


def compile_input(operation: str) -> Callable[[bytes], dict[str, Any]]:
    """A function from the body of a request to the checked members of ``operation``.

    It raises WireError: SerializationException for what is no JSON or of another type, ValidationException
    with every constraint that does not hold. Members that the model does not know, and null, are left out.
    """
    check = _compile_check(service_model()["operations"][operation]["input"]["shape"])

    def checked(body: bytes) -> dict[str, Any]:
        faults: list[str] = []
        members: dict[str, Any] = check(read_json(body), "", faults)
        if faults:
            raise validation_error(faults)
        return members

    return checked


def read_json(body: bytes) -> Any:
    """The JSON of a body; nothing at all counts as no members. Raises WireError."""
    try:
        return json.loads(body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _unserializable("The request body is not valid JSON.") from None


def _no_number(_: str) -> NoReturn:
    raise ValueError


@cache
def _compile_check(name: str) -> _Check:
    shape = service_model()["shapes"][name]
    compilers = {
        "structure": _check_structure,
        "list": _check_list,
        "string": _check_string,
        "integer": _check_integer,
        "long": _check_integer,
        "boolean": _check_boolean,
        "timestamp": _check_timestamp,
    }
    return compilers[shape["type"]](shape)


def _check_structure(shape: Shape) -> _Check:
    required = frozenset(shape.get("required", ()))
    members = [
        (name, _member_name(name), name in required, _compile_check(member["shape"]))
        for name, member in shape["members"].items()
    ]

    def check(value: Any, path: str, faults: list[str]) -> dict[str, Any]:
        if value.__class__ is not dict:
            raise _not_a_structure(value)
        kept = {}
        for name, own_path, is_required, check_member in members:
            member = value.get(name)
            if member is not None:
                kept[name] = check_member(member, f"{path}.{own_path}" if path else own_path, faults)
            elif is_required:
                place = f"{path}.{own_path}" if path else own_path
                faults.append(
                    f"Value null at '{place}' failed to satisfy constraint: Member must not be null"
                )
        return kept

    return check


def _check_list(shape: Shape) -> _Check:
    member = service_model()["shapes"][shape["member"]["shape"]]
    check_member = _compile_check(shape["member"]["shape"])
    if member["type"] == "structure":
        return _check_list_of_structures(check_member)
    rules = ", ".join(f"Member must {rule}" for rule, _ in reversed(_string_rules(member)))

    def check(value: Any, path: str, faults: list[str]) -> list[Any]:
        if value.__class__ is not list:
            raise _not_a_list(value)
        if any(one is None for one in value):
            faults.append(_failed(_shown(value), path, "satisfy constraint: [Member must not be null]"))
            return []
        inner: list[str] = []
        kept = [check_member(one, path, inner) for one in value]
        if inner:
            # As the wire has it: the list is shown whole, with every constraint of its members.
            faults.append(_failed(_shown(value), path, f"satisfy constraint: [{rules}]"))
        return kept

    return check


def _check_list_of_structures(check_member: _Check) -> _Check:
    def check(value: Any, path: str, faults: list[str]) -> list[Any]:
        if value.__class__ is not list:
            raise _not_a_list(value)
        return [check_member(one, f"{path}.{no}.member", faults) for no, one in enumerate(value, 1)]

    return check


def _string_rules(shape: Shape) -> list[tuple[str, Callable[[str], bool]]]:
    """(what the member must do, whether a text does it); none for shapes that are free."""
    rules: list[tuple[str, Callable[[str], bool]]] = []
    if shape["type"] != "string":
        return rules
    if "pattern" in shape:
        match = re.compile(shape["pattern"].removeprefix("^").removesuffix("$")).fullmatch
        rules.append(
            (f"satisfy regular expression pattern: {shape['pattern']}", lambda text: match(text) is not None)
        )
    if "enum" in shape:
        values = frozenset(shape["enum"])
        rules.append((f"satisfy enum value set: [{', '.join(shape['enum'])}]", values.__contains__))
    if "min" in shape:
        least: int = shape["min"]
        rules.append((f"have length greater than or equal to {least}", lambda text: len(text) >= least))
    if "max" in shape:
        most: int = shape["max"]
        rules.append((f"have length less than or equal to {most}", lambda text: len(text) <= most))
    return rules


def _check_string(shape: Shape) -> _Check:
    rules = _string_rules(shape)

    def check(value: Any, path: str, faults: list[str]) -> str:
        if value.__class__ is not str:
            raise _not_a("String", value)
        text: str = value
        if _UNSTORABLE.search(text):
            faults.append(_failed(_shown(text), path, f"satisfy regular expression pattern: {_STORABLE}"))
            return text
        for rule, holds in rules:
            if not holds(text):
                faults.append(_failed(_shown(text), path, rule))
        return text

    return check


def _check_integer(shape: Shape) -> _Check:
    limit = _RANGES[shape["type"]]
    least, most = shape.get("min", -limit), shape.get("max", limit - 1)
    kind = shape["type"].capitalize()

    def check(value: Any, path: str, faults: list[str]) -> int:
        if value.__class__ is not int:
            if value.__class__ is not float:
                raise _not_a(kind, value)
            value = _whole(value)
        number: int = value
        if not -limit <= number < limit:
            raise _unserializable(f"{Decimal(number):.0e} is out of range for {kind}")
        if number < least:
            faults.append(_failed(str(number), path, f"have value greater than or equal to {least}"))
        if number > most:
            faults.append(_failed(str(number), path, f"have value less than or equal to {most}"))
        return number

    return check


def _check_boolean(_: Shape) -> _Check:
    def check(value: Any, _path: str, _faults: list[str]) -> bool:
        if value.__class__ is not bool:
            raise _not_a("Boolean", value)
        return bool(value)

    return check


def _check_timestamp(_: Shape) -> _Check:
    def check(value: Any, _path: str, _faults: list[str]) -> datetime:
        if value.__class__ is not int and value.__class__ is not float:
            raise _not_a("Timestamp", value)
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            raise _unserializable("The timestamp is out of range") from None

    return check


def _member_name(name: str) -> str:
    """``BonusAmount`` is shown as bonusAmount, ``HITId`` as hITId: only the first letter is made small."""
    return name[:1].lower() + name[1:]


def _failed(shown: str, path: str, rule: str) -> str:
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: Member must {rule}"


def _shown(value: object) -> str:
    text = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"


def _whole(number: float) -> int:
    """Fractions are cut off, as AWS's servers do."""
    try:
        return int(number)
    except (ValueError, OverflowError):  # 1e999 is infinite
        raise _unserializable("The number is out of range") from None


_JSON_NAMES = {int: "NUMBER_VALUE", float: "NUMBER_VALUE", str: "STRING_VALUE"}


def _not_a(kind: str, value: object) -> WireError:
    if isinstance(value, dict):
        return _unserializable("Start of structure or map found where not expected.")
    if isinstance(value, list):
        return _unserializable("Start of list found where not expected.")
    name = f"{value}_VALUE".upper() if isinstance(value, bool) else _JSON_NAMES[type(value)]
    return _unserializable(f"{name} can not be converted to {'an' if kind[0] in 'AEIOU' else 'a'} {kind}")


def _not_a_list(value: object) -> WireError:
    return _unserializable(
        "Start of structure or map found where not expected."
        if isinstance(value, dict)
        else "Expected list or null"
    )


def _not_a_structure(value: object) -> WireError:
    return _unserializable(
        "Start of list found where not expected." if isinstance(value, list) else "Expected structure or null"
    )


def _unserializable(message: str) -> WireError:
    return WireError("SerializationException", "", message)
