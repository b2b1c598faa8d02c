"""What the house says when a rule of projects, files, documents and reviewing said no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.campaigns.actions.projects import (
    AsksForSecrets,
    BadPlan,
    ModerationNotNeeded,
    ProjectArchived,
    RefusalReasonMissing,
)
from tukro.campaigns.actions.publishing import ColumnsMissing, CostChanged, UploadFaulty
from tukro.campaigns.actions.reviewing import (
    FileHasFaults,
    ReviewColumnsMissing,
    ReviewFileTooLarge,
    ReviewFileUnreadable,
)
from tukro.campaigns.actions.uploads import AlreadyPublished, CsvTooLarge, FileNeeded, FileNotNeeded
from tukro.kernel.errors import Refused
from tukro.quality.rules import BadReviewPolicy
from tukro.questions.layout import MissingParameters, UnknownParameters
from tukro.questions.refusals import BadFormattedContent, BadHtml, BadQuestion, BadXml
from tukro.web.refusals.words import A_SPREADSHEET, NO_CSV, Words
from tukro.work.actions.once import AlreadyProcessed
from tukro.work.actions.publishing import (
    BadTerms,
    BatchHeld,
    BelowWall,
    CategoryRefused,
    ModerationNeeded,
    NotAgreed,
    NoTaskGoesOn,
    OutOfOrder,
)
from tukro.work.actions.publishing.task_changes import (
    Unreviewed,
    Withdrawn,
    WorkBegun,
    WrongStatus,
)
from tukro.work.actions.publishing.tasks import AlreadyMade
from tukro.work.actions.reviewing import (
    BadDeadline,
    BonusPaidBefore,
    BonusRefused,
    TokenReused,
    TooManyRepairs,
    WorkerGone,
    WorkerUnknown,
)

POSTING: dict[type[Refused], Words] = {
    ReviewFileTooLarge: Words(_("The file is too large. It may have %(limit_size)s."), 413),
    ReviewFileUnreadable: Words(
        _("This is not a CSV file in UTF-8. Save the result file again as CSV UTF-8."),
        by="code",
        cases={"spreadsheet_file": A_SPREADSHEET, "not_text": NO_CSV, "empty_file": _("The file is empty.")},
    ),
    ReviewColumnsMissing: Words(_("The file lacks these columns: %(columns)s.")),
    FileHasFaults: Words(_("Correct the lines that are listed, then upload the file again.")),
    TooManyRepairs: Words(
        _("An answer goes back for repair %(limit)s times at most. Approve or reject it as it is."), 409
    ),
    BadDeadline: Words(_("A repair has at least %(least)s and at most %(most)s.")),
    BadTerms: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    CategoryRefused: Words(_("This house does not take this kind of work.")),
    ModerationNeeded: Words(
        _("Staff look at this kind of work before it is published. Ask them on the project's page.")
    ),
    BatchHeld: Words(
        _(
            "Our staff stopped “%(name)s” after a report, so no more of this work can be offered until they "
            "release it. That batch's page says why. If the report is wrong or you have mended it, write to "
            "our staff."
        ),
        409,
        mend=("requester:batches", _("Batches")),
    ),
    AsksForSecrets: Words(
        _("No task may ask for such things. The text says: %(word)s."),
        by="rule",
        cases={
            "password": _("No task may ask for passwords or PINs. The text says: %(word)s."),
            "one_time_code": _("No task may ask for one-time codes. The text says: %(word)s."),
            "card": _("No task may ask for card numbers. The text says: %(word)s."),
            "identity": _("No task may ask for identity papers or their numbers. The text says: %(word)s."),
        },
    ),
    BadPlan: Words(_("Some values of this project are not right. Open the project and correct them.")),
    ModerationNotNeeded: Words(_("Nobody needs to look at this project now."), 409),
    ProjectArchived: Words(_("This project is archived. Restore it first."), 409),
    RefusalReasonMissing: Words(_("Say why, in at most %(limit)s characters: the requester reads it.")),
    CsvTooLarge: Words(_("The file is too large. It may have %(limit)s MB; split it into several."), 413),
    FileNeeded: Words(_("This project has variables: it needs a CSV file with the columns %(columns)s.")),
    FileNotNeeded: Words(_("This project has no variables, so it needs no file.")),
    AlreadyPublished: Words(_("This file was published already."), 409),
    UploadFaulty: Words(
        _("The file has problems, so nothing was published. Correct them and upload it again.")
    ),
    CostChanged: Words(
        _(
            "The cost changed while this page was open: it was %(shown)s, now it is %(total)s. Nothing was "
            "published or set aside."
        ),
        409,
    ),
    ColumnsMissing: Words(
        _("The project now needs columns that this file lacks: %(columns)s. Upload a new file.")
    ),
    NotAgreed: Words(_("This sets %(price)s aside. Look at the sum and confirm it."), 409),
    NoTaskGoesOn: Words(
        _("You ended or deleted every task of this batch. Extend the tasks that are to go on one by one."),
        409,
    ),
    OutOfOrder: Words(_("These rows were published before."), 409),
    # Documents in XML: what a validator says is for programmers, and is said as it is.
    BadReviewPolicy: Words(_("The review policy cannot be followed as it is written.")),
    MissingParameters: Words(_("Values are missing for: %(names)s")),
    UnknownParameters: Words(_("The layout has no places for: %(names)s")),
    BadQuestion: Words(_("This document cannot be used: %(details)s")),
    BadXml: Words(_("This is not the XML that is needed here: %(details)s")),
    BadHtml: Words(_("This is not valid HTML: %(details)s")),
    BadFormattedContent: Words(_("FormattedContent holds something that is not allowed: %(details)s")),
    WrongStatus: Words(_("The task has moved on since you looked, so this is not possible now."), 409),
    Unreviewed: Words(_("Answers to this task wait for your review: %(count)s. Review them first."), 409),
    WorkBegun: Words(_("Somebody has taken this task, so its terms stay as they are."), 409),
    BelowWall: Words(
        _(
            "A task that was made with fewer than %(wall)s places stays below that. Add fewer, or publish "
            "the work anew with as many answers as you need."
        )
    ),
    Withdrawn: Words(_("The batch of this task was cancelled. Publish it again instead."), 409),
    AlreadyMade: Words(_("This was done before. Nothing was done twice."), 409),
    AlreadyProcessed: Words(_("This was done before. Nothing was done twice."), 409),
    BonusRefused: Words(
        _("A bonus is for work that was handed in."),
        by="code",
        cases={
            "amount": _("The amount of the bonus cannot be right."),
            "reason": _("Say what the bonus is for."),
        },
    ),
    BonusPaidBefore: Words(_("This bonus was paid before. Nothing was paid twice."), 409),
    WorkerGone: Words(
        _("This worker has closed their account: nobody could take the money, so none was paid."), 409
    ),
    WorkerUnknown: Words(_("This is not the worker who did the work."), 404),
    TokenReused: Words(_("This bonus form was used for another bonus. Load the page again."), 409),
}
