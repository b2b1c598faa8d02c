"""A person gets everything that is held about them, to them only; and may leave, paid out and forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tests.notices.asking import specification
from tests.notices.telling import tell_at_once
from tests.web.joining import PASSWORD, signed_in, verified_user, visitor
from tests.web.reading import streamed
from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.refunds import ask_refund, finish_refund_by_hand
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import send_payout, settle_payout
from tukro.money.models import Payout, PayoutMethod
from tukro.money.rules.deposits import SeenDispute
from tukro.notices.actions.keeping import Letter, keep_mails
from tukro.notices.actions.settings import set_notification
from tukro.notices.models import Delivery, Destination, Mail, Notice, NotificationSetting
from tukro.notices.rules.notifications import MAIL_KEY
from tukro.people.actions.contact import Contact, save_contact, save_profile
from tukro.people.models import ContactDetails, Profile, Requester, Session, User, Worker
from tukro.privacy.actions import exporting
from tukro.privacy.actions.closing import StaffStay, ThingsOpen, close_account
from tukro.privacy.actions.exporting import ExportTooSoon, ask_for_export
from tukro.privacy.jobs import delete_exports, make_exports
from tukro.privacy.models import DataExport
from tukro.privacy.queries import OPEN, links_to_people, still_open
from tukro.privacy.rules import LEFT_OUT, SECRET_COLUMNS
from tukro.web.account.oneself.own_data import OPEN_WORDS
from tukro.work.actions.doing.assigning import return_assignment
from tukro.work.actions.publishing import ensure_task_type
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import ProofFile

pytestmark = pytest.mark.django_db

WALLET = {"number": "01712345678"}


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path


def paid(worker: Worker, reward: str = "12.00") -> Worker:
    done = make.submitted(by=worker, of=make.batch(of_terms=make.terms(reward=reward)))
    requester = Requester.objects.get(pk=done.requester_id)
    approve_assignments(requester=requester, assignment_ids=[done.public_id], now=NOW)
    return worker


def withdraw(worker: Worker, amount: str, closing: bool = False) -> None:
    method = make.payout_method(of=worker, details=WALLET)
    payout = request_payout(
        worker=worker, method_id=method.pk, amount=Money.parse(amount), now=NOW, closing=closing
    )
    shirin = User.objects.filter(is_staff=True).first() or cast.shirin()
    send_payout(by=shirin.actor, payout_id=payout.public_id, reference="TX1", now=NOW)
    settle_payout(by=shirin.actor, payout_id=payout.public_id, now=NOW)


def what_is_open(user: User) -> list[str]:
    """The codes of what stands against closing."""
    with pytest.raises(ThingsOpen):
        close_account(user=user, now=NOW)
    return [one.code for one in still_open(user)]


def the_file(user: User) -> zipfile.ZipFile:
    ask_for_export(user=user, now=timezone.now())
    assert make_exports(timezone.now()) == 1
    export = DataExport.objects.get(user=user)
    answer = signed_in(user).get(f"/account/data/{export.public_id}/download")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(streamed(answer)))


def test_what_is_left_out_is_still_there_to_be_left_out() -> None:
    links = {f"{model._meta.label}.{column}" for model, column in links_to_people()}
    assert set(LEFT_OUT) - links == set()
    assert set(OPEN_WORDS) == set(OPEN)


def test_the_file_holds_every_table_that_leads_to_the_person() -> None:
    rahima = paid(cast.rahima())
    save_contact(user=rahima.user, contact=Contact("রহিমা খাতুন", "Road 5", "1216", "Dhaka", "BD"), now=NOW)
    make.payout_method(of=rahima, details=WALLET)
    archive = the_file(rahima.user)
    names = set(archive.namelist())
    mine = {
        f"data/{label}.json"
        for model, column in links_to_people()
        if (label := f"{model._meta.label}.{column}") not in LEFT_OUT
        and model._meta.get_field(column).related_model is not Requester
    }
    assert mine - names == set()
    contact = json.loads(archive.read("data/people.ContactDetails.user.json"))
    assert contact[0]["full_name"] == "রহিমা খাতুন"
    assert json.loads(archive.read("data/work.Assignment.worker.json"))[0]["answer"]
    assert json.loads(archive.read("data/money.PayoutMethod.worker.json"))[0]["details"] == WALLET
    assert "reward" in archive.read(f"statement/{rahima.public_id}.csv").decode()
    assert "AssignmentSubmitted" in archive.read("history/journal.json").decode()


def test_no_key_and_nobody_elses_rows_are_in_the_file() -> None:
    rahima, tanvir = paid(cast.rahima()), cast.tanvir()
    other = make.submitted(by=tanvir)
    archive = the_file(rahima.user)
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert other.public_id not in text
    assert tanvir.user.email not in text
    for name in archive.namelist():
        if name.startswith("data/"):
            columns = {column for row in json.loads(archive.read(name)) for column in row}
            assert not columns & SECRET_COLUMNS


def test_a_file_that_cannot_be_made_holds_up_no_other() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    make.payout_method(of=rahima, details=WALLET)
    PayoutMethod.objects.update(sealed_details=b"sealed by another house")
    for worker in (rahima, tanvir):
        ask_for_export(user=worker.user, now=NOW)
    assert make_exports(NOW) == 1
    assert DataExport.objects.get(made_at=NOW).user == tanvir.user


@pytest.mark.django_db(transaction=True)
def test_whoever_follows_the_journal_does_not_wait_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    really, seen = exporting._write, []

    def looks(user: User, draft: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id_if_assigned()")
            seen.append(cursor.fetchone())
        really(user, draft)

    monkeypatch.setattr(exporting, "_write", looks)
    ask_for_export(user=cast.rahima().user, now=NOW)
    assert make_exports(NOW) == 1
    assert seen == [(None,)]


def test_a_file_that_was_not_written_to_its_end_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    really = exporting._write

    def dies(_user: User, draft: Path) -> None:
        draft.write_text("begun")
        raise ConnectionError("the power went out")

    monkeypatch.setattr(exporting, "_write", dies)
    ask_for_export(user=cast.rahima().user, now=NOW)
    assert make_exports(NOW) == 0
    monkeypatch.setattr(exporting, "_write", really)
    assert make_exports(NOW + timedelta(minutes=59)) == 0
    assert make_exports(NOW + timedelta(hours=1)) == 1


def test_pictures_are_taken_into_the_file_as_they_are(tmp_path: Path) -> None:
    accepted = make.accepted(by=cast.rahima())
    for media_type in ("image/jpeg", "text/plain"):
        name = media_type.replace("/", ".")
        (tmp_path / name).write_bytes(b"seen " * 100)
        ProofFile.objects.create(
            public_id=name,
            assignment=accepted,
            field="proof",
            name=name,
            media_type=media_type,
            size=500,
            sha256="",
            path=name,
            uploaded_at=NOW,
        )
    packed = {one.filename: one.compress_type for one in the_file(accepted.worker.user).infolist()}
    assert packed["files/image.jpeg-image.jpeg"] == zipfile.ZIP_STORED
    assert packed["files/text.plain-text.plain"] == zipfile.ZIP_DEFLATED


def test_the_file_is_told_private_and_gone_after_a_week() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    client = signed_in(rahima.user)
    client.post("/account/data")
    client.post("/account/data")  # twice is once
    make_exports(timezone.now())
    tell_at_once()
    assert Notice.objects.get(user=rahima.user).link == "/account/data"
    export = DataExport.objects.get()
    address = f"/account/data/{export.public_id}/download"
    assert signed_in(tanvir.user).get(address).status_code == 404
    assert visitor().get(address).status_code == 302
    with pytest.raises(ExportTooSoon):
        ask_for_export(user=rahima.user, now=export.asked_at + timedelta(hours=23))
    assert delete_exports(timezone.now() + timedelta(days=7)) == 1
    assert client.get(address).status_code == 404


def test_an_account_is_not_closed_while_something_is_open() -> None:
    rahima = cast.rahima()
    batch = make.batch(rows=2)
    accepted = make.accepted(by=rahima, of=batch)
    assert what_is_open(rahima.user) == ["work"]
    return_assignment(worker=rahima, assignment_id=accepted.public_id, reason_code="other", now=NOW)
    submitted = make.submitted(by=rahima, of=batch)
    assert what_is_open(rahima.user) == ["review"]
    approve_assignments(
        requester=Requester.objects.get(pk=submitted.requester_id),
        assignment_ids=[submitted.public_id],
        now=NOW,
    )
    assert what_is_open(rahima.user) == ["balance"]
    withdraw(rahima, "0.05", closing=True)  # less than is usually paid out
    close_account(user=rahima.user, now=NOW)
    with pytest.raises(StaffStay):
        close_account(user=User.objects.get(is_staff=True), now=NOW)


def test_a_requester_with_money_or_open_tasks_stays() -> None:
    karim = make.requester(funds="1.00")
    make.batch(of=karim)
    assert what_is_open(karim.user) == ["tasks", "requester_balance"]


def test_who_left_is_forgotten_and_the_books_still_prove() -> None:
    user = verified_user()
    rahima = paid(make.worker(of=user))
    save_contact(user=user, contact=Contact("রহিমা খাতুন", "Road 5", "1216", "Dhaka", "BD"), now=NOW)
    save_profile(user=user, languages=["bn"], skills=["typing"], devices=["phone"], now=NOW)
    withdraw(rahima, "12.00")
    tell_at_once()
    client, elsewhere = visitor(), visitor()
    for one in (client, elsewhere):
        one.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/account/close")["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.post("/account/close")["Location"] == "/"
    assert elsewhere.get("/account/").status_code == 302
    for model in (ContactDetails, Profile, Notice, Session):
        rows: type[Model] = model
        assert not rows._default_manager.filter(user=user).exists()
    assert not Mail.objects.filter(to="rahima@example.org").exists()
    user.refresh_from_db()
    rahima.refresh_from_db()
    assert (user.is_active, user.has_usable_password(), rahima.state) == (False, False, "closed")
    assert "rahima" not in user.email
    # The books keep their numbers; the proofs that run after each test look at them.
    assert Payout.objects.get(worker=rahima).state == "settled"
    assert Event.objects.filter(subject=rahima.public_id).exists()
    close_account(user=user, now=NOW)  # twice is once
    newcomer = verified_user("rahima@example.org")  # the address is free again
    assert newcomer.pk != user.pk


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_written_while_the_account_is_closed_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, rahima = exporting._write, cast.rahima()

    def closed_meanwhile(user: User, draft: Path) -> None:
        really(user, draft)
        close_account(user=user, now=NOW)

    monkeypatch.setattr(exporting, "_write", closed_meanwhile)
    ask_for_export(user=rahima.user, now=NOW)
    assert make_exports(NOW) == 0
    assert list((tmp_path / "exports").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_who_leaves_takes_the_file_along(tmp_path: Path) -> None:
    rahima = cast.rahima()
    ask_for_export(user=rahima.user, now=NOW)
    assert make_exports(NOW) == 1
    close_account(user=rahima.user, now=NOW)
    assert list((tmp_path / "exports").iterdir()) == []


def test_drafts_and_files_that_no_row_knows_are_swept_and_ready_ones_stay(tmp_path: Path) -> None:
    ask_for_export(user=cast.rahima().user, now=NOW)
    make_exports(NOW)
    folder = tmp_path / "exports"
    [ready] = folder.iterdir()
    for name in (".3X.zip.4711", "3GONE.zip"):
        (folder / name).write_text("left behind")
    now = timezone.now()
    DataExport.objects.update(expires_at=now + timedelta(days=7))
    assert delete_exports(now) == 0  # they may be written at this moment
    assert delete_exports(now + timedelta(hours=2)) == 2
    assert list(folder.iterdir()) == [ready]


def test_mails_to_every_address_of_who_leaves_are_erased_and_nobody_elses() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    make.payout_method(of=rahima, kind="paypal", details={"email": "purse@example.org"})
    make.payout_method(of=rahima, kind="skrill", details={"email": "second@example.org"})
    EmailAddress.objects.create(user=rahima.user, email="Earlier@example.org", verified=True)
    EmailAddress.objects.create(user=rahima.user, email=tanvir.user.email, verified=False)  # only claimed
    tell_at_once()
    assert Mail.objects.filter(to="purse@example.org", subject="Another place for your withdrawals").exists()
    others = [Letter(f"test:{to}", to, "Hello", "Text") for to in (tanvir.user.email, "purse@example.org")]
    keep_mails([*others, Letter("test:earlier", "earlier@Example.org", "Hello", "Text")], now=NOW)
    close_account(user=rahima.user, now=NOW)
    assert set(Mail.objects.values_list("key", flat=True)) >= {letter.key for letter in others}
    left = Mail.objects.exclude(to=tanvir.user.email).exclude(key="test:purse@example.org")
    assert not left.exists()


def test_nothing_is_told_to_the_programs_of_who_left(settings: Settings) -> None:
    settings.PRIVATE_HOOKS = True
    karim = make.requester(funds="0")
    task_types = [
        ensure_task_type(requester=karim, terms=make.terms(title=title), now=NOW)
        for title in ("Type", "Check")
    ]
    asked = zip(task_types, (("Email", karim.user.email), ("SNS", "http://localhost/hook")), strict=True)
    for task_type, (transport, address) in asked:
        set_notification(
            requester=karim,
            task_type_id=task_type.public_id,
            specification=specification(transport, address),
            active=True,
            now=NOW,
        )
    mailed = Destination.objects.get(channel="email")
    Delivery.objects.create(
        destination=mailed,
        task_type=task_types[0],
        event_id=1,
        event_type="HITReviewable",
        happened_at=NOW,
        task="3TASK",
        document_id="1",
        version="2014-08-15",
        due_at=NOW,
        queued_at=NOW,
    )
    keep_mails([Letter(f"{MAIL_KEY}1", "karim.earlier@example.org", "HITReviewable", "Text")], now=NOW)
    Destination.objects.filter(pk=mailed.pk).update(address="karim.earlier@example.org")
    close_account(user=karim.user, now=NOW)
    assert not Mail.objects.exists()
    for model in (Delivery, NotificationSetting, Destination):
        rows: type[Model] = model
        assert not rows._default_manager.exists()


def test_languages_skills_and_devices_are_kept() -> None:
    user = cast.rahima().user
    client = signed_in(user)
    chosen = {"languages": ["bn", "en"], "skills": ["typing"], "devices": ["phone"]}
    assert client.post("/account/profile", chosen).status_code == 302
    kept = Profile.objects.get(user=user)
    assert (kept.languages, kept.skills, kept.devices) == (["bn", "en"], ["typing"], ["phone"])
    assert client.post("/account/profile", {"languages": ["xx"]}).status_code == 422
    assert "Bangla" in client.get("/account/profile").content.decode()


def test_a_requester_with_a_debt_or_a_payment_under_way_does_not_leave() -> None:
    karim = make.requester(funds="0")
    deposit = create_deposit(requester=karim, amount=Money.parse("50.00"), provider="bank", now=NOW)
    make.settled(deposit, payment_ref="T1", now=NOW)
    refund = ask_refund(requester=karim, deposit_id=deposit.public_id, amount=Money.parse("50.00"), now=NOW)
    assert what_is_open(karim.user) == ["payment"]
    seen = SeenDispute(ref="D1", amount=Money.parse("50.00"), taken=True, closed=False)
    note_dispute(deposit_id=deposit.public_id, seen=seen, now=NOW)
    finish_refund_by_hand(by=HOUSE, refund_id=refund.public_id, reference="R1", now=NOW)
    assert what_is_open(karim.user) == ["debt"]
