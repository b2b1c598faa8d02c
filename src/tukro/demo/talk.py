"""What people of the demo market say to each other: questions, an appeal, invitations, a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tukro.notices.actions.talking import begin_as_requester, begin_as_worker, reply, report_message
from tukro.people.aliases import alias
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.groups import answer_invitation, create_group, invite
from tukro.work.actions.doing.appealing import appeal
from tukro.work.models import Assignment, AssignmentState


def talk(*, requesters: Mapping[str, Requester], workers: Mapping[str, Worker], now: datetime) -> None:
    """Everything of this morning and of last night."""
    _questions(requesters, workers, now - timedelta(hours=9))
    _appeals(requesters["lab"], now - timedelta(hours=6))
    _groups(requesters, workers, now - timedelta(hours=5))


def _questions(requesters: Mapping[str, Requester], workers: Mapping[str, Worker], night: datetime) -> None:
    lab, rahima, jahid = requesters["lab"], workers["rahima"], workers["jahid"]
    done = _latest(rahima, lab)
    asked = begin_as_requester(
        requester=lab,
        about=done,
        text="Your answers are very careful. May we ask how you tell a 1 from a 7 when the bar is missing?",
        now=night,
    )
    reply(
        side="worker",
        person=rahima,
        conversation_id=asked.conversation.public_id,
        text="ওপরের দাগটা দেখি। না থাকলে পাশের সংখ্যাগুলো একই হাতের লেখা কি না মিলিয়ে দেখি।",
        now=night + timedelta(hours=1),
    )
    begin_as_requester(
        requester=lab,
        about=done,
        text="Thank you! We will put that into the instructions: www.example.org/guide",
        now=night + timedelta(hours=2),
    )
    pushy = begin_as_worker(
        worker=jahid, about=_latest(jahid, lab), text="Pay me directly, call 01711 000 222 now!", now=night
    )
    report_message(
        side="requester",
        person=lab,
        message_id=pushy.public_id,
        note="Wants to be paid outside",
        now=night + timedelta(hours=2),
    )


def _appeals(lab: Requester, at: datetime) -> None:
    """The first worker whose rejection can still be appealed against does so."""
    rejected = Assignment.objects.filter(
        state=AssignmentState.REJECTED, requester_id=lab.pk, release_at__gt=at
    ).select_related("worker")
    own = rejected.filter(worker__user__email__startswith="rahima").order_by("id").first()
    for one in [own or rejected.order_by("id").first()]:
        if one is not None:
            text = "ছবিটি আবার দেখুন: ওপরের দাগটি হালকা, কিন্তু আছে। উত্তরটি ঠিক ছিল বলে মনে করি।"
            appeal(worker=one.worker, assignment_id=one.public_id, text=text, now=at)


def _groups(requesters: Mapping[str, Requester], workers: Mapping[str, Worker], at: datetime) -> None:
    lab, school = requesters["lab"], requesters["school"]
    eyes = create_group(
        requester=lab,
        name="Careful eyes",
        description="Small pictures that need a patient look. A few every week, better paid.",
        now=at,
    )
    ids = [alias(workers[key], lab) for key in ("rahima", "nusrat", "shilpi")]
    invite(
        requester=lab,
        group_id=eyes.public_id,
        worker_ids=ids,
        note="আপনার কাজ আমাদের খুব ভালো লেগেছে।",
        now=at,
    )
    answer_invitation(worker=workers["nusrat"], group_id=eyes.public_id, accept=True, now=at)
    tellers = create_group(
        requester=school,
        name="গল্পকার",
        description="ছোটদের জন্য ছোট গল্প লেখেন যাঁরা।",
        now=at,
    )
    rahima = workers["rahima"]
    invite(requester=school, group_id=tellers.public_id, worker_ids=[alias(rahima, school)], now=at)
    answer_invitation(worker=rahima, group_id=tellers.public_id, accept=True, now=at)


def _latest(worker: Worker, requester: Requester) -> str:
    handed_in = Assignment.objects.filter(
        worker=worker, requester_id=requester.pk, submitted_at__isnull=False
    )
    found = handed_in.order_by("-id").values_list("public_id", flat=True).first()
    assert found, "the course lets everybody work for the lab"
    return found
