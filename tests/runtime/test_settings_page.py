"""docs/operate/settings.md names every setting that the code reads, and no other."""

from __future__ import annotations

import re

from tukro.runtime.place import ROOT

READERS = "env|number|one_of|address|listening|service|document|ways|secret"
READ_IN_SETTINGS = re.compile(rf'\b(?:{READERS})\(\s*"([A-Z_]+)"')
NAMED = re.compile(r"`TUKRO_([A-Z_]+)`")
WITH_DEFAULT = re.compile(rf'\b(?:{READERS})\(\s*"([A-Z_]+)",\s*(?:"([^"]+)"|([\d_]+)\b)')
READ_ELSEWHERE = re.compile(r'environ(?:\.get\(|\[)"TUKRO_([A-Z_]+)"')


def test_every_setting_has_its_row() -> None:
    page = (ROOT / "docs" / "operate" / "settings.md").read_text()
    rows = {found[1] for line in page.splitlines() if (found := re.match(r"\| `TUKRO_([A-Z_]+)` \|", line))}
    assert rows == _settings_in_the_code()


def test_the_defaults_of_the_page_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "operate" / "settings.md").read_text()
    told = dict(re.findall(r"^\| `TUKRO_([A-Z_]+)` \| `([^`{]+)` \|", page, re.MULTILINE))
    files = (ROOT / "src" / "tukro" / "settings").glob("*.py")
    found = [one for file in files for one in WITH_DEFAULT.findall(file.read_text())]
    code = {name: text or number for name, text, number in found}
    both = told.keys() & code.keys()
    assert len(both) > 30
    assert {name: told[name] for name in both} == {name: code[name] for name in both}


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
