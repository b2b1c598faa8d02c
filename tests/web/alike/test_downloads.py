"""Files that people take along are kept by nothing on their way, whoever gives them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import tukro.web
from tukro.web.alike.downloads import csv_file, stored_file, whole_file


def test_a_file_has_its_name_and_is_kept_by_nobody() -> None:
    given = [
        csv_file(["a\n"], name="a-1"),
        whole_file(b"%PDF", name="a-1"),
        stored_file(BytesIO(), name="a-1"),
    ]
    for answer in given:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a-1"'
        assert answer.headers["Cache-Control"] == "no-store"


def test_all_files_are_given_here() -> None:
    room = Path(tukro.web.__file__).parent
    files = {str(path.relative_to(room)): path.read_text() for path in room.rglob("*.py")}
    by = {name for name, text in files.items() if "attachment;" in text or "as_attachment" in text}
    assert by == {"alike/downloads.py"}
