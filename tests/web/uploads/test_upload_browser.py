"""Files and recordings in a real browser: made smaller, sent in pieces, going on where they stood."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from tests import make
from tests.web.browser import Visits, faults, overflow, until
from tests.web.market import address, proof_batch, taken
from tukro.people.models import Worker
from tukro.questions.proof import Field, Form, Kind
from tukro.web.doors import resumable
from tukro.web.templatetags import limits
from tukro.web.uploads.keeping import keep_file
from tukro.work.models import Assignment, PartialFile, ProofFile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


def photo(folder: Path, name: str, size: tuple[int, int]) -> Path:
    exif = Image.Exif()
    exif[0x010E] = "at home in Khulna"
    place = folder / name
    Image.effect_noise(size, 60).convert("RGB").save(place, "JPEG", quality=95, exif=exif)
    return place


def at_work(visit: Visits, form: Form, **look: Any) -> tuple[Page, Worker]:
    rahima = make.worker()
    held = taken(rahima, proof_batch(form=form))
    page = visit(user=rahima.user, installed=False, **look)
    page.goto(address(held))
    return page, rahima


def test_a_file_that_is_too_large_is_told_at_once_and_not_begun(
    visit: Visits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_RECORDING_BYTES", 1000)
    page, _rahima = at_work(visit, Form("Take a picture", (Field("shot", Kind.IMAGE, "Picture"),)))
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(1001))
    page.set_input_files("input[name=shot]", large)
    expect(page.get_by_text("The file is too large.")).to_be_visible()
    assert not PartialFile.objects.exists()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("[data-files] > li")).to_have_count(0)


def test_what_could_not_be_sent_is_forgotten_when_another_file_is_chosen(
    visit: Visits, tmp_path: Path
) -> None:
    page, _rahima = at_work(visit, Form("Send", (Field("doc", Kind.FILE, "Document", maximum=Decimal(2)),)))
    bad, good = tmp_path / "page.html", tmp_path / "good.pdf"
    bad.write_text("<script>1</script>" * 50)
    good.write_bytes(b"%PDF-1.7 " + b"text" * 1000)
    failed = page.locator("[data-files] .error")
    page.set_input_files("input[name=doc]", [bad, good])
    expect(page.get_by_text("Sent", exact=True)).to_have_count(1)
    expect(failed).to_have_count(1)  # chosen together: the one that worked hides nothing
    page.set_input_files("input[name=doc]", bad)
    expect(failed).to_have_count(1)
    page.set_input_files("input[name=doc]", good)
    expect(page.get_by_text("Sent", exact=True)).to_have_count(2)
    expect(failed).to_have_count(0)


def test_a_file_that_is_taken_back_makes_room_and_the_word_that_there_is_none_goes(visit: Visits) -> None:
    page, _rahima = at_work(visit, Form("Send", (Field("doc", Kind.FILE, "Document", maximum=Decimal(1)),)))
    page.route("**/uploads", lambda _route: None)  # it never ends
    page.evaluate(
        """() => {
          const box = document.querySelector("[data-upload=doc]");
          for (const name of ["one.pdf", "two.pdf"])
            box.dispatchEvent(new CustomEvent("tukro:file", { detail: new File(["%PDF-1.7 text"], name) }));
        }"""
    )
    many = page.get_by_text("This field takes no more files.")
    expect(many).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(many).to_have_count(0)
    expect(page.locator("[data-files] > li")).to_have_count(0)


def test_a_photo_is_made_smaller_goes_on_after_a_lost_line_and_a_reload_and_is_handed_in(
    visit: Visits, tmp_path: Path
) -> None:
    form = Form(
        "Take pictures",
        (Field("shot", Kind.IMAGE, "Pictures", maximum=Decimal(2)), Field("note", Kind.TEXT, "Note")),
    )
    page, _rahima = at_work(visit, form)
    expect(page.get_by_role("button", name="Upload")).to_be_hidden()
    pieces: list[int] = []

    def line(route: Route) -> None:
        """The first piece gets through, then the line is dead."""
        pieces.append(1)
        if len(pieces) == 1:
            route.continue_()
        else:
            route.abort()

    page.route("**/uploads/*", line)
    page.set_input_files("input[name=shot]", photo(tmp_path, "field.jpg", (3000, 2400)))
    page.wait_for_function("() => document.querySelector('[data-files] progress')?.value > 0")
    until(page, PartialFile.objects.filter(received__gt=0).exists)
    partial = PartialFile.objects.get()
    assert partial.size is not None
    assert 0 < partial.received < partial.size < (tmp_path / "field.jpg").stat().st_size
    page.unroute("**/uploads/*")
    page.reload()
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    kept = ProofFile.objects.get()
    with Image.open(tmp_path / kept.path) as picture:
        assert (max(picture.size), kept.name, len(picture.getexif())) == (2000, "field.jpg", 0)
    assert PartialFile.objects.count() == 1  # the reload went on with the same
    assert (faults(page), overflow(page)) == ([], 0)

    page.set_input_files("input[name=shot]", photo(tmp_path, "second.jpg", (400, 300)))
    expect(page.get_by_text("Sent", exact=True)).to_have_count(2)
    expect(page.locator("input[name=shot]")).to_be_hidden()
    page.get_by_label("Note").fill("two")
    page.locator("[data-submit]").click()
    expect(page.get_by_text("is yours when the work is approved")).to_be_visible()
    assert (Assignment.objects.filter(answer__isnull=False).count(), ProofFile.objects.count()) == (1, 2)


def test_handing_in_waits_for_the_files_and_a_refused_one_says_why(visit: Visits, tmp_path: Path) -> None:
    form = Form("Send", (Field("doc", Kind.FILE, "Document", maximum=Decimal(2)),))
    page, _rahima = at_work(visit, form, language="bn")
    bad = tmp_path / "page.html"
    bad.write_text("<script>1</script>" * 50)
    page.set_input_files("input[name=doc]", bad)
    expect(page.locator("[data-files] .error")).to_contain_text("ছবি")
    assert (faults(page), overflow(page)) == ([], 0)
    page.locator("[data-cancel]").click()
    held: list[Route] = []
    page.route("**/uploads", lambda route: held.append(route))
    good = tmp_path / "good.pdf"
    good.write_bytes(b"%PDF-1.7 " + io.BytesIO(b"text" * 1000).getvalue())
    page.set_input_files("input[name=doc]", good)
    page.wait_for_function("() => document.querySelector('[data-files] progress')")
    page.locator("[data-submit]").click()
    expect(page.locator("#upload-words")).to_be_visible()
    page.wait_for_timeout(200)
    assert Assignment.objects.filter(answer__isnull=False).count() == 0
    for one in held:
        one.continue_()
    page.wait_for_url("**/tasks")
    assert (Assignment.objects.filter(answer__isnull=False).count(), ProofFile.objects.get().name) == (
        1,
        "good.pdf",
    )


def test_what_the_server_had_not_looked_at_when_the_line_broke_is_not_said_to_be_sent(
    visit: Visits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Form("Send", (Field("doc", Kind.FILE, "Document", maximum=Decimal(2)),))
    page, _rahima = at_work(visit, form)
    broken: list[str] = []

    def keep(**given: Any) -> str:
        if given["file"].name not in broken:
            broken.append(given["file"].name)
            raise InterruptedError
        return keep_file(**given)

    monkeypatch.setattr(resumable, "keep_file", keep)
    good, bad = tmp_path / "good.pdf", tmp_path / "page.html"
    good.write_bytes(b"%PDF-1.7 " + b"text" * 1000)
    bad.write_text("<script>1</script>" * 50)
    page.set_input_files("input[name=doc]", [good, bad])
    expect(page.locator("[data-files] .error")).to_contain_text("picture")
    kept = page.get_by_role("link", name="good.pdf")
    expect(kept).to_be_visible()
    expect(kept).to_have_attribute("href", f"/files/{ProofFile.objects.get().public_id}")
    assert sorted(broken) == ["good.pdf", "page.html"]  # neither went a second time
    assert PartialFile.objects.count() == 1


def test_an_answer_that_names_no_file_is_no_file_and_can_be_asked_for_again(
    visit: Visits, tmp_path: Path
) -> None:
    page, _rahima = at_work(visit, Form("Send", (Field("doc", Kind.FILE, "Document"),)))
    good = tmp_path / "good.pdf"
    good.write_bytes(b"%PDF-1.7 " + b"text" * 1000)

    def nameless(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "tukro-file"}
        route.fulfill(response=answer, headers=headers)

    page.route("**/uploads/*", nameless)
    page.set_input_files("input[name=doc]", good)
    expect(page.get_by_text("This did not work.")).to_be_visible()
    assert page.get_by_text("Sent", exact=True).count() == 0
    page.unroute("**/uploads/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    assert ProofFile.objects.count() == 1


def test_without_script_the_form_carries_the_file(visit: Visits, tmp_path: Path) -> None:
    form = Form("Take a picture", (Field("shot", Kind.IMAGE, "Picture"),))
    page, _rahima = at_work(visit, form, javascript=False)
    page.set_input_files("input[name=shot]", photo(tmp_path, "one.jpg", (300, 200)))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="one.jpg")).to_be_visible()
    page.locator("[data-submit]").click()
    expect(page.get_by_text("is yours when the work is approved")).to_be_visible()


def test_a_voice_is_recorded_heard_recorded_again_and_sent_while_it_is_spoken(visit: Visits) -> None:
    form = Form(
        "Read aloud", (Field("voice", Kind.AUDIO, "Your voice", minimum=Decimal(1), maximum=Decimal(30)),)
    )
    page, _rahima = at_work(visit, form)
    page.context.grant_permissions(["microphone"])
    page.get_by_role("button", name="Record").click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_focused()
    expect(page.locator("[data-time]")).to_have_text("0:02")
    assert faults(page) == []
    stop.click()
    first = PartialFile.objects.get().public_id  # it began while the voice was speaking
    page.get_by_role("button", name="Record again").click()
    expect(stop).to_be_visible()
    expect(page.locator("[data-time]")).to_have_text("0:02")
    stop.click()
    expect(page.locator("[data-listen] audio")).to_be_visible()
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Use this recording").click()
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    kept = ProofFile.objects.get()
    assert (kept.media_type, kept.size > 1000) == ("audio/webm", True)
    assert not PartialFile.objects.filter(public_id=first).exists()
    page.locator("[data-submit]").click()
    expect(page.get_by_text("is yours when the work is approved")).to_be_visible()
