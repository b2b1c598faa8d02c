"""docs/operate/settings.md names every setting that the code reads, and no other."""

from __future__ import annotations

import re

from tukro.runtime.place import ROOT

READERS = "env|number|one_of|address|listening|service|document|ways|secret"
READ_IN_SETTINGS = re.compile(rf'\b(?:{READERS})\(\s*"([A-Z_]+)"')
NAMED = re.compile(r"`TUKRO_([A-Z_]+)`")
READ_ELSEWHERE = re.compile(r'environ(?:\.get\(|\[)"TUKRO_([A-Z_]+)"')


def test_every_setting_has_its_row() -> None:
    page = (ROOT / "docs" / "operate" / "settings.md").read_text()
    rows = {found[1] for line in page.splitlines() if (found := re.match(r"\| `TUKRO_([A-Z_]+)` \|", line))}
    assert rows == _settings_in_the_code()


def test_documents_name_only_settings_that_exist() -> None:
    known = _settings_in_the_code()
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {name for document in documents for name in NAMED.findall(document.read_text())}
    assert named - known == set()


def _settings_in_the_code() -> set[str]:
    source = ROOT / "src" / "tukro"
    found: set[str] = set()
    for file in (source / "settings").glob("*.py"):
        found |= set(READ_IN_SETTINGS.findall(file.read_text()))
    for file in source.rglob("*.py"):
        found |= set(READ_ELSEWHERE.findall(file.read_text()))
    return found
