"""Accepting, the work page, drafts, files, handing in, returning."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import address, html_batch, proof_batch, signed_in, taken
from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.people.models import Worker, WorkerState
from tukro.web.refusals import refusal_message
from tukro.work.actions.doing.assigning import TooLate, accept_next, return_assignment
from tukro.work.actions.publishing import pause_batch
from tukro.work.actions.reviewing import approve_assignment, ask_revision
from tukro.work.models import Assignment, Draft, ProofFile

pytestmark = pytest.mark.django_db

ANSWER = {"summary": "ছোট সারাংশ", "mood": "good", "topics": ["a", "c"]}


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES_ROOT=tmp_path):
        yield tmp_path


def screenshot(name: str = "পর্দা.png", colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def state_of(assignment_id: str) -> str:
    return Assignment.objects.get(public_id=assignment_id).state


# --- accept ---


def test_accepting_leads_to_the_work_page() -> None:
    rahima, batch = cast.rahima(), proof_batch()
    answer = signed_in(rahima).post(f"/projects/{batch.task_type.group_id}/tasks/accept_random")
    made = Assignment.objects.get(worker=rahima)
    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"] == (
        f"/projects/{batch.task_type.group_id}/tasks/{made.task.public_id}?assignment_id={made.public_id}"
    )


def test_a_script_accepts_and_submits_with_one_statement_each(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    batch = html_batch()
    client = signed_in(cast.rahima())
    client.post(f"/projects/{batch.task_type.group_id}/tasks/accept_random?format=json")  # facts are computed
    with django_assert_num_queries(1):
        answer = client.post(f"/projects/{batch.task_type.group_id}/tasks/accept_random?format=json")
    made = answer.json()
    assert (answer.status_code, made["state"]) == (HTTPStatus.OK, "Assigned")
    submit = f"/projects/{made['hit_set_id']}/tasks/{made['task_id']}/submit"
    with django_assert_num_queries(1):
        handed_in = client.post(
            f"{submit}?assignment_id={made['assignment_id']}&format=json",
            {"digit": ["7", "8"], "csrfmiddlewaretoken": "x"},
        )
    assert handed_in.json()["state"] == "Submitted"
    kept = Assignment.objects.get(public_id=made["assignment_id"])
    assert kept.handed_in == {"fields": [["digit", "7|8"]]}


def test_nothing_is_accepted_by_reading() -> None:
    batch = html_batch()
    page = f"/projects/{batch.task_type.group_id}/tasks"
    client = signed_in(cast.rahima())
    assert client.get(f"{page}/accept_random")["Location"] == page
    assert client.get(f"{page}/accept_random?format=json").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert not Assignment.objects.exists()


def test_a_forged_accept_is_refused() -> None:
    rahima, batch = cast.rahima(), html_batch()
    answer = signed_in(rahima, strict=True).post(f"/projects/{batch.task_type.group_id}/tasks/accept_random")
    assert (answer.status_code, Assignment.objects.count()) == (HTTPStatus.FORBIDDEN, 0)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (WorkerState.PENDING, "waits for review"),
        (WorkerState.SUSPENDED, "suspended"),
        (WorkerState.REFUSED, "not approved"),
    ],
)
def test_who_may_not_work_is_told_so(state: str, words: str) -> None:
    batch = html_batch()
    client = signed_in(make.worker(state=state))
    address = f"/projects/{batch.task_type.group_id}/tasks/accept_random"
    assert words in client.post(address).content.decode()
    answer = client.post(f"{address}?format=json")
    assert (answer.status_code, answer.json()["error"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "not_active")


def test_when_nothing_is_left_the_way_leads_back() -> None:
    batch = html_batch(rows=1, places=1)
    taken(cast.tanvir(), batch)
    rahima = signed_in(cast.rahima())
    address = f"/projects/{batch.task_type.group_id}/tasks/accept_random"
    answer = rahima.post(address, headers={"referer": "http://testserver/projects?sort=reward_desc"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="/projects?sort=reward_desc"' in answer.content.decode()


def test_when_nothing_is_left_the_reason_is_the_true_one() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    batch = make.batch(of=karim, rows=2, now=timezone.now())
    group = batch.task_type.group_id

    def told(worker: Worker) -> str:
        answer = signed_in(worker).post(f"/projects/{group}/tasks/accept_random?format=json")
        assert answer.json()["error"] == "nothing_left"
        return str(answer.json()["message"])

    first = accept_next(worker=rahima, group_id=group, now=timezone.now())
    accept_next(worker=tanvir, group_id=group, now=timezone.now())
    assert told(make.worker()) == "Nothing is left of this work: others were faster. Look for other work."
    assert told(rahima) == "Nothing is left of it: you did 1, others the rest. Look for other work."
    return_assignment(
        worker=rahima, assignment_id=first.assignment_id, reason_code="unclear", now=timezone.now()
    )
    pause_batch(requester=karim, batch_id=batch.public_id, now=timezone.now())
    assert told(tanvir) == "This work is paused or over. Look for other work."
    own = make.batch(of=karim, of_terms=make.terms(title="Two of my own"), rows=2, now=timezone.now())
    group = own.task_type.group_id
    for _ in range(2):
        accept_next(worker=rahima, group_id=group, now=timezone.now())
    assert told(rahima) == "You have done all that there was of this work: 2. Look for other work."


# --- the work page ---


def test_the_work_page_shows_terms_time_and_form() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    page = signed_in(rahima).get(address(accepted)).content.decode()
    for shown in (
        "Read and sum up",
        "Karim Studio",
        "$0.40",
        "https://example.org/topic-",
        "সারাংশ লিখুন",
        "Hand in",
    ):
        assert shown in page
    assert f'data-deadline="{accepted.deadline_at:%Y-%m-%dT%H:%M:%SZ}"' in page
    assert 'rel="nofollow noopener noreferrer" target="_blank"' in page


def test_a_strangers_page_is_shown_in_its_cage_with_a_warning() -> None:
    rahima = cast.rahima()
    page = signed_in(rahima).get(address(taken(rahima, html_batch()))).content.decode()
    assert 'sandbox="allow-scripts allow-forms allow-modals ' in page
    assert "No passwords or one-time codes here" in page


def test_other_peoples_work_is_not_found() -> None:
    accepted = taken(cast.rahima(), proof_batch())
    tanvir = signed_in(cast.tanvir())
    assert tanvir.get(address(accepted)).status_code == HTTPStatus.NOT_FOUND
    for act in ("submit", "draft", "return"):
        answer = tanvir.post(address(accepted, act), {**ANSWER, "reason": "other"})
        assert answer.status_code == HTTPStatus.NOT_FOUND, act
    assert state_of(accepted.assignment_id) == "accepted"
    assert tanvir.get(address(accepted) + "&format=json").json()["error"] == "not_found"


@pytest.mark.parametrize("assignment_id", ["", "3NOSUCH", "'; drop table x; --", "%00", "১২৩"])
def test_an_id_that_is_rubbish_is_not_found(assignment_id: str) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    page = f"/projects/{accepted.group_id}/tasks/{accepted.task_id}"
    client = signed_in(rahima)
    assert client.get(f"{page}?assignment_id={assignment_id}").status_code == HTTPStatus.NOT_FOUND
    answer = client.post(f"{page}/submit?assignment_id={assignment_id}", ANSWER)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_an_assignment_is_found_only_under_its_own_task() -> None:
    rahima = cast.rahima()
    accepted, other = taken(rahima, proof_batch()), taken(rahima, html_batch())
    mixed = f"/projects/{other.group_id}/tasks/{other.task_id}?assignment_id={accepted.assignment_id}"
    assert signed_in(rahima).get(mixed).status_code == HTTPStatus.NOT_FOUND


def test_the_page_of_work_whose_time_is_over_says_so() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    Assignment.objects.update(deadline_at=timezone.now() - timedelta(minutes=5))
    client = signed_in(rahima)
    answer = client.get(address(accepted))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The time for this ended" in answer.content.decode()
    assert client.post(address(accepted, "draft"), ANSWER).status_code == HTTPStatus.CONFLICT


# --- draft ---


def test_a_draft_is_kept_and_shown_again() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    assert client.post(address(accepted, "draft"), ANSWER).status_code == HTTPStatus.NO_CONTENT
    page = client.get(address(accepted)).content.decode()
    assert ">ছোট সারাংশ</textarea>" in page
    assert 'value="good" checked' in page
    assert 'value="a" checked' in page
    assert 'value="b" checked' not in page
    assert 'value="c" checked' in page


# --- files ---


def test_a_screenshot_is_uploaded_without_a_script_and_the_form_is_kept(files_root: Path) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    answer = client.post(address(accepted, "submit"), {**ANSWER, "proof": screenshot(), ":upload": "1"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, address(accepted))
    file = ProofFile.objects.get(assignment__public_id=accepted.assignment_id)
    assert (file.field, file.name, file.media_type) == ("proof", "পর্দা.png", "image/png")
    assert (files_root / file.path).stat().st_size == file.size
    assert Draft.objects.get().body["fields"][0] == ["summary", "ছোট সারাংশ"]
    assert state_of(accepted.assignment_id) == "accepted"


def test_a_file_is_handed_in_together_with_the_answer() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    signed_in(rahima).post(address(accepted, "submit"), {**ANSWER, "proof": screenshot()})
    assert state_of(accepted.assignment_id) == "submitted"
    assert ProofFile.objects.filter(assignment__public_id=accepted.assignment_id).count() == 1


def test_a_file_is_taken_back(files_root: Path) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    client.post(address(accepted, "submit"), {"proof": screenshot(), ":upload": "1"})
    file = ProofFile.objects.get()
    client.post(address(accepted, "submit"), {":remove_file": file.public_id})
    assert ProofFile.objects.count() == 0
    assert not (files_root / file.path).exists()


def test_a_file_that_is_not_taken_is_named_at_its_field_and_nothing_is_stored(files_root: Path) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    photo = SimpleUploadedFile("IMG_1.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "image/heic")
    answer = signed_in(rahima).post(address(accepted, "submit"), {**ANSWER, "proof": photo})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    shown = answer.content.decode()
    assert "Save a picture of another kind as JPEG, and choose that." in shown
    assert ">ছোট সারাংশ</textarea>" in shown
    assert state_of(accepted.assignment_id) == "accepted"
    assert list(files_root.rglob("*.*")) == []


def test_a_field_takes_only_so_many_files(files_root: Path) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    pictures = [screenshot(colour=colour) for colour in ("red", "green", "blue")]
    answer = client.post(address(accepted, "submit"), {"proof": pictures, ":upload": "1"})
    assert "takes at most 2 files" in answer.content.decode()
    assert ProofFile.objects.count() == len(list(files_root.rglob("*.png"))) == 2


def test_the_same_file_twice_is_one_file(files_root: Path) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    for _ in range(2):
        client.post(address(accepted, "submit"), {"proof": screenshot(), ":upload": "1"})
    assert ProofFile.objects.count() == len(list(files_root.rglob("*.png"))) == 1


def test_a_file_for_a_field_that_is_none_is_not_found() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    answer = signed_in(rahima).post(address(accepted, "submit"), {"summary": screenshot(), ":upload": "1"})
    assert (answer.status_code, ProofFile.objects.count()) == (HTTPStatus.NOT_FOUND, 0)


def test_a_file_is_shown_to_its_worker_its_requester_and_staff_alone() -> None:
    rahima, batch = cast.rahima(), proof_batch()
    accepted = taken(rahima, batch)
    client = signed_in(rahima)
    client.post(address(accepted, "submit"), {**ANSWER, "proof": screenshot()})
    link = f"/files/{ProofFile.objects.get().public_id}"
    shirin = cast.shirin()
    for person in (rahima, batch.requester.user, shirin):
        answer = signed_in(person).get(link)
        assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.OK, "image/png")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''%E0")
        assert answer.getvalue()[:4] == b"\x89PNG"
    looks = Event.objects.filter(name="FileViewed")  # of staff; those whose file it is are nobody's business
    assert [(one.actor, one.subject) for one in looks] == [(str(shirin.actor), link.removeprefix("/files/"))]
    for stranger in (cast.tanvir(), cast.karim().user):
        assert signed_in(stranger).get(link).status_code == HTTPStatus.NOT_FOUND


# --- hand in ---


def test_an_answer_is_handed_in_and_the_worker_is_told() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    answer = client.post(address(accepted, "submit"), ANSWER, follow=True)
    assert "Handed in. $0.40 is yours when the work is approved." in answer.content.decode()
    kept = Assignment.objects.get(public_id=accepted.assignment_id)
    assert kept.handed_in == {"fields": [["summary", "ছোট সারাংশ"], ["mood", "good"], ["topics", "a|c"]]}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("next_too", [False, True])
def test_who_is_paid_at_once_reads_that_and_not_that_it_waits(next_too: bool) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch(of_terms=make.terms(auto_approve_seconds=0)))
    sent = ANSWER | ({":accept_next": "1"} if next_too else {})
    answer = signed_in(rahima).post(address(accepted, "submit"), sent, follow=True).content.decode()
    assert "Handed in and approved. $0.05 is in your balance." in answer
    assert ("Here is the next task." in answer) == next_too
    assert "when the work is approved" not in answer
    done = signed_in(rahima).get(address(accepted, "done")).content.decode()
    assert "is approved, and $0.05 is in your balance." in done


def test_a_faulty_form_comes_back_with_every_fault_named() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    answer = signed_in(rahima).post(address(accepted, "submit"), {"summary": "না", "mood": "purple"})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "This is too short: at least 5 characters, now 2." in page
    assert "Choose one of the options." in page
    assert ">না</textarea>" in page
    assert state_of(accepted.assignment_id) == "accepted"


def test_a_faulty_form_is_refused_as_data_too() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    answer = signed_in(rahima).post(address(accepted, "submit") + "&format=json", {})
    assert (answer.status_code, answer.json()["error"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "bad_answer")


def test_handing_in_twice_is_one_answer() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    for _ in range(2):
        assert client.post(address(accepted, "submit"), ANSWER).status_code == HTTPStatus.FOUND
    assert Assignment.objects.filter(answer__isnull=False).count() == 1


def test_the_next_task_is_accepted_by_itself_when_asked() -> None:
    rahima, batch = cast.rahima(), proof_batch(rows=2)
    client = signed_in(rahima)
    first = client.post(address(taken(rahima, batch), "submit"), {**ANSWER, ":accept_next": "1"})
    second = Assignment.objects.get(worker=rahima, state="accepted")
    assert first["Location"].endswith(f"?assignment_id={second.public_id}")
    page = client.get(first["Location"]).content.decode()
    assert 'name=":accept_next" value="1" data-submit>' in page  # remembered: what Enter does, too
    assert "data-submit-other>Hand in and stop" in page
    last = client.post(
        first["Location"].replace("?", "/submit?"), {**ANSWER, ":accept_next": "1"}, follow=True
    )
    assert "That was the last task of this work for you." in last.content.decode()


def test_after_the_last_task_of_a_page_of_a_requester_nothing_has_gone_wrong() -> None:
    rahima, batch = cast.rahima(), html_batch(rows=2)
    client = signed_in(rahima)
    client.post("/tasks/next", {":accept_next": "1"})
    for _ in range(2):
        last = taken(rahima, batch)
        client.post(address(last, "submit") + "&format=json", {"digit": "7"})
    went_on = client.post(f"/projects/{last.group_id}/tasks/accept_random", {":handed_in": "1"}, follow=True)
    assert went_on.status_code == HTTPStatus.OK
    assert went_on.redirect_chain[-1][0] == f"/projects/{last.group_id}/tasks"
    shown = went_on.content.decode()
    assert "Handed in." in shown
    assert "That was the last task of this work for you." in shown


def test_after_the_only_task_no_next_one_is_offered_and_the_choice_stays_for_other_work() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    client.post("/tasks/next", {":accept_next": "1"})
    only = taken(rahima, proof_batch(rows=1))
    page = client.get(address(only)).content.decode()
    assert "data-submit>Hand in</button>" in page
    assert [words in page for words in (":accept_next", 'data-key="s"')] == [False, False]
    client.post(address(only, "submit"), ANSWER)
    several = client.get(address(taken(rahima, proof_batch(rows=2)))).content.decode()
    assert 'name=":accept_next" value="1" data-submit>' in several
    assert 'data-key="s"' in several


def test_after_the_only_page_of_a_requester_no_next_one_is_offered() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    client.post("/tasks/next", {":accept_next": "1"})
    only = taken(rahima, html_batch(rows=1))
    assert "Accept the next task by itself" not in client.get(address(only)).content.decode()
    client.post(address(only, "submit") + "&format=json", {"digit": "7"})
    done = client.get(address(only, "done")).content.decode()
    assert "Find other work" in done
    assert [words in done for words in ('data-key="n"', "data-go")] == [False, False]


def test_a_repair_shows_what_is_asked_and_the_answer_so_far() -> None:
    rahima, batch = cast.rahima(), proof_batch()
    accepted = taken(rahima, batch)
    client = signed_in(rahima)
    client.post(address(accepted, "submit"), ANSWER)
    ask_revision(
        requester=batch.requester,
        assignment_id=accepted.assignment_id,
        reason_code="unclear",
        feedback="দয়া করে আরও লিখুন",
        now=timezone.now(),
    )
    page = client.get(address(accepted)).content.decode()
    assert "The answer is not clear" in page
    assert "দয়া করে আরও লিখুন" in page
    assert ">ছোট সারাংশ</textarea>" in page
    client.post(address(accepted, "submit"), {**ANSWER, "summary": "আরও লম্বা সারাংশ"})
    assert state_of(accepted.assignment_id) == "submitted"


def test_a_repair_is_given_back_without_a_reason_and_the_answer_counts() -> None:
    rahima, batch = cast.rahima(), proof_batch()
    accepted = taken(rahima, batch)
    client = signed_in(rahima)
    client.post(address(accepted, "submit"), ANSWER)
    ask_revision(
        requester=batch.requester,
        assignment_id=accepted.assignment_id,
        reason_code="unclear",
        feedback="Which one?",
        now=timezone.now(),
    )
    page = client.get(address(accepted)).content.decode()
    assert "Leave the answer as it is" in page
    assert "Why do you return it?" not in page
    answer = client.post(address(accepted, "return"), follow=True)
    assert answer.redirect_chain == [(f"/history/{accepted.assignment_id}", 302)]
    assert "It was not repaired: this answer counts as it is." in answer.content.decode()
    assert state_of(accepted.assignment_id) == "submitted"


def test_a_repair_that_is_handed_in_too_late_is_told_that_the_answer_counts() -> None:
    late = TooLate(deadline_at=timezone.now(), state="revising")
    assert "Your earlier answer counts" in refusal_message(late)
    assert "free for others" in refusal_message(TooLate(deadline_at=timezone.now(), state="accepted"))


def test_work_that_is_decided_is_not_drawn_as_a_form() -> None:
    rahima, batch = cast.rahima(), proof_batch()
    accepted = taken(rahima, batch)
    client = signed_in(rahima)
    client.post(address(accepted, "submit"), ANSWER)
    approve_assignment(
        requester=batch.requester, assignment_id=accepted.assignment_id, feedback="", now=timezone.now()
    )
    answer = client.get(address(accepted))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This work is approved already." in answer.content.decode()


def test_after_a_task_page_handed_in_the_worker_goes_on() -> None:
    rahima, batch = cast.rahima(), html_batch()
    accepted = taken(rahima, batch)
    client = signed_in(rahima)
    early = client.get(address(accepted, "done"), follow=True)
    assert "Nothing is handed in yet" in early.content.decode()
    client.post("/tasks/next", {":accept_next": "1"})
    client.post(address(accepted, "submit") + "&format=json", {"digit": "7"})
    page = client.get(address(accepted, "done")).content.decode()
    assert "Next task" in page
    assert "data-go" in page
    assert Assignment.objects.filter(worker=rahima, state="accepted").count() == 0  # reading takes nothing


# --- return ---


@pytest.mark.parametrize("by_script", [True, False])
def test_a_task_is_returned_with_a_reason(by_script: bool) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    client = signed_in(rahima)
    if by_script:
        client.post(address(accepted) + "&format=json", {"_method": "delete"})
    else:
        client.post(address(accepted, "return"), {"reason": "broken"})
    made = Assignment.objects.get(public_id=accepted.assignment_id)
    assert (made.state, made.reason_code) == ("returned", "other" if by_script else "broken")


def test_a_reason_that_is_not_of_the_list_is_refused() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    answer = signed_in(rahima).post(address(accepted, "return"), {"reason": "<b>"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert state_of(accepted.assignment_id) == "accepted"


def test_the_smallest_reward_is_shown_exactly() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch(of_terms=make.terms(reward="0.01")))
    assert "$0.01" in signed_in(rahima).get(address(accepted)).content.decode()
    assert Money.parse("0.01").units == 10_000
