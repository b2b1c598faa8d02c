"""A tool that is not ours reads the books: Beancount adds them up and compares every balance."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tukro.money.queries import Format, export_lines


def write_books(path: Path, form: Format, *, since: datetime | None = None, until: datetime) -> Path:
    path.write_text("\n".join(export_lines(form, since=since, until=until)) + "\n")
    return path


def bean_check(file: Path) -> str:
    """What Beancount says of the file: nothing when every balance is what it added up. Its own process."""
    program = Path(sys.executable).with_name("bean-check")
    done = subprocess.run([program, str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr
