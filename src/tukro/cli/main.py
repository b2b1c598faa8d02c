"""Finds the command, prepares what it stands on, runs it, and turns refusals into words."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, cast

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError

from tukro.cli.ground import database_at_hand, refuse_nowhere, refuse_waiting_tables
from tukro.kernel.errors import Refused
from tukro.runtime import sandbox
from tukro.runtime.faults import CannotRun
from tukro.runtime.place import make_home


@dataclass(frozen=True, slots=True)
class Command:
    """``at_home``: it works with the data directory, which is made with its secrets when missing.

    ``needs_database``: run it with a database at hand, started for it if need be; ``makes_tables``: one
    whose tables may be missing or behind. A verb that needs none after all sets ``without_database``.

    ``passes_on``: its words are for another program and reach it as they are, in ``options.words``.
    """

    name: str
    help: str
    at_home: bool = False
    needs_database: bool = False
    makes_tables: bool = False
    passes_on: bool = False
    module: str = ""  # below commands/, where it is not the name

    @property
    def path(self) -> str:
        return f"tukro.cli.commands.{self.module or self.name}"


COMMANDS = (
    Command("up", "start the market here and keep it running until Ctrl-C", at_home=True),
    Command("demo", "load the demo market into an empty database", at_home=True, needs_database=True),
    Command("doctor", "check this installation; name each fault and its mend"),
    Command(
        "migrate",
        "bring the tables of the database up to date",
        at_home=True,
        needs_database=True,
        makes_tables=True,
    ),
    Command(
        "requester", "create a requester: someone who posts tasks and pays", at_home=True, needs_database=True
    ),
    Command(
        "worker", "create a worker: someone who does tasks and is paid", at_home=True, needs_database=True
    ),
    Command("staff", "create a member of staff", at_home=True, needs_database=True),
    Command(
        "import",
        "bring projects, workers and qualifications from Mechanical Turk's files",
        at_home=True,
        needs_database=True,
        module="moving",
    ),
    Command("record", "check a signed work record that somebody brings"),
    Command("ledger", "prove that the books balance", at_home=True, needs_database=True),
    Command("sanctions", "read a list of sanctioned people in", at_home=True, needs_database=True),
    Command("bench", "measure speed against what PostgreSQL itself can do", passes_on=True),
    Command("screenshots", "photograph every page in both languages, on phone and desktop", passes_on=True),
    Command("lighthouse", "judge the pages that a phone loads first", passes_on=True),
    Command("test", "run the tests", passes_on=True),
    Command("web", "serve the pages (up starts it; on its own for more machines)", at_home=True),
    Command("news", "tell workers what changes (up starts it; on its own for more machines)", at_home=True),
    Command("jobs", "run what is due by time (up starts it; on its own for more machines)", at_home=True),
    Command(
        "manage",
        "Django's own administration commands",
        at_home=True,
        needs_database=True,
        makes_tables=True,
        passes_on=True,
    ),
)


class Module(Protocol):
    """What every command's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


def main(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    if arguments[:1] == [sandbox.FLAG]:
        _step_into_sandbox()
        arguments = arguments[1:]
    parser = _parser()
    chosen = parser.parse_known_args(arguments[:1])[0].command
    if chosen is None:
        parser.print_help()
        return 2
    command = next(command for command in COMMANDS if command.name == chosen)
    try:
        _refuse_unreadable(arguments)
        module, options = _read(command, arguments[1:])
        with _ground(command, options):
            code = module.run(options)
            sys.stdout.flush()
            return code
    except CannotRun as fault:
        print(f"tukro: {fault}", file=sys.stderr)
    except ImproperlyConfigured as fault:
        print(f"tukro: {fault}\n  Mend: docs/operate/settings.md lists what may be set.", file=sys.stderr)
    except Refused as refusal:
        print(f"tukro: refused: {_sentence(refusal)} ({refusal})", file=sys.stderr)
    except (OperationalError, InterfaceError) as fault:  # it went away, or its disk is full
        print(
            f"tukro: The database does not do what is asked: {str(fault).strip()}\n"
            "  Mend: See that it runs and has room on its disk; `tukro doctor` looks for usual causes.",
            file=sys.stderr,
        )
    except BrokenPipeError:  # who reads has read enough: tukro ledger export | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as fault:
        if fault.filename is None:  # not of a file that somebody named: a fault of ours
            raise
        print(
            f"tukro: {fault.filename}: {fault.strerror}.\n  Mend: Name what is there and may be used by this "
            "user (TUKRO_DATA for the data directory).",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        return 130
    return 1


def _refuse_unreadable(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no text: no table, name or password could keep them."""
    for word in arguments:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise CannotRun(
                f"{word!a} is not written in UTF-8.",
                mend="Write it in a terminal that uses UTF-8; give a file another name.",
            ) from None


def _sentence(refusal: Refused) -> str:
    """What the pages say of it. Their words can be loaded only when Django is set up."""
    words = importlib.import_module("tukro.web.refusals")
    return str(words.refusal_message(refusal))


def _step_into_sandbox() -> None:
    """Everything from here on is the sandbox's: settings are not read yet."""
    theirs = sandbox.sandbox_environment(os.environ)
    os.environ.clear()
    os.environ.update(theirs)


def _parser() -> argparse.ArgumentParser:
    width = max(len(command.name) for command in COMMANDS) + 2
    listing = "\n".join(f"  {command.name:{width}}{command.help}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="tukro",
        usage="tukro [--sandbox] COMMAND [options]",
        description="Tukro, an open marketplace for microtasks.",
        epilog=f"commands:\n{listing}\n\n'tukro COMMAND --help' tells more. "
        "'tukro --sandbox COMMAND' works on the sandbox, a market of its own with play money. "
        "Settings come from the environment: docs/operate/settings.md.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [command.name for command in COMMANDS]
    parser.add_argument("command", nargs="?", choices=names, metavar="COMMAND", help=argparse.SUPPRESS)
    return parser


def _read(command: Command, arguments: Sequence[str]) -> tuple[Module, argparse.Namespace]:
    """Load the command's module and read its options, before anything is started for it."""
    asks_for_help = list(arguments) in (["--help"], ["-h"]) or (
        not command.passes_on and not {"--help", "-h"}.isdisjoint(arguments)
    )
    if command.at_home and not asks_for_help:
        make_home()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tukro.settings")
    django.setup()
    # Loaded by name, because its imports need Django to be set up.
    module = cast(Module, importlib.import_module(command.path))
    parser = argparse.ArgumentParser(
        prog=f"tukro {command.name}",
        description=(sys.modules[command.path].__doc__ or "").strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    if command.passes_on and not asks_for_help:
        return module, argparse.Namespace(words=list(arguments))
    return module, parser.parse_args(arguments)


@contextmanager
def _ground(command: Command, options: argparse.Namespace) -> Iterator[None]:
    if not command.needs_database or getattr(options, "without_database", False):
        yield
        return
    if not command.makes_tables:
        refuse_nowhere()
    with database_at_hand():
        if not command.makes_tables:
            refuse_waiting_tables()
        yield
