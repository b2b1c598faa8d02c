"""docs/wire: names every operation and no other, leads nowhere that is not there, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import cast
from tests.api.conftest import Wire
from tukro.api.mturk.operations.registry import registered_names
from tukro.runtime.place import ROOT

DOCS = ROOT / "docs" / "wire"
PAGES = sorted(DOCS.glob("*.md"))
_ADDRESS = "https://tukro.example.org/mturk"
_SNIPPET = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_table_has_a_row_for_each_operation_and_no_other() -> None:
    table = (DOCS / "index.md").read_text().split("## The 39 operations")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z]\w+) \| \S", table, re.MULTILINE)
    assert sorted(rows) == sorted(registered_names())
    assert len(rows) == 39


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text()) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


def test_every_page_can_be_reached_from_the_first() -> None:
    linked = set(_LINK.findall((DOCS / "index.md").read_text()))
    assert {page.name for page in PAGES} - linked == {"index.md"}


def _pages_with_python() -> list[Path]:
    return [page for page in PAGES if _SNIPPET.search(page.read_text())]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", _pages_with_python(), ids=lambda page: page.stem)
def test_the_python_of_a_page_runs_from_top_to_bottom(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], page: Path
) -> None:
    key = wire.key_of(cast.karim())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret)
    code = "\n".join(_SNIPPET.findall(page.read_text())).replace(_ADDRESS, wire.endpoint)
    exec(compile(code, str(page), "exec"), {})
    assert "1000.00" in capsys.readouterr().out


def test_there_is_python_that_runs() -> None:
    assert [page.stem for page in _pages_with_python()] == ["boto3"]
