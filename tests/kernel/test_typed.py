"""What people type, spelled one way."""

from __future__ import annotations

import pytest

from tukro.kernel.typed import ascii_digits, in_lines, in_one_line, is_mail_address, without_commas


def test_digits_of_any_script_become_ascii_and_nothing_else_changes() -> None:
    assert ascii_digits("ঢাকা ১২১৬, ٣ দিন, ½ ² v2") == "ঢাকা 1216, 3 দিন, ½ ² v2"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("1,000", "1000"), ("12,34,567.5", "1234567.5"), ("-1,234,567", "-1234567"), ("1234", "1234")],
)
def test_commas_between_thousands_are_left_out(typed: str, plain: str) -> None:
    assert without_commas(typed) == plain


@pytest.mark.parametrize(
    "typed", ["1,50", "0,5", "1,0000", "1234,567", ",500", "1,000,5", "1,000.5,0", "1,,000"]
)
def test_any_other_comma_stays(typed: str) -> None:
    assert without_commas(typed) == typed


def test_spaces_are_single_and_letters_composed() -> None:
    assert in_one_line("  12\u00a0 Lake\tRoad\ncafe\u0301 ") == "12 Lake Road café"
    assert in_lines(" 12  Lake Road\r\n\n  Khulna ") == "12 Lake Road\nKhulna"


@pytest.mark.parametrize(
    "address",
    [
        "rahima@example.org",
        "a.b+c@mail.example.co.uk",
        "a@" + "ä" * 50 + ".de",
        "a@ঢাকা.বাংলা",
        "a@x.xn--54b7fta0cc",
    ],
)
def test_a_mail_can_be_sent_to_names_of_the_net(address: str) -> None:
    assert is_mail_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "rahima",
        "@example.org",
        "rahima@localhost",
        "rahima@192.0.2.1",
        "rahima@example..org",
        "me@gmail.com,",
        "me@gmail.com, you@gmail.com",
        "Me <me@gmail.com>",
        "me,you@gmail.com",
        "রহিমা@example.org",
        "a@ex" + "ä" * 60 + ".de",  # 64 letters and more in the Latin spelling
        "a@" + "b" * 64 + ".org",
        "a@example.org\r",
        "a@example.org\n",
    ],
)
def test_what_no_mail_server_could_be_told_is_no_address(address: str) -> None:
    assert not is_mail_address(address)
