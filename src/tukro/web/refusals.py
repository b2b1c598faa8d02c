"""What the house says when a rule said no: one row per refusal, with the status of the answer.

A sentence names the facts that the refusal carries (``%(deadline_at)s``); they are formatted for the reader.
A test fails on a refusal without a row; in production the row of the base class would speak for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.campaigns.actions.projects import (
    AsksForSecrets,
    BadPlan,
    ModerationNotNeeded,
    ProjectArchived,
    RefusalReasonMissing,
)
from tukro.campaigns.actions.publishing import ColumnsMissing, UploadFaulty
from tukro.campaigns.actions.reviewing import (
    FileHasFaults,
    ReviewColumnsMissing,
    ReviewFileTooLarge,
    ReviewFileUnreadable,
)
from tukro.campaigns.actions.uploads import AlreadyPublished, CsvTooLarge, FileNeeded, FileNotNeeded
from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.corrections import CorrectionNeedsReason, NothingToCorrect
from tukro.money.actions.debts import RequesterInDebt
from tukro.money.actions.deposits import (
    AmountNotPositive,
    AmountTooLarge,
    AmountTooSmall,
    DepositNotMovable,
)
from tukro.money.actions.disputes import DisputeNeedsReference
from tukro.money.actions.exchange import BadRate, NoRate, TooLittleToExchange
from tukro.money.actions.payout_batches import BatchOver, NothingToFile
from tukro.money.actions.payout_methods import BadDetails, IdentityTaken, KindNotOffered, LinkStale
from tukro.money.actions.payout_schedules import BadSchedule
from tukro.money.actions.payouts import (
    AboveMaximum,
    BelowMinimum,
    MethodNotReady,
    NotWholeCents,
    OverDailyLimit,
    PayoutNotMovable,
    ProofMissing,
    ReasonMissing,
    ReferenceMissing,
    SecondPersonNeeded,
)
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.reconciling import BadPeriod, ReportUnreadable
from tukro.money.actions.refunds import NotRefundable, RefundNotMovable
from tukro.money.actions.refusals import AlreadyPaid, HoldExhausted, InsufficientFunds
from tukro.money.actions.unmatched import AlreadyDecided, DecisionNeedsReason
from tukro.notices.actions.contacting import BadMessage
from tukro.notices.actions.delivering import AlreadyDelivered
from tukro.notices.actions.devices import BadDevice
from tukro.notices.actions.relaying import BadRelayPolicy
from tukro.notices.actions.settings import BadDestination, BadSpecification, NothingSpecified, NothingToSet
from tukro.notices.actions.talking import (
    EmptyMessage,
    LongMessage,
    MayNotWrite,
    NoStrangers,
    NotWanted,
    TooManyMessages,
)
from tukro.notices.channels.machines import TestNotDelivered, TestUnderWay
from tukro.people.actions.accounts import EmailTaken
from tukro.people.actions.contact import NoSuchSubdivision
from tukro.people.actions.joining import (
    AlreadyARequester,
    AlreadyAWorker,
    NameNeeded,
    ReasonNeeded,
    WrongWorkerState,
)
from tukro.people.actions.keys import TooManyKeys
from tukro.people.actions.letters import (
    AddressMissing,
    AddressProvedBefore,
    AddressTaken,
    BadPin,
    LetterNotMovable,
    LetterReasonMissing,
    LetterTooSoon,
    LetterUnderWay,
    NoLetter,
    NothingToPrint,
    NoTriesLeft,
    PinTooOld,
    WrongPin,
)
from tukro.people.actions.tokens import BadTokenName, TooManyTokens
from tukro.privacy.actions.closing import StaffStay, ThingsOpen
from tukro.privacy.actions.exporting import ExportTooSoon
from tukro.qualifications.actions.blocking import BlockNeedsReason, TooManyBlocks
from tukro.qualifications.actions.granting import AlreadyRevoked, BadValue, NeverHeld, TypeInactive
from tukro.qualifications.actions.groups import BadGroup, InvitationClosed, NotAMember
from tukro.qualifications.actions.pool import AlreadyConfirmed, BadFormerId
from tukro.qualifications.actions.requesting import (
    AlreadyAsked,
    FaultyTest,
    NoSecondTry,
    NotRequestable,
    OverdueTest,
    OverlongTest,
    RequestClosed,
    TooEarly,
)
from tukro.qualifications.actions.requirements import (
    BadRequirements,
    InactiveRequiredType,
    UnknownRequiredType,
)
from tukro.qualifications.actions.standing import BadStandingPolicy
from tukro.qualifications.actions.types import BadType, NotYours, TypeNameTaken
from tukro.quality.rules import BadReviewPolicy
from tukro.questions.layout import MissingParameters, UnknownParameters
from tukro.questions.refusals import BadFormattedContent, BadHtml, BadQuestion, BadXml
from tukro.records.actions.giving import NameUnknown, NothingToTell, TooManyRecords
from tukro.web import formats
from tukro.web.uploads import BadFile, FileEmpty, FileKindRefused, FileTooLarge, ImageTooLarge
from tukro.work.actions.appealing import AppealedBefore, AppealTooLate, BadAppeal, NothingToAppeal
from tukro.work.actions.assigning import (
    AlreadyDone,
    AnswerTooLong,
    BadAnswer,
    BadReason,
    Blocked,
    ByLot,
    NoMoreTime,
    NotActive,
    NotEligible,
    NothingElse,
    NothingLeft,
    Paused,
    QueueFull,
    TaskClosed,
    TooLate,
    WrongState,
)
from tukro.work.actions.lots import BadLotteryPolicy
from tukro.work.actions.marking import BadLiking, TooManyMarks
from tukro.work.actions.partial_files import MoreThanAnnounced, TooManyUploads, WrongOffset
from tukro.work.actions.proof_files import RecordingLength, TooManyFiles, WrongKindOfFile
from tukro.work.actions.publishing import BadTerms, CategoryRefused, ModerationNeeded, OutOfOrder
from tukro.work.actions.reporting import AlreadyReported, ReportDecided, TooManyReports
from tukro.work.actions.reviewing import (
    BadDeadline,
    BonusPaidBefore,
    BonusRefused,
    TokenReused,
    WorkerUnknown,
)
from tukro.work.actions.searches import BadSearch, SearchNameTaken, TooManySearches
from tukro.work.actions.task_changes import (
    AlreadyProcessed,
    BelowWall,
    Unreviewed,
    Withdrawn,
    WorkBegun,
    WrongStatus,
)
from tukro.work.actions.tasks import AlreadyMade


@dataclass(frozen=True, slots=True)
class Words:
    """A lazy sentence with named facts, and the HTTP status that goes with it.

    Where one refusal has several causes, ``by`` names the fact that tells them apart and ``cases`` holds
    their sentences; ``message`` speaks for the rest.
    """

    message: str | Promise
    status: int = 422
    by: str = ""
    cases: Mapping[str, str | Promise] = field(default_factory=dict)

    def sentence(self, facts: Mapping[str, object]) -> str:
        return str(self.cases.get(str(facts.get(self.by)), self.message))


WORDS: dict[type[Refused], Words] = {
    Refused: Words(_("That is not possible."), 422),
    NotFound: Words(_("This does not exist, or it is not yours."), 404),
    # money
    RequesterInDebt: Words(
        _("You owe %(debt)s from a payment that was taken back. Add money first; it pays this debt.")
    ),
    AmountTooSmall: Words(_("The smallest amount is %(limit)s, in whole cents.")),
    DepositNotMovable: Words(_("This deposit is no longer in a state for that."), status=409),
    DisputeNeedsReference: Words(_("Write down the number that the bank or provider gave this dispute.")),
    NotRefundable: Words(_("This deposit cannot be sent back.")),
    RefundNotMovable: Words(_("This refund is no longer in a state for that."), status=409),
    AlreadyDecided: Words(_("Somebody has decided about this money already."), status=409),
    DecisionNeedsReason: Words(_("Say why: it is kept with the money.")),
    InsufficientFunds: Words(_("The balance does not cover it: %(needed)s needed, %(available)s available.")),
    AmountNotPositive: Words(_("The amount must be more than nothing.")),
    AmountTooLarge: Words(_("That is more than is accepted at once: at most %(limit)s.")),
    BelowMinimum: Words(_("The smallest amount is %(minimum)s.")),
    NotWholeCents: Words(_("Amounts have at most two decimals.")),
    BadDetails: Words(_("These details cannot be right. Check them and try once more.")),
    AddressMissing: Words(_("Tell us your name and address first: that is where the letter goes.")),
    AddressProvedBefore: Words(_("Your address is proved already. You need no letter."), 409),
    AddressTaken: Words(
        _(
            "Another account has proved this name and address. Use that account; if it is not yours, "
            "ask our staff to prove your address another way."
        ),
        409,
    ),
    LetterTooSoon: Words(_("The letter may still arrive. You can ask for another one from %(at)s on."), 409),
    LetterUnderWay: Words(_("Your letter is about to be posted. You need not ask again."), 409),
    NoLetter: Words(_("No letter is on its way to you. Ask for one first."), 409),
    BadPin: Words(_("The PIN has %(digits)s digits. Nothing was tried.")),
    WrongPin: Words(
        _("This is not the PIN of your letter. Tries that remain: %(left)s"),
    ),
    PinTooOld: Words(_("The PIN was good until %(at)s. Ask for another letter."), 409),
    NoTriesLeft: Words(
        _("The PIN was typed wrongly too often and works no more. Ask for another letter."), 409
    ),
    LetterNotMovable: Words(_("This letter has moved on since you looked. Reload the page."), 409),
    LetterReasonMissing: Words(_("Say why: a reason is needed.")),
    NothingToPrint: Words(_("No letter waits to be printed."), 409),
    ReportUnreadable: Words(
        _("The file is no CSV report that we can read."),
        by="code",
        cases={
            "no_columns": _(
                "The first line must name the columns: one for the reference or ID, one for the amount."
            ),
            "not_an_amount": _("Line %(line)s: “%(text)s” is not an amount."),
            "too_long": _("The file has more lines than are read at once; split it."),
        },
    ),
    BadPeriod: Words(_("The last day comes after the first one, within %(days)s days.")),
    SecondPersonNeeded: Words(
        _("Above %(limit)s two members of staff approve a withdrawal. Ask a colleague to approve it."), 409
    ),
    ProofMissing: Words(
        _("Before your first withdrawal, prove your address: a letter brings you a PIN."),
        409,
        by="missing",
        cases={
            "name": _(
                "Your first withdrawal has to go to an account in your own name, as in your contact details."
            )
        },
    ),
    PayoutNotMovable: Words(_("This withdrawal has moved on since you looked. Reload the page."), 409),
    IdentityTaken: Words(
        _("These details cannot be used for this account. If they are yours, write to our staff."), 409
    ),
    KindNotOffered: Words(_("We do not pay this way at the moment. Choose another."), 409),
    NothingToFile: Words(_("No approved withdrawal of this kind waits. Approve some first.")),
    BatchOver: Words(_("This file was handed over or dropped before."), 409),
    BadSchedule: Words(_("Choose 3, 7, 14 or 30 days.")),
    LinkStale: Words(_("This link is too old or was replaced. Add the place once more."), 410),
    AboveMaximum: Words(_("At most %(maximum)s at once this way.")),
    OverDailyLimit: Words(_("This way pays at most %(limit)s a day. %(left)s is left for now.")),
    MethodNotReady: Words(_("This place cannot be used yet: confirm it by the mail, and wait."), 409),
    ReasonMissing: Words(_("Say why: a reason is needed.")),
    ReferenceMissing: Words(_("Give the reference number of the bank or wallet.")),
    BadPolicy: Words(_("These fees and limits contradict each other.")),
    CorrectionNeedsReason: Words(_("Say why: a reason is needed.")),
    NothingToCorrect: Words(_("A correction of nothing changes nothing.")),
    BadRate: Words(_("This is no exchange rate. Write its currency, a number above zero and its source.")),
    NoRate: Words(
        _("Nothing can be paid in %(currency)s now: staff have not entered a rate for these days."), 409
    ),
    TooLittleToExchange: Words(_("This is too little to be paid in %(currency)s.")),
    AlreadyPaid: Words(_("This work was paid before. Nothing was paid twice."), 409),
    HoldExhausted: Words(_("The money set aside for this task does not cover the payment."), 409),
    # reviewing
    ReviewFileTooLarge: Words(_("The file is too large. It may have %(limit_size)s."), 413),
    ReviewFileUnreadable: Words(
        _("This is not a CSV file in UTF-8. Save the result file again as CSV UTF-8.")
    ),
    ReviewColumnsMissing: Words(_("The file lacks these columns: %(columns)s.")),
    FileHasFaults: Words(_("Mend the lines that are listed, then upload the file again.")),
    # doing work
    NothingLeft: Words(
        _("Nothing is left of this work: others were faster. Look for other work."),
        by="code",
        cases={
            "all": _("You have done all that there was of this work: %(done)s. Look for other work."),
            "some": _("Nothing is left of it: you did %(done)s, others the rest. Look for other work."),
            "ended": _("This work is paused or over. Look for other work."),
        },
    ),
    NothingElse: Words(_("No other task of this work is free now. This one stays yours."), 409),
    NoMoreTime: Words(_("The requester allows no more time for this task."), 409),
    AlreadyReported: Words(_("You have reported this task already. Our staff look at it."), 409),
    TooManyReports: Words(_("You have made %(limit)s reports today. Go on tomorrow."), 429),
    ReportDecided: Words(_("Somebody has decided on this report meanwhile."), 409),
    AlreadyDone: Words(_("You have this task or did it before. Each task is done once per worker.")),
    ByLot: Words(_("Few places are left for many who want them, so lots are drawn: %(draw_at)s."), 409),
    QueueFull: Words(_("Your queue is full: %(limit)s accepted tasks at once. Finish or return one first.")),
    NotEligible: Words(_("This work asks for something that your record does not show yet.")),
    Paused: Words(
        _("Too much of your latest work was rejected, so you can take no new work until %(until)s.")
    ),
    BadStandingPolicy: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    Blocked: Words(_("This requester does not offer work to you. Look for work of others.")),
    NotActive: Words(
        _("Your worker account may not take work now."),
        by="state",
        cases={
            "pending": _("Your worker account waits for review. We write to you when you can start."),
            "refused": _("Your worker account was not approved, so it cannot take work."),
            "suspended": _("Your worker account is suspended, so it cannot take work."),
        },
    ),
    TaskClosed: Words(_("This task is closed: expired, withdrawn or paused by its requester."), 409),
    TooLate: Words(_("The time for this ended: %(deadline_at)s. The place is free for others now."), 409),
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
    BadDeadline: Words(_("A repair has at least one day and at most 30.")),
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
    # posting and reviewing
    BadTerms: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    CategoryRefused: Words(_("This house does not take this kind of work.")),
    ModerationNeeded: Words(_("Staff look at this kind of work before it is published.")),
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
    BadPlan: Words(_("Some values of this project are not right. Open the project and mend them.")),
    ModerationNotNeeded: Words(_("Nobody needs to look at this project now."), 409),
    ProjectArchived: Words(_("This project is archived. Restore it first."), 409),
    RefusalReasonMissing: Words(_("Say why, in at most %(limit)s characters: the requester reads it.")),
    CsvTooLarge: Words(_("The file is too large. It may have %(limit)s MB; split it into several."), 413),
    FileNeeded: Words(_("This project has variables: it needs a CSV file with the columns %(columns)s.")),
    FileNotNeeded: Words(_("This project has no variables, so it needs no file.")),
    AlreadyPublished: Words(_("This file was published already."), 409),
    UploadFaulty: Words(_("The file has faults, so nothing was published. Mend them and upload it again.")),
    ColumnsMissing: Words(
        _("The project now needs columns that this file lacks: %(columns)s. Upload a new file.")
    ),
    OutOfOrder: Words(_("These rows were published before."), 409),
    BadRequirements: Words(_("These requirements cannot be asked of workers.")),
    UnknownRequiredType: Words(_("The qualification that is asked for does not exist any more.")),
    InactiveRequiredType: Words(_("The qualification that is asked for is switched off.")),
    # documents in XML: what a validator says is for programmers, and is said as it is
    BadReviewPolicy: Words(_("The review policy cannot be followed as it is written.")),
    MissingParameters: Words(_("Values are missing for: %(names)s")),
    UnknownParameters: Words(_("The layout has no places for: %(names)s")),
    BadQuestion: Words(_("This document cannot be used: %(details)s")),
    BadXml: Words(_("This is not the XML that is needed here: %(details)s")),
    BadHtml: Words(_("This is not valid HTML: %(details)s")),
    BadFormattedContent: Words(_("FormattedContent holds something that is not allowed: %(details)s")),
    # qualifications
    BadFormerId: Words(_("A worker ID of Mechanical Turk is the letter A and more letters and digits.")),
    AlreadyConfirmed: Words(_("You have said already that this was %(worker_id)s."), 409),
    BlockNeedsReason: Words(_("Say why you block this worker.")),
    TooManyBlocks: Words(_("You can block %(limit)s workers at most. Lift a block that you no longer need.")),
    TypeNameTaken: Words(_("You already have a qualification of this name. Choose another one."), 409),
    EmptyMessage: Words(_("Write something first.")),
    LongMessage: Words(_("The text is too long: at most %(limit)s characters.")),
    TooManyMessages: Words(_("You can send %(limit)s messages a day. Go on tomorrow."), 429),
    NotWanted: Words(
        _("This person gets no messages from you."),
        by="by",
        cases={"me": _("You have blocked this sender. Lift the block to write to them.")},
    ),
    NoStrangers: Words(_("You can write to workers who have worked for you, or who wrote to you first.")),
    MayNotWrite: Words(_("Your worker account may not write to requesters now.")),
    BadRelayPolicy: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    BadMessage: Words(_("The message lacks something, or is too long.")),
    BadType: Words(
        _("One of the values is outside its limits. Check the form and try once more."),
        by="code",
        cases={
            "no_way_back": _("A test can be replaced, but not taken away."),
            "key_without_test": _("An answer key needs a test."),
            "test_without_time": _("Say how long the test may take."),
            "time_without_test": _("A time for the test needs a test."),
            "test_and_gift": _("A qualification has a test or is given at once, not both."),
            "value_without_gift": _("A value given at once needs a qualification that is given at once."),
        },
    ),
    BadGroup: Words(
        _("One of the values is outside its limits. Check the form and try once more."),
        by="field",
        cases={"workers": _("Give between one and %(limit)s worker IDs.")},
    ),
    InvitationClosed: Words(
        _("This invitation does not wait for an answer any more."),
        409,
        by="state",
        cases={"withdrawn": _("The requester has taken this invitation back.")},
    ),
    NotAMember: Words(_("This worker is not in the group."), 409),
    NotYours: Words(_("This does not exist, or it is not yours."), 404),
    TypeInactive: Words(_("This qualification is switched off.")),
    BadValue: Words(_("The value is too large or too small.")),
    NeverHeld: Words(_("The worker never had this qualification."), 409),
    AlreadyRevoked: Words(_("This qualification was taken back before."), 409),
    NotRequestable: Words(
        _("Nobody can ask for this qualification."),
        by="code",
        cases={
            "inactive": _("This qualification cannot be asked for at the moment."),
            "blocked": _("This requester does not offer work to you. Look for work of others."),
            "worker": _("Your worker account may not ask for qualifications now."),
        },
    ),
    AlreadyAsked: Words(_("You asked for it already. The requester has not decided yet."), 409),
    NoSecondTry: Words(_("This qualification can be asked for only once."), 409),
    TooEarly: Words(_("You can ask again from %(at)s."), 409),
    RequestClosed: Words(_("This has moved on since you looked, so it is not possible any more."), 409),
    FaultyTest: Words(_("Something is missing or not right in the form. Nothing was handed in yet.")),
    OverlongTest: Words(_("The answer is too long to hand in."), 413),
    OverdueTest: Words(_("The time for the test ended: %(deadline_at)s."), 409),
    NoSuchSubdivision: Words(_("Choose a state of the United States.")),
    WrongStatus: Words(_("The task has moved on since you looked, so this is not possible now."), 409),
    Unreviewed: Words(_("Answers to this task wait for your review: %(count)s. Review them first."), 409),
    WorkBegun: Words(_("Somebody has taken this task, so its terms stay as they are."), 409),
    BelowWall: Words(_("A task that was made with fewer than %(wall)s places stays below that.")),
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
    WorkerUnknown: Words(_("This is not the worker who did the work."), 404),
    ThingsOpen: Words(_("Something is still open. Look at the list, and end it first."), 409),
    StaffStay: Words(_("Accounts of staff are closed by the operator."), 409),
    ExportTooSoon: Words(_("There is a file of today. The next one from %(again_at)s on."), 429),
    NothingToTell: Words(_("No work of yours was approved or rejected yet, so a record would say nothing.")),
    NameUnknown: Words(_("Save your contact details first: the record takes your name from there.")),
    TooManyRecords: Words(
        _("You may have %(limit)s records signed in a day. Please wait until tomorrow."), 429
    ),
    BadDevice: Words(_("Notices cannot be sent to this browser.")),
    AlreadyDelivered: Words(_("This notification has arrived. It is not sent again."), 409),
    BadDestination: Words(_("Notifications cannot be sent to this destination.")),
    BadSpecification: Words(_("One of the values is not one that notifications can have.")),
    NothingSpecified: Words(_("Say first where notifications of this task type go."), 409),
    NothingToSet: Words(_("Nothing was chosen, so nothing has changed.")),
    TestNotDelivered: Words(_("The test did not arrive: %(reason)s."), 409),
    TestUnderWay: Words(_("Another test is under way. Wait until it has ended."), 429),
    TokenReused: Words(_("This bonus form was used for another bonus. Load the page again."), 409),
    # files
    BadFile: Words(_("This file cannot be taken.")),
    FileEmpty: Words(_("The file is empty.")),
    FileTooLarge: Words(_("The file is too large. Files of this kind may have %(limit_size)s."), 413),
    FileKindRefused: Words(
        _("Only pictures, PDF documents, and sound or video recordings can be handed in.")
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
    WrongOffset: Words(_("The upload goes on at another place."), 409),
    MoreThanAnnounced: Words(_("The file is larger than was said. Choose it again."), 413),
    ImageTooLarge: Words(_("The picture has too many pixels: at most %(limit)s are possible.")),
    AlreadyAWorker: Words(_("You already have a worker account."), 409),
    AlreadyARequester: Words(_("You already post tasks as %(name)s."), 409),
    NameNeeded: Words(_("Please give a name that workers will see.")),
    ReasonNeeded: Words(_("Please write the reason: the person has a right to know it.")),
    WrongWorkerState: Words(_("This worker account has changed meanwhile. Look again."), 409),
    BadSearch: Words(
        _("Give the search a name of at most 80 characters."),
        by="code",
        cases={"unknown": _("Choose how often you want to be told.")},
    ),
    SearchNameTaken: Words(_("You have a search called %(name)s. Choose another name."), 409),
    TooManySearches: Words(_("You can keep %(limit)s searches. Remove one first.")),
    TooManyTokens: Words(_("You can have %(limit)s tokens at once. Revoke one that you no longer use.")),
    BadTokenName: Words(_("Give the token a name of at most %(limit)s characters.")),
    BadLotteryPolicy: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    TooManyMarks: Words(_("You can mark %(limit)s requesters and kinds of work. Remove some first.")),
    BadLiking: Words(_("Something can be a favourite or hidden, nothing else.")),
    TooManyKeys: Words(_("You can have %(limit)s access keys at once. Revoke one that you no longer use.")),
    EmailTaken: Words(_("Someone has already registered with this e-mail address."), 409),
}


def refusal_message(refused: Refused) -> str:
    """The sentence for ``refused`` in the reader's language."""
    facts = {name: formats.fact(value) for name, value in refused.facts.items()}
    if isinstance(limit := refused.facts.get("limit"), int):
        facts["limit_size"] = formats.filesize(limit)
    return _words(refused).sentence(refused.facts) % facts


def refusal_status(refused: Refused) -> int:
    return _words(refused).status


def refusal_code(refused: Refused) -> str:
    """A stable name for machines: ``NothingLeft`` is ``nothing_left``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(refused).__name__).lower()


def _words(refused: Refused) -> Words:
    return next(WORDS[kind] for kind in type(refused).__mro__ if kind in WORDS)
