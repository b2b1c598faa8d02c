"""Every word that a person sees is in both catalogues (requirement: both languages are equal)."""

from __future__ import annotations

import re

import polib
import pytest

from tools import words

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|%[sd]")
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def found() -> polib.POFile:
    return words.collected()


@pytest.mark.parametrize("language", ["bn", "en"])
def test_no_message_is_untranslated(language: str, found: polib.POFile) -> None:
    known = {
        (entry.msgctxt, entry.msgid)
        for entry in polib.pofile(str(words.catalogue(language)))
        if entry.translated() and "fuzzy" not in entry.flags
    }
    assert [entry.msgid for entry in found if (entry.msgctxt, entry.msgid) not in known] == []


@pytest.mark.parametrize("language", ["bn", "en"])
def test_no_translation_is_left_without_its_message(language: str, found: polib.POFile) -> None:
    used = {(entry.msgctxt, entry.msgid) for entry in found}
    assert [
        e.msgid for e in polib.pofile(str(words.catalogue(language))) if (e.msgctxt, e.msgid) not in used
    ] == []


def test_translations_keep_their_placeholders() -> None:
    broken = [
        entry.msgid
        for entry in polib.pofile(str(words.catalogue("bn")))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(entry.msgid))
    ]
    assert broken == []


def test_bengali_translations_are_written_in_bengali() -> None:
    same = [
        entry.msgid
        for entry in polib.pofile(str(words.catalogue("bn")))
        if entry.msgstr == entry.msgid
        and LATIN_WORD.search(PLACEHOLDER.sub("", entry.msgid))
        and entry.msgid not in {"PayPal", "Payoneer", "Skrill", "Wise", "bKash", "English", "CSV", "HTML"}
    ]
    assert same == []
