"""The table of what is tested of each provider names tests that are there."""

from __future__ import annotations

import re

from tukro.runtime.place import ROOT


def test_every_test_that_the_table_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/operate/providers-tested.md").read_text()))
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
    }
    assert len(named) > 50
    assert named - there == set()
