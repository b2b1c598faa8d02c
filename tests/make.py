"""Builders: each makes one thing as the house itself would, with as little said as possible.

What a test is about, it says; everything else has a default. Money is real: holds and balances are made
by the verbs.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tukro.campaigns.actions.projects import create_project
from tukro.campaigns.actions.uploads import read_upload
from tukro.campaigns.models import Project, Upload
from tukro.campaigns.rules.plans import Plan
from tukro.kernel.ids import new_id, new_person_id
from tukro.kernel.money import Money
from tukro.money.actions.balances.escrow import pay_bonus
from tukro.money.actions.deposits import deposit_play_money, note_sighting
from tukro.money.actions.paying_out.methods import add_method, confirm_method
from tukro.money.models import Deposit, PayoutMethod
from tukro.money.rules import PayoutKindName
from tukro.money.rules.deposits import Sighting
from tukro.people.aliases import KEY, NO_KEY
from tukro.people.models import ProvedAddress, Requester, User, Worker, WorkerState
from tukro.qualifications.models import QualificationType
from tukro.qualifications.rules import Requirement
from tukro.work.actions.doing.assigning import accept_next, submit_assignment
from tukro.work.actions.publishing import CHUNK, Terms, finish_publishing, publish_rows, start_batch
from tukro.work.actions.publishing.tasks import Asked, Offer, create_task_on_terms
from tukro.work.models import Assignment, Batch, Task

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

_numbers = itertools.count(1)


def user(*, email: str = "", password: str = "", **fields: object) -> User:
    """A person who can sign in when a password is given (none by default)."""
    address = email or f"person{next(_numbers)}@example.org"
    return User.objects.create_user(address, password or None, **fields)


def worker(
    *,
    email: str = "",
    state: str = WorkerState.ACTIVE,
    country: str = "BD",
    of: User | None = None,
    proved: bool = True,
) -> Worker:
    """A worker. ``proved``: the house vouches for the address, so the first withdrawal needs no letter."""
    made = Worker.objects.create(
        user=of or user(email=email),
        public_id=new_person_id(),
        state=state,
        country=country,
        requested_at=NOW,
    )
    if proved:
        ProvedAddress.objects.create(worker=made, place="", how="house", proved_at=NOW)
    return made


def with_earnings(worker: Worker, amount: str, *, now: datetime = NOW) -> Worker:
    """The worker after somebody paid them so much."""
    pay_bonus(
        requester_id=requester(funds=amount).public_id,
        worker_id=worker.public_id,
        amount=Money.parse(amount),
        fee=Money.zero(),
        key=f"bonus:{new_id()}",
        subject="work",
        at=now,
    )
    return worker


def requester(
    *,
    email: str = "",
    name: str = "Karim Studio",
    funds: Money | str = "1000.00",
    of: User | None = None,
    aliases: bool = False,
) -> Requester:
    """A requester with play money. ``aliases``: they know workers by ids of their own."""
    made = Requester.objects.create(
        user=of or user(email=email),
        public_id=new_person_id(),
        name=name,
        created_at=NOW,
        alias_key=KEY if aliases else NO_KEY,
    )
    if amount := Money.parse(funds) if isinstance(funds, str) else funds:
        deposit_play_money(requester=made, amount=amount, now=NOW)
    return made


def settled(deposit: Deposit, *, payment_ref: str, now: datetime = NOW) -> Deposit:
    """The deposit after its provider said that all of it was paid."""
    seen = Sighting(state="paid", paid=deposit.asked, payment=payment_ref)
    return note_sighting(deposit_id=deposit.public_id, seen=seen, now=now)


def payout_method(
    *,
    of: Worker,
    kind: PayoutKindName = "bkash",
    details: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> PayoutMethod:
    """A place for the worker's money that was confirmed long ago; a bKash number of their own by default."""
    said = details or {"number": f"017{of.pk:08d}"}
    earlier = now - timedelta(days=30)
    return confirm_method(method=add_method(worker=of, kind=kind, details=said, now=earlier), now=earlier)


def waited_out(method: PayoutMethod, *, now: datetime) -> PayoutMethod:
    """The place as it is when its worker followed the mail's link and the days of waiting are over."""
    PayoutMethod.objects.filter(pk=method.pk).update(usable_from=now)
    return confirm_method(method=method, now=now)


def staff(*, email: str = "") -> User:
    return user(email=email, is_staff=True)


def qualification_type(*, of: Requester, name: str = "Reads Bengali") -> QualificationType:
    return QualificationType.objects.create(public_id=new_id(), requester=of, name=name, created_at=NOW)


def terms(
    *,
    title: str = "Which digit is this?",
    description: str = "Look at a small picture and say which digit it shows.",
    keywords: str = "image, digits",
    category: str = "image",
    reward: str = "0.05",
    duration_seconds: int = 600,
    auto_approve_seconds: int = 3 * 86400,
    estimate_seconds: int | None = None,
    extensions: int = 0,
    extension_seconds: int = 0,
    requirements: Sequence[Requirement] = (),
    language: str = "",
    on_phone: bool | None = None,
) -> Terms:
    return Terms(
        title=title,
        description=description,
        keywords=keywords,
        category=category,
        reward=Money.parse(reward),
        duration_seconds=duration_seconds,
        auto_approve_seconds=auto_approve_seconds,
        estimate_seconds=estimate_seconds,
        extensions=extensions,
        extension_seconds=extension_seconds,
        requirements=tuple(requirements),
        language=language,
        on_phone=on_phone,
    )


def batch(
    *,
    of: Requester | None = None,
    rows: Sequence[Mapping[str, str]] | int = 1,
    places: int = 1,
    of_terms: Terms | None = None,
    question_kind: str = "html",
    question_body: str = "<p>${image}</p>",
    lifetime_seconds: int = 7 * 86400,
    now: datetime = NOW,
) -> Batch:
    """A published batch; ``rows`` is the rows or how many."""
    inputs = [{"image": f"{no}.png"} for no in range(1, rows + 1)] if isinstance(rows, int) else list(rows)
    made = start_batch(
        requester=of or requester(),
        terms=of_terms or terms(),
        question_kind=question_kind,
        question_body=question_body,
        name="Digits",
        places=places,
        row_count=len(inputs),
        input_columns=list(inputs[0]),
        lifetime_seconds=lifetime_seconds,
        moderated=True,
        now=now,
    )
    for first in range(0, len(inputs), CHUNK):
        publish_rows(batch_id=made.public_id, first_no=first + 1, rows=inputs[first : first + CHUNK], now=now)
    finish_publishing(batch_id=made.public_id, now=now)
    made.refresh_from_db()
    return made


def task(*, places: int = 1, of: Requester | None = None, of_terms: Terms | None = None) -> Task:
    """A batch's only task."""
    return batch(places=places, of=of, of_terms=of_terms).tasks.get()


HTML_QUESTION = (
    '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd">'
    "<HTMLContent><![CDATA[{body}]]></HTMLContent><FrameHeight>{height}</FrameHeight></HTMLQuestion>"
)


def asked(
    *, kind: str = "html", body: str = "<p>Which digit?</p>", source: str = "", height: int = 0
) -> Asked:
    """What a task of the wire asks: a page, unless its kind says otherwise."""
    xml = HTML_QUESTION.format(body=body, height=height)
    return Asked(kind=kind, body=body, source=source or xml, frame_height=height)


def wire_task(
    *,
    of: Requester | None = None,
    of_terms: Terms | None = None,
    what: Asked | None = None,
    places: int = 1,
    lifetime_seconds: int = 7 * 86400,
    annotation: str = "",
    now: datetime = NOW,
) -> Task:
    """A task made on the wire, with the type that its terms say."""
    offer = Offer(
        asked=what or asked(), places=places, lifetime_seconds=lifetime_seconds, annotation=annotation
    )
    task_id = create_task_on_terms(
        requester=of or requester(), terms=of_terms or terms(category="other"), offer=offer, now=now
    )
    return Task.objects.get(public_id=task_id)


def accepted(*, by: Worker | None = None, of: Batch | None = None, now: datetime = NOW) -> Assignment:
    """A worker's accepted assignment in a batch."""
    group_id = (of or batch()).task_type.group_id
    taken = accept_next(worker=by or worker(), group_id=group_id, now=now)
    return Assignment.objects.get(public_id=taken.assignment_id)


def submitted(
    *,
    by: Worker | None = None,
    of: Batch | None = None,
    fields: Sequence[tuple[str, str]] = (("digit", "7"),),
    now: datetime = NOW,
    after: timedelta = timedelta(0),
) -> Assignment:
    """A worker's submitted assignment in a batch; ``after``: how long the work took."""
    made = accepted(by=by, of=of, now=now)
    submit_assignment(worker=made.worker, assignment_id=made.public_id, fields=fields, now=now + after)
    made.refresh_from_db()
    return made


def plan(**decided: Any) -> Plan:
    """What a requester wants done: a page with one variable, unless ``decided`` says otherwise."""
    usual: dict[str, Any] = {
        "kind": "template",
        "name": "Digits",
        "title": "Which digit is this?",
        "description": "Look at a small picture and say which digit it shows.",
        "category": "image",
        "reward": Money.parse("0.05"),
        "template": '<p>${image}</p><input name="digit">',
    }
    return Plan(**(usual | decided))


def project(*, of: Requester | None = None, **decided: Any) -> Project:
    return create_project(requester=of or requester(), plan=plan(**decided), now=NOW)


def csv_file(content: str | bytes, name: str = "digits.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content, "text/csv")


def upload(*, of: Project | None = None, rows: int = 3, content: str | bytes = "") -> Upload:
    """A file that was read for a project of one variable, ``image``."""
    lines = "".join(f"{no}.png\n" for no in range(1, rows + 1))
    return read_upload(file=csv_file(content or f"image\n{lines}"), project=of or project(), now=NOW)
