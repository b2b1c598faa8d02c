"""Pages of the result file: out with the answers, back with verdicts, confirmed on a page of its own."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import make
from tests.web.reading import streamed
from tukro.campaigns.models import ReviewFile
from tukro.people.models import Requester
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import Assignment, Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(karim: Requester) -> Batch:
    return make.batch(of=karim, rows=2, now=timezone.now())


@pytest.fixture
def answers(batch: Batch) -> list[Assignment]:
    return [make.submitted(of=batch, fields=[("digit", "=1+1")], now=timezone.now()) for _no in range(2)]


def upload(client: Client, batch: Batch, text: str | bytes, name: str = "reviewed.csv") -> str:
    """Bring a file back; the address of its summary."""
    content = text.encode() if isinstance(text, str) else text
    response = client.post(
        f"/requester/batches/{batch.public_id}/results/upload", {"file": SimpleUploadedFile(name, content)}
    )
    assert response.status_code == 302
    return str(response.headers["Location"])


def test_the_file_is_streamed_under_mturks_name(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    response = as_karim.get(f"/requester/batches/{batch.public_id}/results.csv")
    assert response.streaming
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="Batch_{batch.public_id}_batch_results.csv"'
    )
    text = streamed(response).decode()
    table = list(csv.DictReader(io.StringIO(text)))
    assert [row["AssignmentId"] for row in table] == [answer.public_id for answer in answers]
    assert table[0]["Answer.digit"] == "=1+1"


@pytest.mark.usefixtures("answers")
def test_the_spreadsheet_form_tames_formulas(as_karim: Client, batch: Batch) -> None:
    response = as_karim.get(f"/requester/batches/{batch.public_id}/results.csv?for=spreadsheet")
    text = streamed(response).decode("utf-8-sig")
    assert [row["Answer.digit"] for row in csv.DictReader(io.StringIO(text))] == ["'=1+1", "'=1+1"]


def test_what_will_happen_is_shown_first_and_then_done(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    first, second = answers
    address = upload(
        as_karim,
        batch,
        f"AssignmentId,Approve,Reject\n{first.public_id},x,\n{second.public_id},,Wrong digit\n",
    )
    shown = as_karim.get(address)
    assert (shown.context["plan"].approve, shown.context["plan"].reject) == (1, 1)

    done = as_karim.post(address)

    assert done.headers["Location"] == f"/requester/batches/{batch.public_id}/results"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.feedback) == ("approved", "rejected", "Wrong digit")
    assert as_karim.get(address).status_code == 200


def test_an_answer_that_was_approved_meanwhile_is_named_to_who_wanted_to_reject_it(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    first, second = answers
    lines = f"{first.public_id},,Wrong digit\n{second.public_id},,Wrong digit\n"
    address = upload(as_karim, batch, f"AssignmentId,Approve,Reject\n{lines}")
    approve_assignments(requester=batch.requester, assignment_ids=[first.public_id], now=timezone.now())
    before = as_karim.get(address)
    assert (before.context["plan"].reject, before.context["plan"].unchanged) == (1, 0)
    assert first.public_id in before.content.decode()

    done = as_karim.post(address, follow=True)

    assert done.redirect_chain[-1][0] == address
    html = done.content.decode()
    assert "Applied: 1. Stood so already: 0." in html
    assert "Not applied, because they were decided otherwise meanwhile: 1." in html
    assert first.public_id in html
    assert second.public_id not in html


def test_faults_are_listed_by_line_and_nothing_is_offered(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    address = upload(
        as_karim, batch, f"AssignmentId,Approve,Reject\n{answers[0].public_id},x,no\n3<b>X</b>,x,\n"
    )
    shown = as_karim.get(address)
    html = shown.content.decode()
    assert [fault["line"] for fault in shown.context["faults"]] == ["2", "3"]
    assert "3&lt;b&gt;X&lt;/b&gt;" in html
    refused = as_karim.post(address)
    assert refused.status_code == 422
    assert answers[0].state == "submitted"


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"a,b\n1,2\n", 422), ("নাম".encode("utf-16"), 422), (b"", 422)],
)
def test_a_file_that_is_none_is_refused_on_the_page(
    as_karim: Client, batch: Batch, content: bytes, status: int
) -> None:
    response = as_karim.post(
        f"/requester/batches/{batch.public_id}/results/upload",
        {"file": SimpleUploadedFile("x.csv", content)},
    )
    assert response.status_code == status
    assert response.context["form"].errors
    assert ReviewFile.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 of Excel", "This is a spreadsheet, not a CSV file. Open it in the spreadsheet program"),
        (b"\xd0\xcf\x11\xe0 of an old Excel", "This is a spreadsheet, not a CSV file."),
        (b"%PDF-1.7 of a printer", "This is not a CSV file."),
        (b"", "The file is empty."),
        (b"AssignmentId,Approve\n" + b"\xff" * 9, "This is not a CSV file in UTF-8."),
    ],
)
def test_what_came_in_place_of_a_csv_is_called_by_its_name(
    as_karim: Client, batch: Batch, content: bytes, said: str
) -> None:
    address = f"/requester/batches/{batch.public_id}/results/upload"
    refused = as_karim.post(address, {"file": SimpleUploadedFile("x.csv", content)})
    assert said in " ".join(refused.context["form"].errors["file"])


def test_no_file_at_all_is_refused(as_karim: Client, batch: Batch) -> None:
    response = as_karim.post(f"/requester/batches/{batch.public_id}/results/upload")
    assert response.status_code == 422


def test_another_requesters_file_does_not_exist(
    as_karim: Client, batch: Batch, answers: list[Assignment]
) -> None:
    address = upload(as_karim, batch, f"AssignmentId,Approve,Reject\n{answers[0].public_id},x,\n")
    stranger = Client()
    stranger.force_login(make.requester().user, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404
    response = stranger.post(
        f"/requester/batches/{batch.public_id}/results/upload",
        {"file": SimpleUploadedFile("x.csv", b"AssignmentId,Approve,Reject\n")},
    )
    assert response.status_code == 404


def test_the_page_costs_the_same_for_any_number_of_files(
    as_karim: Client,
    batch: Batch,
    answers: list[Assignment],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _no in range(3):
        upload(as_karim, batch, f"AssignmentId,Approve,Reject\n{answers[0].public_id},x,\n")
    as_karim.get("/requester/balance")
    with django_assert_num_queries(4):
        as_karim.get(f"/requester/batches/{batch.public_id}/results")
