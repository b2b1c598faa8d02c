"""What goes out: the members of an answer, each of the type that the model says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from tukro.api.mturk.shapes.model import Shape, service_model

_Write = Callable[[Any], Any]
_PLAIN = {"string": str, "integer": int, "long": int, "boolean": bool}


def compile_output(operation: str) -> Callable[[Mapping[str, Any]], bytes]:
    """A function from the members of an answer to its bytes. An unknown member or a wrong type is a bug."""
    write = _compile_write(service_model()["operations"][operation]["output"]["shape"])

    def written(members: Mapping[str, Any]) -> bytes:
        return json.dumps(write(members), separators=(",", ":"), ensure_ascii=False).encode()

    return written


@cache
def _compile_write(name: str) -> _Write:
    shape = service_model()["shapes"][name]
    if shape["type"] == "structure":
        return _write_structure(name, shape)
    if shape["type"] == "list":
        return _write_list(shape["member"]["shape"])
    assert shape["type"] == "timestamp"
    return _write_timestamp


def _write_structure(name: str, shape: Shape) -> _Write:
    shapes = {member: inner["shape"] for member, inner in shape["members"].items()}
    # Most members are written as they are: a look at their type costs less than a call.
    plain = {member: kind for member, inner in shapes.items() if (kind := _plain_kind(inner))}
    others = {member: _compile_write(inner) for member, inner in shapes.items() if member not in plain}

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        written = {}
        for member, given in value.items():
            kind = plain.get(member)
            if kind is None:
                writer = others.get(member)
                assert writer is not None, f"{name} has no member {member}"
                if given is not None:
                    written[member] = writer(given)
            elif given is not None:
                assert isinstance(given, kind), f"{member} is {kind.__name__}, not {type(given).__name__}"
                written[member] = given
        return written

    return write


def _write_list(of: str) -> _Write:
    kind = _plain_kind(of)
    if kind is None:
        write_member = _compile_write(of)
        return lambda value: [write_member(one) for one in value]

    def write(value: Sequence[Any]) -> list[Any]:
        assert all(isinstance(one, kind) for one in value), f"{of} is {kind.__name__}"
        return list(value)

    return write


def _plain_kind(name: str) -> type | None:
    return _PLAIN.get(service_model()["shapes"][name]["type"])


def _write_timestamp(value: datetime) -> int | float:
    """Seconds since 1970 as a number, with milliseconds when it has any: JS SDKs take nothing else."""
    assert value.tzinfo is not None, "a moment on the wire has a time zone"
    seconds, milliseconds = int(value.timestamp()), value.microsecond // 1000
    return seconds + milliseconds / 1000 if milliseconds else seconds
