"""What the market decides without a database: states, reasons, limits, how places are split into lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tukro.questions.answering import name_of
from tukro.questions.question_form import FileUpload, QuestionForm

State = Literal["accepted", "submitted", "revising", "approved", "rejected", "returned", "abandoned"]
Verb = Literal["submit", "give_back", "expire", "approve", "reject", "ask_revision", "overturn"]

STATES: tuple[State, ...] = (
    "accepted",
    "submitted",
    "revising",
    "approved",
    "rejected",
    "returned",
    "abandoned",
)
VERBS: tuple[Verb, ...] = ("submit", "give_back", "expire", "approve", "reject", "ask_revision", "overturn")

# The life of an assignment. What is not listed is refused. ``expire`` is time passing the deadline; silence
# past the time to review is ``approve``. A repair that is given back or does not come leaves the answer as it
# was handed in: the requester has it.
TRANSITIONS: dict[tuple[State, Verb], State] = {
    ("accepted", "submit"): "submitted",
    ("accepted", "give_back"): "returned",
    ("accepted", "expire"): "abandoned",
    ("revising", "submit"): "submitted",
    ("revising", "give_back"): "submitted",
    ("revising", "expire"): "submitted",
    ("submitted", "approve"): "approved",
    ("submitted", "reject"): "rejected",
    ("submitted", "ask_revision"): "revising",
    ("rejected", "overturn"): "approved",
}

MAX_FILE_FIELD = 100  # characters of the name under which a file is kept

RECORDING_GRACE = 1  # seconds that a recording may be shorter or longer than asked

PARTIAL_FILES_AT_ONCE = 20  # uploads of one assignment that have not come to their end
PARTIAL_FILE_HOURS = 24  # an upload that stands still this long is forgotten
UNUSED_FILE_DAYS = 7  # files of work that was given up, and never handed in, are forgotten so long after

QUEUE_LIMIT = 25  # accepted assignments of one worker at once
GRACE_SECONDS = 10  # the way from the worker's button to us; a submission this late still counts
REVISION_SECONDS = 24 * 3600  # at least this long to mend what was sent back
REVISION_SECONDS_AT_MOST = 30 * 24 * 3600
REVISIONS_AT_MOST = 3  # times that one answer can be sent back
OVERTURN_DAYS = 30  # a rejection can be overturned this long after submission
APPEAL_DAYS = 7  # the money of a rejection waits this long before it goes back
MAX_APPEAL = 4000  # characters of what a worker says against a rejection
MAX_APPEAL_FILES = 5
EXTENSIONS_AT_MOST = 10  # times that a worker may take more time, where the requester allows any
HOURLY_SAMPLE = 5  # fewer measured assignments than this say nothing about pay per hour
CONDUCT_SAMPLE = 10  # fewer decisions than this say nothing about a requester
CONDUCT_KEPT = 200  # the latest decisions, of which medians are taken

PLACES_PER_LANE = 50
LANES_AT_MOST = 64

SEARCHES_AT_MOST = 50  # of one worker
MAX_SEARCH_NAME = 80
ALERT_EVERY = (900, 3600, 6 * 3600, 24 * 3600)  # seconds between two messages of one search
ALERT_NAMES = 5  # groups that a message names; the others are counted

YEAR = 365 * 24 * 3600
# Least and most of what a requester may ask for (mturk-api 2: the wire's own limits).
BATCH_LIMITS = {
    "places": (1, 1_000_000),
    "row_count": (1, 1_000_000),
    "lifetime_seconds": (30, YEAR),
    "duration_seconds": (30, YEAR),
    "auto_approve_seconds": (0, 30 * 24 * 3600),
    "estimate_seconds": (1, YEAR),
    "extensions": (0, EXTENSIONS_AT_MOST),
    "extension_seconds": (0, YEAR),
}

REJECTION_REASONS = (
    "wrong",
    "incomplete",
    "instructions",
    "bad_proof",
    "empty",
    "copied",
    "automated",
    "repeated",
    "other",
)
REVISION_REASONS = ("incomplete", "instructions", "bad_proof", "unclear", "other")
RETURN_REASONS = (
    "pays_too_little",
    "broken",
    "unclear",
    "unpaid_screener",
    "personal_data",
    "too_hard",
    "too_long",
    "no_time",
    "language",
    "other",
)
SKIPPED = "skipped"  # a return for another task of the same work; on nobody's record
REPORT_REASONS = (
    "secrets",
    "personal_data",
    "deceives",
    "fake_engagement",
    "downloads",
    "pay_first",
    "offensive",
    "broken",
    "other",
)
REPORTS_A_DAY = 20  # of one worker

# Languages that work can be listed under; what is written in neither script is listed under none.
LANGUAGES = ("bn", "en")

SORTS = (
    "updated_desc",
    "updated_asc",
    "reward_desc",
    "reward_asc",
    "num_hits_desc",
    "num_hits_asc",
    "hourly_desc",
)


def after(state: State, verb: Verb) -> State | None:
    """The state that ``verb`` leads to, or None when it is refused."""
    return TRANSITIONS.get((state, verb))


def lane_split(places: int) -> list[int]:
    """Capacities of a task's lanes. SQL's ``work_lane_split`` gives the same.

    One row can be taken by one worker at a time, so a task with many places counts them on several rows.
    """
    lanes = 1 if places <= PLACES_PER_LANE else min(LANES_AT_MOST, -(-places // PLACES_PER_LANE))
    share, rest = divmod(places, lanes)
    return [share + (no < rest) for no in range(lanes)]


def file_fields(form: QuestionForm) -> dict[str, str]:
    """For each question of a form that asks for a file: its name on the page, and the one in our keeping.

    That is the question's own name, as in the answer, unless there is no room for it.
    """
    return {
        name_of(position): question.identifier
        if 0 < len(question.identifier) <= MAX_FILE_FIELD
        else name_of(position)
        for position, question in enumerate(form.questions, start=1)
        if isinstance(question.answer, FileUpload)
    }


# --- A task as the wire sees it (mturk-api 4.1, 4.3): MTurk's HITStatus and the counters beside it ---

HitStatus = Literal["Assignable", "Unassignable", "Reviewable", "Reviewing", "Disposed"]
LIVING: tuple[HitStatus, ...] = ("Assignable", "Unassignable", "Reviewable", "Reviewing")
ENDED: tuple[HitStatus, ...] = ("Reviewing", "Reviewable")  # in the order in which MTurk names them

DISPOSE_DAYS = 120  # a task of the wire is disposed of this long after it last became reviewable
TOKEN_HOURS = 24  # a request token is remembered this long
PLACES_WALL = 10  # a task made with fewer places stays below this many, as on MTurk
# Least and most of what a task that is made by itself may have; what is not here is in BATCH_LIMITS.
TASK_LIMITS = BATCH_LIMITS | dict.fromkeys(("places", "added_places"), (1, 1_000_000_000))


@dataclass(frozen=True, slots=True)
class Tally:
    """What a task's status and counters follow from. The only place that says how.

    ``pending``: in workers' hands, the deadline not passed, those sent back for repair included.
    ``submitted`` wait for review, ``decided`` are approved (by silence, too) or rejected. ``expired``: past
    its end, or closed.
    """

    places: int
    pending: int = 0
    submitted: int = 0
    decided: int = 0
    expired: bool = False
    paused: bool = False
    reviewing: bool = False
    disposed: bool = False

    @property
    def is_full(self) -> bool:
        return self.pending + self.submitted + self.decided >= self.places

    @property
    def status(self) -> HitStatus:
        """A paused task is Unassignable: nobody can take it, and its requester can still let it go on."""
        if self.disposed:
            return "Disposed"
        if self.expired or self.is_full:
            if self.pending:
                return "Unassignable"
            return "Reviewing" if self.reviewing else "Reviewable"
        return "Unassignable" if self.paused else "Assignable"

    @property
    def available(self) -> int:
        """Places that a worker could take now; none any more once it is expired."""
        taken = self.pending + self.submitted + self.decided
        return max(self.places - taken, 0) if self.status == "Assignable" else 0
