"""What the house says when a rule of taking, doing and handing in work said no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.web.refusals.words import Words
from tukro.web.uploads import BadFile, FileEmpty, FileKindRefused, FileTooLarge, ImageTooLarge
from tukro.work.actions.doing.answer_checks import AnswerTooLong, BadAnswer
from tukro.work.actions.doing.appealing import AppealedBefore, AppealTooLate, BadAppeal, NothingToAppeal
from tukro.work.actions.doing.assigning import (
    AlreadyDone,
    BadReason,
    Blocked,
    ByLot,
    NoMoreTime,
    NotActive,
    NotEligible,
    NothingElse,
    NothingLeft,
    OwnTask,
    Paused,
    QueueFull,
    TaskClosed,
    TooLate,
    WrongState,
)
from tukro.work.actions.doing.partial_files import (
    BeingLookedAt,
    MoreThanAnnounced,
    TooManyUploads,
    WrongOffset,
)
from tukro.work.actions.doing.proof_files import RecordingLength, TooManyFiles, WrongKindOfFile
from tukro.work.actions.finding.lots import BadLotteryPolicy
from tukro.work.actions.finding.marking import BadLiking, TooManyMarks
from tukro.work.actions.finding.searches import BadSearch, SearchNameTaken, TooManySearches
from tukro.work.actions.reporting import AlreadyReported, ReportDecided, TooManyReports

_OTHER_WORK = ("worker:projects", _("Find work"))

WORKING: dict[type[Refused], Words] = {
    NothingLeft: Words(
        _("Nothing is left of this work: others were faster. Look for other work."),
        by="code",
        cases={
            "all": _("You have done all that there was of this work: %(done)s. Look for other work."),
            "some": _("Nothing is left of it: you did %(done)s, others the rest. Look for other work."),
            "ended": _("This work is paused or over. Look for other work."),
        },
        mend=_OTHER_WORK,
    ),
    NothingElse: Words(_("No other task of this work is free now. This one stays yours."), 409),
    NoMoreTime: Words(_("The requester allows no more time for this task."), 409),
    AlreadyReported: Words(_("You have reported this task already. Our staff look at it."), 409),
    TooManyReports: Words(_("You have made %(limit)s reports today. Go on tomorrow."), 429),
    ReportDecided: Words(_("Somebody has decided on this report meanwhile."), 409),
    AlreadyDone: Words(
        _("You have this task or did it before. Each task is done once per worker."), mend=_OTHER_WORK
    ),
    ByLot: Words(_("Few places are left for many who want them, so lots are drawn: %(draw_at)s."), 409),
    QueueFull: Words(
        _("Your queue is full: %(limit)s accepted tasks at once. Finish or return one first."),
        mend=("worker:queue", _("Queue")),
    ),
    NotEligible: Words(_("This work asks for something that your record does not show yet.")),
    Paused: Words(
        _("Too much of your latest work was rejected, so you can take no new work until %(until)s."),
        mend=("worker:level", _("Why")),
    ),
    OwnTask: Words(
        _("This is your own work. Where money is real, nobody does what they post and approve themselves."),
        mend=_OTHER_WORK,
    ),
    Blocked: Words(
        _("This requester does not offer work to you. Look for work of others."), mend=_OTHER_WORK
    ),
    NotActive: Words(
        _("Your worker account may not take work now."),
        mend=("account:request_worker", _("Your worker account")),
        by="state",
        cases={
            "pending": _("Your worker account waits for review. We write to you when you can start."),
            "refused": _("Your worker account was not approved, so it cannot take work."),
            "suspended": _("Your worker account is suspended, so it cannot take work."),
        },
    ),
    TaskClosed: Words(_("This task is closed: expired, withdrawn or paused."), 409),
    TooLate: Words(
        _("The time for this ended: %(deadline_at)s. The place is free for others now."),
        409,
        by="state",
        cases={
            "revising": _(
                "The time for the repair ended: %(deadline_at)s. Your earlier answer counts,"
                " and waits for review."
            )
        },
    ),
    WrongState: Words(
        _("This has moved on since you looked, so it is not possible any more."),
        409,
        by="state",
        cases={
            "submitted": _("This work is handed in and waits for review."),
            "approved": _("This work is approved already."),
            "rejected": _("This work is rejected already."),
            "returned": _("This task was returned. Its place is free for others now."),
            "abandoned": _("The time for this task ran out. Its place is free for others now."),
            "accepted": _("This work is not handed in yet."),
            "revising": _("This work was sent back for repair and is not handed in again yet."),
            "disposed": _("The task was deleted, so its answers cannot be judged any more."),
        },
    ),
    NothingToAppeal: Words(_("Only a rejection can be appealed against, and this is none."), 409),
    AppealTooLate: Words(
        _("The time to appeal ended: %(ended_at)s. You can still write to the requester."), 409
    ),
    AppealedBefore: Words(
        _("You have appealed against this already."),
        409,
        by="outcome",
        cases={
            "overturned": _("The requester has approved this work after all. Nothing is left to appeal."),
            "withdrawn": _("You took this appeal back. There is one appeal for each rejection."),
        },
    ),
    BadAppeal: Words(
        _("Say in your own words why the rejection is wrong."),
        by="code",
        cases={"too_long": _("The text is too long. Say it in fewer words.")},
    ),
    BadReason: Words(
        _("Choose a reason from the list."),
        by="code",
        cases={
            "empty": _("Say why: a reason in your own words is needed."),
            "too_long": _("The text is too long. Say it in fewer words."),
        },
    ),
    BadAnswer: Words(_("Something is missing or not right in the form. Nothing was handed in yet.")),
    AnswerTooLong: Words(_("The answer is too long to hand in."), 413),
    BadFile: Words(_("This file cannot be taken.")),
    FileEmpty: Words(_("The file is empty.")),
    FileTooLarge: Words(_("The file is too large. Files of this kind may have %(limit_size)s."), 413),
    FileKindRefused: Words(
        _(
            "Only pictures (JPEG, PNG, WebP, GIF), PDF documents, and sound or video recordings can be handed"
            " in. Save a picture of another kind as JPEG, and choose that."
        )
    ),
    RecordingLength: Words(
        _("The recording has another length than is asked for."),
        by="code",
        cases={
            "too_short": _(
                "The recording is too short: %(seconds)s. At least %(least)s are asked for. Record again."
            ),
            "too_long": _(
                "The recording is too long: %(seconds)s. At most %(most)s are asked for. Record again."
            ),
        },
    ),
    TooManyFiles: Words(_("This field takes at most %(limit)s files. Take one back first.")),
    WrongKindOfFile: Words(
        _("This field takes files of another kind."),
        by="kind",
        cases={
            "image": _("This field takes pictures only."),
            "audio": _("This field takes sound recordings only."),
        },
    ),
    TooManyUploads: Words(_("Too many files are on their way at once: at most %(limit)s."), 429),
    BeingLookedAt: Words(_("The file is being looked at."), 423),
    WrongOffset: Words(_("The upload goes on at another place."), 409),
    MoreThanAnnounced: Words(_("The file is larger than was said. Choose it again."), 413),
    ImageTooLarge: Words(_("The picture has too many pixels: at most %(limit)s are possible.")),
    BadSearch: Words(
        _("Give the search a name of at most %(limit)s characters."),
        by="code",
        cases={"unknown": _("Choose how often you want to be told.")},
    ),
    SearchNameTaken: Words(_("You have a search called %(name)s. Choose another name."), 409),
    TooManySearches: Words(_("You can keep %(limit)s searches. Remove one first.")),
    BadLotteryPolicy: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    TooManyMarks: Words(_("You can mark %(limit)s requesters and kinds of work. Remove some first.")),
    BadLiking: Words(_("Something can be a favourite or hidden, nothing else.")),
}
