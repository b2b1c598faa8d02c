"""The documents' own laws: what they name is there, and a decision says its rule."""

from __future__ import annotations

import re
import subprocess
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps

HOUSE = Path(__file__).parents[1]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), HOUSE / "bench" / "RESULTS.md"])
DECISIONS = sorted(HOUSE.glob("docs/decisions/*.md"))
# Documents of clients of the wire name files of those clients, not of this house.
OURS = [document for document in DOCUMENTS if document.parent.name not in {"wire", "crowd"}]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_links_lead_to_files(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


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
