"""What a client of the wire sees when an operation says no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError


@dataclass
class Refusal:
    """Filled when the block has ended."""

    kind: str = ""
    code: str = ""
    message: str = ""


@contextmanager
def refused() -> Iterator[Refusal]:
    """The block ends in an error of the wire, whose parts are in the result when it has ended.

    The moment at the end of a message is left off. boto3 keeps the code of a RequestError only.
    """
    refusal = Refusal()
    with pytest.raises(ClientError) as caught:
        yield refusal
    answer = caught.value.response
    refusal.kind = answer["Error"]["Code"]
    refusal.code = str(answer.get("TurkErrorCode", "")).removeprefix("AWS.MechanicalTurk.")
    refusal.message = answer["Error"]["Message"].rpartition(" (")[0] or answer["Error"]["Message"]
