"""Lists of sanctioned people on the page of staff and on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import cast, make
from tests.money.law.test_screening import PLAIN, say
from tests.providers.paying import earner
from tukro.cli.commands import sanctions as command
from tukro.money.actions.law.screening import screen_due
from tukro.money.actions.law.screening_requesters import screen_due_requesters
from tukro.vetting.models import SanctionsHit, SanctionsList
from tukro.vetting.queries.sanctions import stands_against

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cast.shirin())
    return client


def test_staff_read_a_list_in_and_clear_a_hit(staff: Client) -> None:
    worker = earner("60.00")
    say(worker, "Rahima Khatun")
    rubbish = SimpleUploadedFile("list.csv", b"a,b\n1,2\n")
    refused = staff.post("/staff/sanctions/import", {"source": "UN", "people": rubbish})
    assert refused.status_code == 422
    file = SimpleUploadedFile("list.csv", PLAIN.encode())
    staff.post("/staff/sanctions/import", {"source": "UN", "people": file})
    assert screen_due(timezone.now()) == 1
    [hit] = SanctionsHit.objects.all()
    page = staff.get("/staff/sanctions").content.decode()
    assert "Rahima Khatun" in page
    assert "1971" in page
    assert "People on it: 1, read" in page
    assert f"{staff.get('/staff/holds').content.decode()}".count("/staff/sanctions") >= 2  # its own page
    staff.post(f"/staff/sanctions/{hit.public_id}/decide", {"verdict": "cleared", "note": "Born 1998"})
    assert "Born 1998" in staff.get("/staff/sanctions?state=decided").content.decode()
    kept = staff.post(
        f"/staff/sanctions/{hit.public_id}/decide", {"verdict": "confirmed", "note": "Seen"}, follow=True
    )
    assert "Payments of this person stay held." in kept.content.decode()
    staff.post("/staff/sanctions/likeness", {"likeness": "90"})
    assert 'value="90"' in staff.get("/staff/sanctions").content.decode()


def test_staff_see_a_requesters_hit_in_the_queue_and_release_them_with_a_reason(staff: Client) -> None:
    karim = make.requester(funds="0", name="Rahima Khatun")
    file = SimpleUploadedFile("list.csv", PLAIN.encode())
    staff.post("/staff/sanctions/import", {"source": "UN", "people": file})
    assert screen_due_requesters(timezone.now()) >= 1
    assert "Requesters like somebody on a sanctions list" in staff.get("/staff/money").content.decode()
    page = staff.get("/staff/sanctions").content.decode()
    assert karim.user.email in page
    [hit] = SanctionsHit.objects.all()
    staff.post(f"/staff/sanctions/{hit.public_id}/decide", {"verdict": "cleared", "note": "Born 1998"})
    assert not stands_against(karim)


def test_the_command_reads_a_list_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "un.csv"
    file.write_text(PLAIN)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["import", str(file), "--source", "UN"])) == 0
    assert command.run(parser.parse_args(["lists"])) == 0
    assert "UN: 1 person, read" in capsys.readouterr().out
    assert SanctionsList.objects.get().source == "UN"
    file.write_text("a,b\n")
    assert command.run(parser.parse_args(["import", str(file)])) == 1
    assert command.run(parser.parse_args(["import", str(tmp_path / "absent.csv")])) == 1
