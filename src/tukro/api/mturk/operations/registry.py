"""Operations register here by name; the door finds them, with their shapes compiled once.

An operation looks like this, and calls one verb of a lower room (or reads by queries):

    @operation("GetHIT")
    def get_hit(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]

``given`` holds the members of the request, checked against the service model: timestamps are aware moments,
everything else is as JSON gave it, what was not given is absent. What it returns are plain members of the
answer: moments aware, money already text, None for what is absent. It raises a refusal of the house
(errors.py has the words) or WireError.

A module of operations is imported in ``operations/__init__.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tukro.api.mturk.shapes import compile_input, compile_output, operation_names
from tukro.people.models import Requester

Members = Mapping[str, Any]


class Act(Protocol):
    def __call__(self, *, caller: Requester, given: Members, now: datetime) -> Members: ...


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with its compiled shapes."""

    name: str
    act: Act
    own_transaction: bool
    read_input: Callable[[bytes], dict[str, Any]]
    write_output: Callable[[Members], bytes]

    @property
    def reads(self) -> bool:
        """Whether it changes nothing: then it may be sent again as often as anybody likes."""
        return self.name.startswith(("Get", "List"))


_registered: dict[str, Operation] = {}


def operation(name: str, *, own_transaction: bool = False) -> Callable[[Act], Act]:
    """Register the function below as the operation ``name`` of the service model.

    The door runs an operation that changes something in one transaction with the writing of its answer, so
    that a fault anywhere leaves nothing behind. ``own_transaction`` is for two kinds that must not stand in
    it: a hot verb that is one SQL call and commits by itself, and an operation that sends something out.
    """
    assert name in operation_names(), f"the service has no operation {name}"
    assert name not in _registered, f"{name} is registered twice"

    def register(act: Act) -> Act:
        _registered[name] = Operation(name, act, own_transaction, compile_input(name), compile_output(name))
        return act

    return register


def find(name: str) -> Operation | None:
    """The operation called ``name``, or None when the service, or this house, has no such thing."""
    return _registered.get(name)


def registered_names() -> frozenset[str]:
    return frozenset(_registered)
