"""Sentences about projects and files: what is wrong with them, what to know, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.questions.proof import Kind, Problem
from tukro.web import formats

Sentence = str | Promise

PROBLEMS: dict[str, Sentence] = {
    "required": _("This field is required."),
    "requirements_impossible": _("This cannot be asked of workers. Check the numbers."),
    "too_long": _("This is too long: at most %(limit)s characters, now %(length)s."),
    "reward_too_small": _("The smallest reward here is %(minimum)s."),
    "reward_too_large": _("The largest reward here is %(maximum)s."),
    "time_out_of_bounds": _("Between %(least)s and %(most)s."),
    "estimate_over_duration": _("The estimate is longer than the time allotted."),
    "number_out_of_bounds": _("A number between %(least)s and %(most)s."),
    "page_empty": _("Write the page, or begin with one of the starters."),
    "page_too_large": _("The page is too large: it may have %(limit)s characters."),
    "nothing_to_answer": _("Workers cannot answer: the page has no field. Add an input with a name."),
    "no_submit_button": _("The form on the page has no submit button."),
    "unknown_elements": _("There is no element of this name here: %(names)s."),
    "crowd_script_missing": _(
        "Elements that begin with crowd- need their script. Add this line at the top: "
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
    ),
    # proof forms
    "no_fields": _("Ask for at least one thing."),
    "too_many_fields": _("At most %(limit)s fields."),
    "unknown_kind": _("Choose what kind of field %(position)s is."),
    "no_label": _("Field %(position)s needs a question."),
    "label_too_long": _("The question of field %(position)s is too long: at most %(limit)s characters."),
    "help_too_long": _("The help of field %(position)s is too long: at most %(limit)s characters."),
    "bad_name": _("Field %(position)s: a column name has only letters, digits and _ - . in it."),
    "name_too_long": _("The column name of field %(position)s is too long: at most %(limit)s characters."),
    "reserved_name": _("Field %(position)s cannot have this column name: the house uses it itself."),
    "name_taken": _("Field %(position)s has the same column name as another field."),
    "too_few_options": _("Field %(position)s needs more options, one on each line."),
    "too_many_options": _("Field %(position)s has too many options: at most %(limit)s."),
    "same_option_twice": _("Field %(position)s has the same option twice."),
    "option_too_long": _("An option of field %(position)s is too long: at most %(limit)s characters."),
    "option_with_bar": _("Options of field %(position)s cannot have | in them: it joins the ticked ones."),
    "bad_limit": _("Field %(position)s: least and most are whole numbers, for example 1."),
    "limits_crossed": _("Field %(position)s: least is more than most."),
    "least_over_options": _(
        "Field %(position)s: least is more than the options that there are; at most %(limit)s."
    ),
    "least_over_text": _(
        "Field %(position)s: least is more than a text may have; at most %(limit)s characters."
    ),
    "recording_too_long_asked": _("Field %(position)s: a recording lasts at most %(limit)s seconds."),
    "too_many_files_asked": _("Field %(position)s: at most %(limit)s files."),
}

KINDS: dict[str, Sentence] = {
    Kind.TEXT: _("Short text"),
    Kind.LONG_TEXT: _("Long text"),
    Kind.NUMBER: _("Number"),
    Kind.URL: _("Web address"),
    Kind.CHOICE: _("One of several options"),
    Kind.CHOICES: _("Any of several options"),
    Kind.FILE: _("File or screenshot"),
    Kind.IMAGE: _("Screenshot or photo"),
    Kind.AUDIO: _("Voice recording"),
    Kind.CODE: _("Code that your own page gives"),
    Kind.MW_CODE: _("Code by Microworkers' formula (VCODE)"),
}


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What is wrong with a file, and what mends it."""

    cause: Sentence
    mend: Sentence


_SAVE_AS_UTF8: Sentence = _("Save the file again as “CSV UTF-8” and upload it once more.")

FAULTS: dict[str, FaultWords] = {
    "empty_file": FaultWords(_("The file is empty."), _("Choose the file with your data.")),
    "spreadsheet_file": FaultWords(
        _("This is a spreadsheet, not a CSV file."),
        _("Open it in the spreadsheet program and save it as “CSV UTF-8”."),
    ),
    "not_text": FaultWords(_("This is not a text file."), _("Choose a CSV file.")),
    "encoding_unknown": FaultWords(
        _("The letters cannot be read: byte %(byte)s at position %(offset)s is not %(tried)s."), _SAVE_AS_UTF8
    ),
    "no_header": FaultWords(
        _("The first line has no column names."), _("Write the names of the columns into the first line.")
    ),
    "no_rows": FaultWords(_("The file has no data rows."), _("Add one row per task below the column names.")),
    "too_many_columns": FaultWords(
        _("%(found)s columns; at most %(limit)s are possible."), _("Leave out columns that nobody needs.")
    ),
    "column_without_name": FaultWords(
        _("Column %(position)s has no name."), _("Give the column a name in the first line, or remove it.")
    ),
    "column_name_too_long": FaultWords(
        _("The name of column %(position)s is longer than %(limit)s characters."),
        _("Shorten it. Perhaps the first line is data and the column names are missing."),
    ),
    "duplicate_column": FaultWords(
        _("Columns %(first)s and %(position)s have the same name."), _("Rename one of them or remove it.")
    ),
    "missing_column": FaultWords(
        _("The project needs the column “%(column)s”, and the file does not have it."),
        _("Add the column, or remove the variable from the project."),
    ),
    "missing_column_similar": FaultWords(
        _("The project needs the column “%(column)s”; the file has “%(similar)s”."),
        _("Write the column's name exactly like the variable: capitals count."),
    ),
    "too_few_cells": FaultWords(
        _("Cells in this row: %(found)s; needed: %(expected)s."),
        _("Add the missing cells. A text with a comma or a line break needs quotes around it."),
    ),
    "too_many_cells": FaultWords(
        _("Cells in this row: %(found)s, more than the %(expected)s columns."),
        _("Put quotes around texts with commas, or name the additional column."),
    ),
    "nul_character": FaultWords(_("The cell holds a character that no text has (NUL)."), _SAVE_AS_UTF8),
    "quote_not_closed": FaultWords(
        _("A quote that begins in this row never ends."),
        _('Close it, or write a quote inside a text twice: ""'),
    ),
    "text_after_quote": FaultWords(
        _("Text follows directly after a closing quote."), _('Write a quote inside a text twice: ""')
    ),
    "cell_too_long": FaultWords(
        _("A cell is longer than %(limit)s characters."),
        _("Shorten it, or put the text on the web and its address into the cell. A quote may be left open."),
    ),
    "broken_row": FaultWords(_("The row cannot be read."), _("Check its quotes and separators.")),
    "not_a_worker_id": FaultWords(
        _("“%(value)s” is no worker ID of Mechanical Turk."), _("Save the file there again, as it was.")
    ),
    "not_a_score": FaultWords(_("“%(value)s” is no score."), _("Write a whole number, or Revoke.")),
    "not_money": FaultWords(_("“%(value)s” is no amount of money."), _("Write it like $0.05.")),
    "too_many_rows": FaultWords(
        _("More than %(limit)s rows."), _("Split the file and publish each part as its own batch.")
    ),
}

NOTES: dict[str, Sentence] = {
    "encoding_guessed": _(
        "The file is not UTF-8. It was read as %(encoding)s: look whether all letters below are right."
    ),
    "extra_columns": _(
        "Columns that the project does not use, kept and handed back in the results: %(columns)s."
    ),
    "empty_rows": _("Empty rows passed over: %(count)s, the first on line %(line)s."),
    "empty_cells": _(
        "Empty cells that tasks will show: %(count)s, the first on line %(line)s, “%(column)s”."
    ),
    "lost_letters": _(
        "Cells with ??? in them: %(count)s, the first on line %(line)s, “%(column)s”. Perhaps the "
        "spreadsheet program lost the letters when it saved the file; then save it again as “CSV UTF-8”."
    ),
    "latin_bengali": _(
        "Cells with à¦ or à§ in place of Bengali letters: %(count)s, the first on line %(line)s, "
        "“%(column)s”. A program read the text in a wrong encoding and saved it so. Begin again with the "
        "original, and save it as “CSV UTF-8”."
    ),
    "plain_http": _(
        "Addresses with http:// in place of https://: %(count)s, the first on line %(line)s, “%(column)s”. "
        "Pictures, sound and video from there are not shown in a task; links to them work."
    ),
    "same_rows": _(
        "Rows that repeat an earlier one in all that workers see: %(count)s, the first on line %(line)s, "
        "like line %(like)s. Each is a task of its own: the same is asked, and paid, again."
    ),
}

_WARNINGS = {"encoding_guessed", "empty_cells", "lost_letters", "latin_bengali", "plain_http", "same_rows"}

BATCH_STATES: dict[str, tuple[Sentence, str]] = {  # words and badge
    "publishing": (_("Publishing"), "badge-info"),
    "running": (_("Running"), "badge-ok"),
    "paused": (_("Paused"), "badge-warn"),
    "held": (_("Stopped by staff"), "badge-bad"),
    "cancelled": (_("Cancelled"), ""),
    "expired": (_("Time is over"), ""),
    "finished": (_("All done"), "badge-accent"),
}

TASK_STATUSES: dict[str, tuple[Sentence, str]] = {  # MTurk's HITStatus, and Paused: words and badge
    "Assignable": (_("Open"), "badge-ok"),
    "Unassignable": (_("In work, no place free"), "badge-info"),
    "Paused": (_("Paused"), "badge-warn"),
    "Reviewable": (_("Over"), "badge-accent"),
    "Reviewing": (_("Over, in review"), "badge-accent"),
    "Disposed": (_("Deleted"), ""),
}


def problem_words(problem: Problem) -> str:
    """What is wrong with a plan, as a sentence."""
    facts = dict(problem.facts)
    if problem.code == "time_out_of_bounds":
        facts = {name: timedelta(seconds=int(str(value))) for name, value in facts.items()}
    return _filled(PROBLEMS[problem.code], facts)


def note_words(notes: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Stored notes that are worth a sentence, and whether each is a warning."""
    return [
        (_filled(NOTES[note["code"]], note["facts"]), note["code"] in _WARNINGS)
        for note in notes
        if note["code"] in NOTES
    ]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One fault of a file as the report shows it."""

    line: int
    column: str
    cause: str
    mend: str


def fault_line(fault: Mapping[str, Any]) -> FaultLine:
    """A stored fault in the reader's words."""
    facts = fault["facts"]
    code = "missing_column_similar" if facts.get("similar") else fault["code"]
    words = FAULTS[code]
    return FaultLine(fault["line"], fault["column"], _filled(words.cause, facts), _filled(words.mend, facts))


def _filled(sentence: Sentence, facts: Mapping[str, Any]) -> str:
    return str(sentence) % {name: formats.fact(value) for name, value in facts.items()}
