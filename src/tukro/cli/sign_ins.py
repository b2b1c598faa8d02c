"""The demo market and its sign-ins, which are kept beside the other secrets."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tukro.demo.market import load
from tukro.demo.people import SignIn
from tukro.runtime.place import write_private
from tukro.work.models import Batch

_SHOWN = 4  # a worker, a requester, a member of staff, a worker on the first day: demo.load puts them first


def demo_is_possible() -> bool:
    """Whether nobody has posted anything yet. People made from the command line do not count as a market."""
    return not Batch.objects.exists()


def load_demo() -> None:
    """Load the market and keep its sign-ins: both or neither."""
    with transaction.atomic():
        made = load(timezone.now())
        write_private(_file(), json.dumps([asdict(one) for one in made], ensure_ascii=False, indent=1) + "\n")


def show_first() -> None:
    """Print one sign-in of each role, and a beginner's, when a demo market was loaded here."""
    known = _kept()
    if not known:
        return
    print("  Look at the demo market as")
    for one in known[:_SHOWN]:
        print(f"    {one.role:10} {one.email:22} {one.password:14} {one.name}")
    print(f"  More of them: {_file()}\n")


def show_all() -> None:
    """Print every sign-in that is kept."""
    if not _kept():
        print(f"No demo market was loaded here: there is no {_file()}.")
    for one in _kept():
        print(f"{one.role:10} {one.email:26} {one.password:14} {one.name}")


def _file() -> Path:
    return settings.DATA / "secrets" / "demo.json"


def _kept() -> list[SignIn]:
    try:
        return [SignIn(**one) for one in json.loads(_file().read_text())]
    except FileNotFoundError:
        return []
