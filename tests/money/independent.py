"""Tools that are not ours read the books: Beancount and hledger add them up and compare every balance."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
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


def hledger_check(file: Path) -> str:
    """The same of hledger, which asks for every account and currency to be declared too."""
    return _hledger(file, "check", "--strict").stderr


def hledger_balances(file: Path) -> dict[tuple[str, str], Decimal]:
    """What hledger adds up for each account that has something, by its name and currency."""
    shown = _hledger(file, "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv")
    rows = csv.DictReader(io.StringIO(shown.stdout))
    found = {(row["account"], row["commodity"]): Decimal(row["balance"]) for row in rows if row["commodity"]}
    return {name: amount for name, amount in found.items() if amount}


def _hledger(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("hledger")
    assert program, "hledger is not installed (.ci/run installs it): it did not add up the books"
    run = [program, "-f", str(file), *words]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode == 0) == (done.stderr == ""), done.stderr
    return done
