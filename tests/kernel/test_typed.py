"""What people type, spelled one way."""

from __future__ import annotations

from tukro.kernel.typed import ascii_digits, in_lines, in_one_line


def test_digits_of_any_script_become_ascii_and_nothing_else_changes() -> None:
    assert ascii_digits("ঢাকা ১২১৬, ٣ দিন, ½ ² v2") == "ঢাকা 1216, 3 দিন, ½ ² v2"


def test_spaces_are_single_and_letters_composed() -> None:
    assert in_one_line("  12\u00a0 Lake\tRoad\ncafe\u0301 ") == "12 Lake Road café"
    assert in_lines(" 12  Lake Road\r\n\n  Khulna ") == "12 Lake Road\nKhulna"
