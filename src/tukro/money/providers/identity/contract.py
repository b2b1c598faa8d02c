"""What a provider that checks identities can do. It writes nothing; desk.py tells the verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from tukro.vetting.models import IdentityCheck


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person goes, and the provider's id of the check."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class IdentityNews:
    """``verified`` brings the ``name`` on the document; ``refused`` says ``why`` in the provider's code."""

    said: Literal["open", "waiting", "verified", "refused"]
    name: str = ""
    why: str = ""


# ``declined``: it read the question and will not, and asking again would not change that.
Forgot = Literal["done", "declined", "not_reached"]


class HookForged(Exception):
    """The signature is not the provider's, or the message is none."""


class IdentityProvider(Protocol):
    def is_set_up(self) -> bool: ...

    def start(self, check: IdentityCheck, *, back: str) -> Place | None:
        """None: it could not be reached or declined; asking again is safe (same key)."""
        ...

    def ask(self, check: IdentityCheck) -> IdentityNews | None:
        """None: it could not be reached."""
        ...

    def forget(self, check: IdentityCheck) -> Forgot:
        """Have it delete what it collected for a check that is decided. Asking again is safe."""
        ...

    def about(self, headers: Mapping[str, str], body: bytes) -> str:
        """The provider's id of the check that a genuine web hook is about; "" for none. Raises HookForged."""
        ...
