"""The permutation is FF1 of the standard, and can be put back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.kernel.permuting import Permutation

KEY_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
KEY_192 = KEY_128 + "EF4359D8D580AA4F"
KEY_256 = KEY_192 + "7F036D6F04FC6A94"
ID_TWEAK = "3737373770717273373737"
DIGIT_TWEAK = "39383736353433323130"
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

permutation = Permutation(bytes(range(32)), radix=36, length=13)
numbers = st.integers(0, 36**13 - 1)
tweaks = st.binary(min_size=8, max_size=8)


@pytest.mark.parametrize(
    ("key", "radix", "tweak", "plain", "shuffled"),
    [
        (KEY_128, 10, "", "0123456789", "2433477484"),
        (KEY_128, 10, DIGIT_TWEAK, "0123456789", "6124200773"),
        (KEY_128, 36, ID_TWEAK, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (KEY_192, 10, "", "0123456789", "2830668132"),
        (KEY_192, 10, DIGIT_TWEAK, "0123456789", "2496655549"),
        (KEY_192, 36, ID_TWEAK, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (KEY_256, 10, "", "0123456789", "6657667009"),
        (KEY_256, 10, DIGIT_TWEAK, "0123456789", "1001623463"),
        (KEY_256, 36, ID_TWEAK, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_published_examples_of_the_standard(
    key: str, radix: int, tweak: str, plain: str, shuffled: str
) -> None:
    made = Permutation(
        bytes.fromhex(key), radix=radix, length=len(plain), tweak_bytes=len(bytes.fromhex(tweak))
    )
    number = made.shuffle(int(plain, radix), bytes.fromhex(tweak))
    assert _text(number, radix, len(plain)) == shuffled
    assert made.put_back(number, bytes.fromhex(tweak)) == int(plain, radix)


@given(number=numbers, tweak=tweaks)
def test_what_was_shuffled_is_put_back(number: int, tweak: bytes) -> None:
    shuffled = permutation.shuffle(number, tweak)
    assert 0 <= shuffled < permutation.size
    assert permutation.put_back(shuffled, tweak) == number
    assert permutation.shuffle(permutation.put_back(number, tweak), tweak) == number


def _text(number: int, radix: int, length: int) -> str:
    text = ""
    for _ in range(length):
        number, digit = divmod(number, radix)
        text = LETTERS[digit] + text
    return text
