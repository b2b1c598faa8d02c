"""The script ``crowd-html-elements.js``: our own Crowd HTML elements, as much of them as a page names.

The files in ``crowd/`` are put together as they are read; there is no build step. Those of ``_BASE`` come
first and share their names with all others. Each further file defines elements with ``define("crowd-…", …)``
and may say ``// Needs: file.js …`` in its first lines. Files in ``shared/`` are shared by those that need
them; files in ``vendor/`` are other people's libraries and run before everything, outside of our scope.

One script, not modules: templates reach into elements from the scripts right behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from django.utils import translation

from tukro.questions.crowd import ELEMENTS, LARGE, loads_other_scripts, names_in
from tukro.web.taskhost.crowd_words import WORDS

_FOLDER: Final = Path(__file__).parent / "crowd"
_BASE: Final = ("values.js", "style.js", "element.js", "sending.js", "draft.js", "form.js", "annotation.js")
_DEFINED: Final = re.compile(r'^define\(\s*"(crowd-[a-z-]+)"', re.M)
_ICON: Final = re.compile(r'^<g id="([\w-]+)">(.*)</g>$', re.M)
_ICON_SETS: Final = {"": "icons", "iron-icons": "icons"}  # the names that pages use for the first set
_WORD: Final = re.compile(r"\bwords\.(\w+)")
_NEEDS: Final = re.compile(r"^// Needs: (.+)$", re.M)


def address(page: str) -> str:
    """Where the script for ``page`` lies, under the task host's origin, in the active language.

    A page that loads scripts from elsewhere may make elements with them that it does not name; a large one is
    what such a page is about, so it names that. A page that names none gets all.
    """
    wanted = names_in(page)
    if wanted and loads_other_scripts(page):
        wanted = sorted(ELEMENTS - LARGE | set(wanted))
    named = f"&elements={'.'.join(wanted)}" if wanted else ""
    return f"crowd-html-elements.js?language={translation.get_language() or 'en'}{named}"


def script(elements: Iterable[str]) -> str:
    """The script that brings ``elements`` to life, with words in the active language."""
    language = (translation.get_language() or "en").partition("-")[0]
    vendors, ours = _parts(frozenset(elements))
    words = {name: str(WORDS[name]) for name in sorted(set(_WORD.findall(ours)))}
    head = f'"use strict";\nconst language = {json.dumps(language)};\nconst words = {_literal(words)};\n'
    guarded = f'if (!customElements.get("crowd-form")) (() => {{\n{head}{ours}}})();\n'
    return vendors + guarded


def icon(name: str) -> str | None:
    """The drawing of an iron icon, ``search`` or ``maps:place``; None where there is none of this name."""
    in_set, _, own = name.rpartition(":")
    drawing = _icons(_ICON_SETS.get(in_set, in_set)).get(own)
    return drawing and f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{drawing}</svg>'


@cache
def _icons(in_set: str) -> dict[str, str]:
    file = _FOLDER / "vendor" / "iron-icons" / f"{in_set}.svg"
    if not in_set.isalpha() or not file.exists():
        return {}
    return dict(_ICON.findall(file.read_text()))


def files_of_elements() -> dict[str, str]:
    """Which file defines each element."""
    return {
        name: str(file.relative_to(_FOLDER))
        for file in sorted(_FOLDER.glob("*.js"))
        for name in _DEFINED.findall(file.read_text())
    }


@cache
def _parts(elements: frozenset[str]) -> tuple[str, str]:
    """Vendors' files and ours, in the order in which they need each other."""
    home = files_of_elements()
    wanted = [*_BASE, *sorted({home[name] for name in elements if name in home})]
    ordered: list[str] = []
    for file in wanted:
        _add(file, ordered)
    vendors = "".join(f"{_text(file)}\n" for file in ordered if file.startswith("vendor/"))
    ours = "".join(
        _text(file) if file in _BASE or file.startswith("shared/") else f"{{\n{_text(file)}}}\n"
        for file in ordered
        if not file.startswith("vendor/")
    )
    return vendors, ours


def _add(file: str, ordered: list[str]) -> None:
    """``file`` behind the files that it needs, each once."""
    if file in ordered:
        return
    needs = [] if file.startswith("vendor/") else _NEEDS.findall(_text(file))
    for needed in " ".join(needs).split():
        _add(needed, ordered)
    ordered.append(file)


def _text(file: str) -> str:
    return (_FOLDER / file).read_text()


def _literal(words: dict[str, str]) -> str:
    return json.dumps(words, ensure_ascii=False, sort_keys=True, indent=0)
