"""What is sealed opens only with the same secret, for the same purpose, for the same owner."""

from __future__ import annotations

import pytest

from tukro.kernel.sealing import SealBroken, seal, unseal

KNOWN = {"secret": "installation secret", "purpose": "payout details", "bound_to": "A1"}


def test_what_was_sealed_opens() -> None:
    assert unseal(seal("হিসাব ১২৩", **KNOWN), **KNOWN) == "হিসাব ১২৩"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal("same", **KNOWN) != seal("same", **KNOWN)


def test_the_text_cannot_be_read_in_the_seal() -> None:
    assert b"01712345678" not in seal("01712345678", **KNOWN)


@pytest.mark.parametrize("other", [{"secret": "x"}, {"purpose": "x"}, {"bound_to": "A2"}])
def test_anything_else_does_not_open_it(other: dict[str, str]) -> None:
    with pytest.raises(SealBroken):
        unseal(seal("text", **KNOWN), **(KNOWN | other))


@pytest.mark.parametrize("kept", [slice(None, -1), slice(1, None), slice(0, 5), slice(0, 0)])
def test_a_damaged_seal_does_not_open(kept: slice) -> None:
    with pytest.raises(SealBroken):
        unseal(seal("text", **KNOWN)[kept], **KNOWN)


def test_a_later_version_is_not_guessed_at() -> None:
    with pytest.raises(SealBroken, match="unknown version"):
        unseal(b"\x02" + seal("text", **KNOWN)[1:], **KNOWN)
