"""What people are told leads to pages by the names of the pages: one that moves takes its links along."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

SOURCE = Path(__file__).parents[2] / "src" / "tukro"
ROOMS_BELOW = [file for file in sorted(SOURCE.rglob("*.py")) if file.relative_to(SOURCE).parts[0] != "web"]
MAILS = sorted((SOURCE / "web" / "templates" / "mail").glob("*.txt"))
URL_TAG = re.compile(r'{% url "([\w:]+)"([^%]*)%}')

Page = tuple[str, int]  # its name with its namespace, and how many ids its address takes


def test_pages_that_rooms_and_mails_name_exist() -> None:
    known = set(_pages(get_resolver().url_patterns))
    named = {page for file in ROOMS_BELOW for page in _reversed(file)}
    mailed = {(name, len(ids.split())) for file in MAILS for name, ids in URL_TAG.findall(file.read_text())}
    assert ("worker:conversation", 1) in named & mailed
    assert named - known == set()
    assert mailed - known == set()


def test_no_address_of_a_page_is_written_out_in_what_people_are_told() -> None:
    tellers = sorted((SOURCE / "notices" / "actions").rglob("*.py"))
    written = [file.name for file in tellers if re.search(r'["}]/[a-z]', file.read_text())]
    written += [file.name for file in MAILS if re.search(r"(}}|%})/", file.read_text())]
    assert written == []


def _pages(patterns: list[URLPattern | URLResolver], namespace: str = "", ids: int = 0) -> Iterator[Page]:
    for one in patterns:
        takes = ids + len(one.pattern.converters)
        if isinstance(one, URLResolver):
            within = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _pages(one.url_patterns, within, takes)
        elif one.name:
            yield namespace + one.name, takes


def _reversed(file: Path) -> Iterator[Page]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reverse":
            assert isinstance(node.args[0], ast.Constant), f"{file.name}: a page is named as it is"
            ids = [given.value for given in node.keywords if given.arg == "args"]
            yield str(node.args[0].value), sum(len(one.elts) for one in ids if isinstance(one, ast.List))
