"""What a service that prints and posts letters can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tukro.people.models import Place
from tukro.people.rules.letters import LetterNews


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """One letter as a service gets it. ``key`` is the same at each attempt; ``state`` two letters, in the US.

    ``pdf`` has no address: the service prints it. ``handle`` is what the service called it, if it said.
    """

    key: str
    place: Place | None = None
    state: str = ""
    pdf: bytes = b""
    handle: str = ""


class LetterHookForged(Exception):
    """A web hook that is not from the service."""


class LetterProvider(Protocol):
    name: str

    def send(self, order: LetterOrder) -> LetterNews:
        """Ask it to print and post. It makes one letter of one key, however often it is asked."""
        ...

    def ask(self, order: LetterOrder) -> LetterNews:
        """Ask it what became of a letter."""
        ...

    def hook(self, headers: Mapping[str, str], body: bytes) -> str:
        """The handle of the letter that a web hook is about, '' when it is about none; header names in lower
        case. Raises LetterHookForged."""
        ...
