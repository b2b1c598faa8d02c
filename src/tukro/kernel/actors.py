"""Who did it: a worker, a requester, a member of staff, or the house itself acting on time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["worker", "requester", "staff", "user", "house"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Passed into every verb and written into the journal as ``kind:id``."""

    kind: Kind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


HOUSE = Actor("house")


def actor_of(text: str) -> Actor:
    """Who ``str(actor)`` named."""
    kind, _, ident = text.partition(":")
    return Actor(cast(Kind, kind), ident)
