"""What everybody who sends text messages can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tukro.people.rules.phones import TextNews


@dataclass(frozen=True, slots=True)
class Text:
    """One message. ``key`` is the same at each attempt (at most 20 characters, as gateways take); ``number``
    is E.164."""

    key: str
    number: str
    body: str


class TextProvider(Protocol):
    name: str

    def send(self, text: Text) -> TextNews:
        """Ask it to send."""
        ...

    def ask(self, text: Text) -> TextNews:
        """Ask it whether it sent, when its answer was lost. It sends nothing."""
        ...
