"""Pages of lists: NextToken on every page that has something, none on an empty one (mturk-api 1.8).

A token is sealed and says after which row to go on. It opens only for the same operation, the same caller and
the same filters. Two tokens are never equal, not even for the same row.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from tukro.api.mturk.errors import WireError, invalid_value
from tukro.kernel.sealing import SealBroken, seal, unseal
from tukro.people.models import Requester

Row = TypeVar("Row")
Key = tuple[int | str, ...]  # the sort key of a row, ending in something unique

DEFAULT_SIZE = 10
_PURPOSE = "page of the wire"
_NOT_FILTERS = ("NextToken", "MaxResults")


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows to show: ``size`` at most, after the one with the key ``after`` (None: the first)."""

    size: int
    after: Key | None
    bound_to: str

    @classmethod
    def asked(cls, operation: str, caller: Requester, given: Mapping[str, Any]) -> Page:
        """Read MaxResults and NextToken. Raises WireError for a token of another list or none of ours."""
        bound_to = _binding(operation, caller, given)
        token = given.get("NextToken")
        return cls(
            given.get("MaxResults", DEFAULT_SIZE), None if token is None else _open(token, bound_to), bound_to
        )

    def answer(
        self,
        name: str,
        rows: Sequence[Row],
        *,
        key: Callable[[Row], Key],
        form: Callable[[Row], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """NumResults, the list under ``name``, and NextToken unless it is empty. At most ``size`` rows."""
        assert len(rows) <= self.size, "a page holds no more than was asked for"
        members: dict[str, Any] = {"NumResults": len(rows), name: [form(row) for row in rows]}
        if rows:
            members["NextToken"] = self.token_after(key(rows[-1]))
        return members

    def token_after(self, after: Key) -> str:
        """The NextToken of a page whose last row has this key."""
        text = json.dumps(after, separators=(",", ":"), ensure_ascii=False)
        sealed = seal(text, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=self.bound_to)
        token = urlsafe_b64encode(sealed).decode().rstrip("=")
        assert len(token) <= 255, "the model allows no longer token"
        return token


def key_of_moment(moment: datetime | None, pk: int) -> Key:
    """The key of a row in a list that goes by a moment."""
    assert moment is not None
    return moment.isoformat(), pk


def moment_of_key(key: Key | None) -> tuple[datetime, int] | None:
    """The same read back from a token."""
    return None if key is None else (datetime.fromisoformat(str(key[0])), int(key[1]))


def _open(token: str, bound_to: str) -> Key:
    try:
        sealed = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
        return tuple(
            json.loads(unseal(sealed, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=bound_to))
        )
    except (SealBroken, ValueError):
        raise _invalid(token) from None


def _invalid(token: str) -> WireError:
    return invalid_value("NextToken", token)


def _binding(operation: str, caller: Requester, given: Mapping[str, Any]) -> str:
    filters = {name: value for name, value in given.items() if name not in _NOT_FILTERS}
    text = json.dumps(filters, sort_keys=True, default=datetime.isoformat)
    return f"{operation} {caller.public_id} {hashlib.sha256(text.encode()).hexdigest()}"
