"""What a batch is called."""

from __future__ import annotations

import pytest

from tukro.campaigns.rules.names import numbered


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Digits", "Digits 12"),
        ("ছবির শ্রেণি বাছাই", "ছবির শ্রেণি বাছাই ১২"),
        ("জরিপ 2026", "জরিপ 2026 12"),
        ("", " 12"),
    ],
)
def test_a_batch_is_numbered_in_the_digits_of_its_name(name: str, called: str) -> None:
    assert numbered(name, 12) == called
