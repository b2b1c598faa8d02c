"""Messages on the pages of both sides and of staff."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast, make
from tests.web.market import signed_in
from tukro.notices.models import Conversation, Message, RelayPolicy
from tukro.work.models import Assignment

pytestmark = pytest.mark.django_db


def handed_in() -> Assignment:
    return make.submitted(
        by=cast.rahima(), of=make.batch(of=cast.karim(), now=timezone.now()), now=timezone.now()
    )


def test_a_question_from_the_history_is_answered_on_the_answers_page() -> None:
    one = handed_in()
    worker, requester = signed_in(one.worker), signed_in(one.task.task_type.requester.user)
    record = f"/history/{one.public_id}"
    begin = f"/messages/about/{one.public_id}"
    assert begin in worker.get(record).content.decode()
    assert worker.get(begin).status_code == 200
    refused = worker.post(begin, {"text": " "})
    assert (refused.status_code, "Write something first" in refused.content.decode()) == (422, True)
    sent = worker.post(begin, {"text": "Was it a 7? Call 01712345678"})
    talk = Conversation.objects.get()
    assert sent.headers["Location"] == f"/messages/{talk.public_id}"
    assert "were taken out" in worker.get(sent.headers["Location"]).content.decode()
    assert worker.get(begin).headers["Location"] == f"/messages/{talk.public_id}", (
        "it goes on where it stands"
    )

    inbox = requester.get("/requester/messages").content.decode()
    assert "1 new" in inbox
    shown = requester.get(f"/requester/assignments/{one.public_id}").content.decode()
    assert "Was it a 7? Call •••" in shown
    assert "1 new" not in requester.get("/requester/messages").content.decode()
    page = f"/requester/messages/{talk.public_id}"
    assert requester.post(page, {"text": "It was."}).status_code == 302
    assert "It was." in worker.get(record).content.decode()
    assert worker.get(f"/messages/{talk.public_id}/topic").headers["Location"] == record
    topic = requester.get(f"{page}/topic").headers["Location"]
    assert topic == f"/requester/assignments/{one.public_id}"


def test_preview_profile_and_work_page_lead_to_the_requester() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    batch = make.batch(of=karim, rows=2, now=timezone.now())
    client = signed_in(rahima)
    group = batch.task_type.group_id
    live = make.accepted(by=rahima, of=batch, now=timezone.now())
    assert f"/messages/about/{group}" in client.get(f"/projects/{group}/tasks").content.decode()
    assert (
        f"/messages/about/{karim.public_id}" in client.get(f"/requesters/{karim.public_id}").content.decode()
    )
    work = f"/projects/{group}/tasks/{live.task.public_id}?assignment_id={live.public_id}"
    assert f"/messages/about/{live.public_id}" in client.get(work).content.decode()
    client.post(f"/messages/about/{group}", {"text": "Is it open to me?"})
    talk = Conversation.objects.get()
    preview = client.get(f"/messages/{talk.public_id}/topic").headers["Location"]
    assert preview == f"/projects/{group}/tasks"


def test_a_sender_is_blocked_a_message_reported_and_staff_settle_it() -> None:
    one = handed_in()
    worker, requester = signed_in(one.worker), signed_in(one.task.task_type.requester.user)
    requester.post(f"/requester/messages/about/{one.worker.public_id}", {"text": "You are lazy"})
    talk, message = Conversation.objects.get(), Message.objects.get()
    page = f"/messages/{talk.public_id}"
    worker.post(f"{page}/mute")
    assert "Lift the block" in worker.get(page).content.decode()
    assert worker.post(page, {"text": "No"}).status_code == 422
    blocked = requester.post(f"/requester{page}", {"text": "Hm"})
    assert (blocked.status_code, "gets no messages from you" in blocked.content.decode()) == (422, True)
    worker.post(f"{page}/report", {"message": message.public_id, "note": "Insults"})
    assert "You reported this" in worker.get(page).content.decode()
    worker.post(f"{page}/unmute")
    assert worker.post(page, {"text": "No"}).status_code == 302

    staff = signed_in(cast.shirin())
    shown = staff.get("/staff/messages").content.decode()
    assert "You are lazy" in shown
    assert "Insults" in shown
    staff.post(f"/staff/messages/{message.report.pk}/settle")
    assert "You are lazy" not in staff.get("/staff/messages").content.decode()


def test_staff_set_the_rules_for_messages() -> None:
    staff = signed_in(cast.shirin())
    rules = {"contacts": "warn", "links": "mask", "worker_per_day": "7", "requester_per_day": "70"}
    assert staff.post("/staff/policy/messages", rules).status_code == 302
    kept = RelayPolicy.objects.get()
    assert (kept.contacts, kept.links, kept.worker_per_day, kept.requester_per_day) == ("warn", "mask", 7, 70)
    assert staff.post("/staff/policy/messages", rules | {"links": "shout"}).status_code == 422
    assert signed_in(cast.rahima()).get("/staff/policy/messages").status_code == 404


def test_strangers_see_no_conversation() -> None:
    one = handed_in()
    signed_in(one.worker).post(f"/messages/about/{one.public_id}", {"text": "Mine"})
    talk = Conversation.objects.get()
    other = signed_in(cast.tanvir())
    assert other.get(f"/messages/{talk.public_id}").status_code == 404
    assert other.get(f"/messages/about/{one.public_id}").status_code == 404
    assert signed_in(make.requester().user).get(f"/requester/messages/{talk.public_id}").status_code == 404


@pytest.mark.parametrize("side", ["worker", "requester"])
def test_every_address_of_messages_is_guarded_and_takes_its_methods_alone(side: str, client: Client) -> None:
    of_worker, of_requester = signed_in(cast.rahima()), signed_in(make.requester().user)
    mine, other = (of_worker, of_requester) if side == "worker" else (of_requester, of_worker)
    takes = {"message_mute": "POST", "message_unmute": "POST", "message_report": "POST"}
    for name in ("messages", "message_begin", "conversation", "message_topic", *takes):
        named = {"messages": [], "message_begin": ["3ABC"]}.get(name, ["3XYZ"])
        page = reverse(f"{side}:{name}", args=named)
        method = takes.get(name, "GET")
        assert client.generic(method, page).headers["Location"].startswith("/account/login/"), page
        assert other.generic(method, page).status_code == (302 if method == "GET" else 404), page
        assert mine.generic(method, page).status_code == (200 if name == "messages" else 404), page
        wrong = "GET" if name in takes else "DELETE"
        assert mine.generic(wrong, page).status_code == 405, page
