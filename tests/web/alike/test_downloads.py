"""Files that people take along are kept by nothing on their way, whoever gives them."""

from __future__ import annotations

from pathlib import Path

import tukro.web
from tukro.web.alike.downloads import csv_file, whole_file

# Files of work have a rule of their own for what may be kept (doors/files.py).
GIVING = {"alike/downloads.py", "doors/files.py"}


def test_a_file_has_its_name_and_is_kept_by_nobody() -> None:
    for answer in (csv_file(["a\n"], name="a-1"), whole_file(b"%PDF", name="a-1")):
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a-1"'
        assert answer.headers["Cache-Control"] == "no-store"


def test_all_files_are_given_here() -> None:
    room = Path(tukro.web.__file__).parent
    by = {str(path.relative_to(room)) for path in room.rglob("*.py") if "attachment;" in path.read_text()}
    assert by <= GIVING
