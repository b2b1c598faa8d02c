"""Collect every word of the pages into the two catalogues and say what Bengali still lacks.

    python tools/words.py            update src/tukro/locale/{bn,en}/LC_MESSAGES/django.po
    python tools/words.py --missing  print the messages without a Bengali translation, as a .po to fill in
    python tools/words.py --merge F  take the translations of the .po file F

Needs GNU gettext (xgettext) for collecting. English is the language of the message ids, so its catalogue
repeats them; it is complete by construction.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree, ignore_patterns

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tukro"
HEADER = {
    "Project-Id-Version": "Tukro",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    # Bengali nouns do not change after numerals; both forms are written alike.
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def catalogue(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def collected() -> polib.POFile:
    """Every message in Python files and templates, found by makemessages in a copy of the source."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tukro"
        copytree(SOURCE, copy, ignore=ignore_patterns("locale", "static", "migrations", "__pycache__"))
        (copy / "locale").mkdir()
        command = ["makemessages", "-l", "bn", "--no-location", "--keep-pot", "-v", "0"]
        # Without settings makemessages looks at the folder where it stands: the copy.
        bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run([sys.executable, "-m", "django", *command], cwd=copy, env=bare, check=True)
        return polib.pofile(str(copy / "locale" / "django.pot"))


def read(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    made = polib.POFile(wrapwidth=110)
    made.metadata = dict(HEADER)
    return made


def renew(language: str, found: polib.POFile) -> polib.POFile:
    """The catalogue with exactly the messages found; translations are kept."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in read(catalogue(language))}
    made = polib.POFile(wrapwidth=110)
    made.metadata = HEADER | {"Language": language}
    for entry in sorted(found, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        known = old.get((entry.msgctxt, entry.msgid))
        fresh = polib.POEntry(
            msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural, flags=entry.flags
        )
        if language == "en":
            _repeat_message(fresh)
        elif known is not None and "fuzzy" not in known.flags:
            fresh.msgstr, fresh.msgstr_plural = known.msgstr, known.msgstr_plural
        made.append(fresh)
    return made


def merge(into: polib.POFile, path: Path) -> int:
    """Take over the translations of another file; returns how many."""
    given = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path)) if e.translated()}
    taken = 0
    for entry in into:
        source = given.get((entry.msgctxt, entry.msgid))
        if source is not None:
            entry.msgstr, entry.msgstr_plural = source.msgstr, source.msgstr_plural
            taken += 1
    return taken


def _repeat_message(entry: polib.POEntry) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--merge", type=Path, action="append", default=[])
    options = parser.parse_args()
    found = collected()
    for language in ("en", "bn"):
        made = renew(language, found)
        if language == "bn":
            for path in options.merge:
                sys.stderr.write(f"{merge(made, path)} translations from {path}\n")
        if not options.missing:
            catalogue(language).parent.mkdir(parents=True, exist_ok=True)
            made.save(str(catalogue(language)))
        missing = [entry for entry in made if not entry.translated()]
        sys.stderr.write(f"{language}: {len(made)} messages, {len(missing)} untranslated\n")
        if options.missing and language == "bn":
            sys.stdout.write("\n".join(str(entry) for entry in missing))
    return 0


if __name__ == "__main__":
    sys.exit(main())
