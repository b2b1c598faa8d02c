"""Every word that a person sees is in both catalogues (requirement: both languages are equal)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.contrib import auth as contrib_auth

from tools import words
from tukro.web.words import borrowed

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|%[sd]")
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def found() -> polib.POFile:
    if shutil.which("xgettext") is None:
        pytest.skip("GNU gettext is not installed: the words of the house were not collected")
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


def test_words_borrowed_from_django_and_allauth_are_still_theirs() -> None:
    """A word that they say in another way now would be met in English on a Bengali page."""
    theirs = {
        entry.msgid
        for folder in (
            Path(django.__file__).parent / "conf",
            Path(contrib_auth.__file__).parent,
            Path(allauth.__file__).parent,
        )
        for entry in polib.pofile(str(folder / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    }
    ours = re.findall(r'_\("([^"]+)"\)|_lazy\(\s*"([^"]+)"', Path(borrowed.__file__).read_text())
    assert len(ours) > 40
    assert [word for one in ours for word in one if word and word not in theirs] == []


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


@pytest.mark.parametrize(
    ("thing", "ours", "retired"),
    [
        ("withdr", "উত্তোলন", "টাকা তোলা"),  # the verb is টাকা তুলুন
        ("provider", "সেবাদাতা", "প্রদানকারী"),  # who is a payer elsewhere
        ("review", "যাচাই", "দেখার অপেক্ষায়"),
        ("review", "যাচাই", "পর্যালোচনা"),
        ("task", "কাজ", "টাস্ক"),
        ("reward", "পারিশ্রমিক", "মজুরি"),
        ("requester", "কাজদাতা", "নিয়োগদাতা"),
    ],
)
def test_one_thing_has_one_word_in_bengali(thing: str, ours: str, retired: str) -> None:
    of_it = [e for e in polib.pofile(str(words.catalogue("bn"))) if thing in e.msgid.lower()]
    assert [entry.msgid for entry in of_it if retired in entry.msgstr] == []
    assert any(ours in entry.msgstr for entry in of_it)


def test_staff_are_not_called_workers_in_bengali() -> None:
    """A কর্মী is a worker; who runs the house is the পরিচালনা দল (GLOSSARY.md)."""
    confused = [
        entry.msgid
        for entry in polib.pofile(str(words.catalogue("bn")))
        if re.search(r"\bstaff\b", entry.msgid, re.IGNORECASE)
        and "কর্মী" in entry.msgstr
        and "পরিচালনা দল" not in entry.msgstr
    ]
    assert confused == []
