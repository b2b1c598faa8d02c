"""Read a list of sanctioned people in: tukro sanctions import SDN.CSV --aliases ALT.CSV --addresses ADD.CSV

OFAC's three files, the XML of the United Nations, the European Union or the United Kingdom, or a CSV file
with a heading (name, aliases, birth_date, country, id). Everybody who has given a name is compared with it
afterwards, by the jobs of a running market.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from tukro.kernel.actors import HOUSE
from tukro.vetting.actions.sanctions import import_list
from tukro.vetting.models import SanctionsList
from tukro.vetting.queries.sanctions import current_lists
from tukro.vetting.rules.lists import BadList


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    take = acts.add_parser("import", help="read a file in; it replaces the earlier one of the same source")
    take.add_argument("file", type=Path, help="SDN.CSV of OFAC, XML of UN, EU or UK, or a CSV file")
    take.add_argument("--aliases", type=Path, help="ALT.CSV of OFAC")
    take.add_argument("--addresses", type=Path, help="ADD.CSV of OFAC")
    take.add_argument("--source", default="", help="what the list is called (default: the file's name)")
    acts.add_parser("lists", help="what is compared with, and since when")


def run(options: argparse.Namespace) -> int:
    if options.act == "lists":
        for one in current_lists():
            print(f"{one.source}: {_people(one)}, read {one.imported_at:%Y-%m-%d %H:%M} UTC")
        return 0
    try:
        texts = [_read(path) for path in (options.file, options.aliases, options.addresses)]
        made = import_list(
            by=HOUSE,
            source=options.source or options.file.stem,
            people=texts[0],
            aliases=texts[1],
            addresses=texts[2],
            now=timezone.now(),
        )
    except OSError as fault:
        print(f"tukro: {fault.filename} cannot be read: {fault.strerror}.", file=sys.stderr)
        return 1
    except BadList as fault:
        print(f"tukro: this is not a list that can be read: {fault}", file=sys.stderr)
        return 1
    print(f"{made.source}: {_people(made)}")
    return 0


def _people(one: SanctionsList) -> str:
    return "1 person" if one.people == 1 else f"{one.people:,} people"


def _read(path: Path | None) -> bytes:
    return path.read_bytes() if path else b""
