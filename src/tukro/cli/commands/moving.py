"""Bring what Mechanical Turk's web site let you take along: tukro import mturk --requester karim@example.org
--results Batch_1_batch_results.csv --workers User_1_workers.csv --project survey.html

Results and workers files may be given more than once. Former workers become a list on the requester's page
"Workers from before"; a worker here who says that an id of the list was theirs gets its qualifications when
the requester agrees. The project's HTML becomes a project (and a HIT layout), with the terms of the first
results file. All of it is done or nothing.
"""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from django.utils import timezone

from tukro.campaigns.actions.moving import Luggage, Moved, move_in
from tukro.campaigns.actions.projects import BadPlan
from tukro.campaigns.rules.faults import Fault, Unreadable
from tukro.kernel.errors import Refused
from tukro.people.models import Requester
from tukro.runtime.faults import CannotRun
from tukro.web.refusals import refusal_message
from tukro.web.requester.posting.words import fault_line, problem_words

_MEND = "Save the file from Mechanical Turk's web site again, as it was, and give that one."
_MEND_PROJECT = "Change the page or the terms and bring it again. Nothing was brought."
_MEND_OTHERWISE = "Change what it names, or leave that file out. Nothing was brought."
_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    sources = parser.add_subparsers(required=True, metavar="mturk", dest="source")
    mturk = sources.add_parser(
        "mturk", help="files of Mechanical Turk", description="Bring files of Mechanical Turk."
    )
    mturk.add_argument("--requester", required=True, metavar="EMAIL", help="whose they become")
    mturk.add_argument("--results", action="append", default=[], metavar="CSV", help="a batch result file")
    mturk.add_argument(
        "--workers", action="append", default=[], metavar="CSV", help="the file of the Manage Workers page"
    )
    mturk.add_argument("--project", metavar="HTML", help="the source of a project's page")
    mturk.add_argument("--name", default="", help="the project's name (default: the file's)")
    mturk.add_argument("--json", action="store_true", help="answer with one JSON object")


def run(options: argparse.Namespace) -> int:
    requester = Requester.objects.filter(user__email__iexact=options.requester).first()
    if requester is None:
        raise CannotRun(
            f"There is no requester {options.requester} here.",
            mend=f"tukro requester create --email {options.requester}",
        )
    if not (options.results or options.workers or options.project):
        raise CannotRun("There is nothing to bring.", mend="Give --results, --workers or --project.")
    with ExitStack() as opened:
        luggage = Luggage(
            results=[_open(path, opened) for path in options.results],
            workers=[_open(path, opened) for path in options.workers],
            template=_text(options.project) if options.project else "",
            name=options.name or (Path(options.project).stem if options.project else ""),
        )
        try:
            moved = move_in(requester=requester, luggage=luggage, now=timezone.now())
        except Unreadable as unreadable:
            raise CannotRun(_words(unreadable), mend=_MEND) from None
        except BadPlan as bad:
            said = " ".join(problem_words(problem) for problem in bad.problems)
            raise CannotRun(f"No project can be made of this. {said}", mend=_MEND_PROJECT) from None
        except Refused as refused:
            raise CannotRun(refusal_message(refused), mend=_MEND_OTHERWISE) from None
    _show(moved, as_json=options.json)
    return 0


def _open(path: str, opened: ExitStack) -> BinaryIO:
    try:
        return opened.enter_context(Path(path).open("rb"))
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.", mend="Check the name.") from None


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{path} cannot be read as UTF-8 text: {error}.", mend="Check the file.") from None


def _words(unreadable: Unreadable) -> str:
    said = [f"  {_sentence(fault)}" for fault in unreadable.faults[:_SHOWN]]
    return "\n".join([f"{unreadable.file} cannot be used, and nothing was brought:", *said])


def _sentence(fault: Fault) -> str:
    if fault.code == "missing_column":
        return f"line {fault.line}: There is no column “{fault.column}”."
    cause = fault_line(fault.as_json()).cause
    return f"line {fault.line}{f', column {fault.column}' if fault.column else ''}: {cause}"


def _show(moved: Moved, *, as_json: bool) -> None:
    if as_json:
        answer = {
            "project_id": moved.project_id,
            "qualification_types": moved.type_ids,
            "workers": moved.workers,
        }
        print(json.dumps(answer, ensure_ascii=False))
        return
    if moved.project_id:
        print(f"project              {moved.project_id}")
    for name, type_id in sorted(moved.type_ids.items()):
        print(f"qualification type   {type_id}  {name}")
    print(f"workers from before  {moved.workers}")
