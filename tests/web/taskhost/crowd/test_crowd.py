"""Crowd HTML elements: which there are, and what of them a page is sent."""

from __future__ import annotations

import gzip
import re

from django.test import RequestFactory

from tests.web.taskhost.crowd import drawing, text, work
from tests.web.taskhost.crowd.pages import DOCS, examples
from tukro.questions.crowd import ELEMENTS, LARGE
from tukro.web.taskhost import crowd, pages
from tukro.web.taskhost.crowd_words import WORDS

SCRIPT = "<script src='https://assets.crowd.aws/crowd-html-elements.js'></script>"
WORK = work.WORK | drawing.WORK | text.WORK


def test_every_element_that_pages_may_use_is_defined_described_and_tried() -> None:
    assert set(crowd.files_of_elements()) == ELEMENTS
    assert set(examples()) == ELEMENTS
    assert set(WORK) == ELEMENTS
    index = (DOCS / "index.md").read_text()
    assert [name for name in sorted(ELEMENTS) if f"[{name}]({name}.md)" not in index] == []


def test_a_page_is_sent_what_it_names() -> None:
    assert crowd.address(f"{SCRIPT}<crowd-form>${{x}}</crowd-form>") == (
        "crowd-html-elements.js?language=en&elements=crowd-form"
    )
    assert "crowd-classifier" not in crowd.script(["crowd-form"])


def test_a_page_with_scripts_from_elsewhere_is_sent_what_these_may_make() -> None:
    page = f"{SCRIPT}<script src='https://example.org/a.js'></script><crowd-form>PART</crowd-form>"
    asked = crowd.address(page).partition("&elements=")[2].split(".")
    assert set(asked) == ELEMENTS - LARGE
    drawn = crowd.address(page.replace("PART", "<crowd-line></crowd-line>"))
    assert set(drawn.partition("&elements=")[2].split(".")) == ELEMENTS - LARGE | {"crowd-line"}
    assert crowd.address(SCRIPT) == "crowd-html-elements.js?language=en"


def test_scripts_are_light_on_a_phone() -> None:
    sizes = {
        name: len(gzip.compress(crowd.script([*one, "crowd-form"]).encode()))
        for name, one in {"form": [], "plain": ELEMENTS - LARGE, "largest": ELEMENTS}.items()
    }
    assert sizes["form"] < 12_000
    assert sizes["plain"] < 32_000
    assert sizes["largest"] < 100_000


def test_the_script_is_compressed_and_in_the_reader_s_language() -> None:
    request = RequestFactory().get("/?language=bn", headers={"accept-encoding": "gzip"})
    answer = pages.crowd_script(request, "")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert 'const language = "bn";' in script_text("bn")
    assert "জমা দিন" in script_text("bn")


def test_a_language_that_the_house_does_not_speak_is_not_looked_for() -> None:
    assert 'const language = "en";' in script_text("../xx")


def test_scripts_use_the_words_that_the_catalogue_has() -> None:
    used = set(re.findall(r"\bwords\.(\w+)", script_text("en")))
    assert used == set(WORDS)


def script_text(language: str) -> str:
    request = RequestFactory().get(f"/?language={language}")
    return pages.crowd_script(request, "").content.decode()
