"""The documents' own laws: what they name is there, and a decision says its rule."""

from __future__ import annotations

import re
import subprocess
from itertools import chain, groupby
from pathlib import Path

import polib
import pytest
from django.apps import apps

from tools import words

HOUSE = Path(__file__).parents[1]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), HOUSE / "bench" / "RESULTS.md"])
DECISIONS = sorted(HOUSE.glob("docs/decisions/*.md"))
# Documents of clients of the wire name files of those clients, not of this house.
OURS = [document for document in DOCUMENTS if document.parent.name not in {"wire", "crowd"}]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([\w-]+))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
WAY = re.compile(r"(?<!\*)\*([^*]+ → [^*]+)\*(?!\*)")  # *Money → Transfers*: where a page is found
CELL_ENDS = re.compile(r"(?<!\\)\|")
NAMED_FILE = re.compile(r"`([\w.-]+/[\w./-]*\.(?:py|md|sql|js|html|css|toml|txt)|[\w-]+\.py)\b")


def _named(document: Path) -> str:
    return str(document.relative_to(HOUSE))


@pytest.fixture(scope="module")
def files() -> set[str]:
    """Each file of the house under each of its ends: ``rules.py`` and ``alike/paging.py`` name files, too."""
    known = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.run(known, cwd=HOUSE, check=True, capture_output=True, text=True).stdout.split("\n")
    parts = (path.split("/") for path in paths)
    return set(chain.from_iterable(["/".join(each[at:]) for at in range(len(each))] for each in parts))


@pytest.fixture(scope="module")
def called() -> set[str]:
    """Every word and sentence of the pages."""
    return {entry.msgid.casefold() for entry in polib.pofile(str(words.catalogue("en")))}


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_links_lead_to_files(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link, _ in links if not (document.parent / link).exists()] == []
    places = [(document.parent / link if link else document, heading) for link, heading in links if heading]
    assert [heading for leads_to, heading in places if heading not in _headings(leads_to)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_row_belongs_to_a_table(document: Path) -> None:
    """Rows that an empty line cuts off from their head are shown as one long line of text."""
    for is_table, lines in groupby(document.read_text().splitlines(), lambda line: line.startswith("|")):
        if is_table:
            head, rule, *rows = lines
            assert set(rule) <= set("|-: "), f"{head} is no head"
            assert [row for row in rows if _cells(row) != _cells(head)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_the_way_to_a_page_is_called_as_on_the_pages(document: Path, called: set[str]) -> None:
    ways = [" ".join(way.split()).split(" → ") for way in WAY.findall(document.read_text())]
    assert [step for way in ways for step in way if step.casefold() not in called] == []


@pytest.mark.parametrize("document", OURS, ids=_named)
def test_files_that_are_named_are_there(document: Path, files: set[str]) -> None:
    assert [name for name in NAMED_FILE.findall(document.read_text()) if name not in files] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=_named)
def test_a_decision_has_its_number_and_says_its_rule(decision: Path) -> None:
    text = decision.read_text()
    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert "**Rule.**" in text or "Superseded by" in text


def test_the_glossary_has_the_words_of_every_table() -> None:
    """A row of ours is called by words that the glossary explains; *seen* and *state* are English."""
    explained = (HOUSE / "GLOSSARY.md").read_text().lower()
    ours = [model for model in apps.get_models() if model.__module__.startswith("tukro.")]
    assert len(ours) > 100
    assert [
        f"{model._meta.label}: {word}"
        for model in ours
        for word in re.findall("[A-Z][a-z]+", model.__name__)
        if word.lower() not in explained and word not in {"Seen", "State"}
    ] == []


def _headings(document: Path) -> set[str]:
    """As links name them: in small letters, without signs, a hyphen for a blank."""
    found = HEADING.findall(document.read_text())
    return {re.sub(r"[^\w -]", "", heading.casefold()).replace(" ", "-") for heading in found}


def _cells(row: str) -> int:
    return len(CELL_ENDS.findall(row))
