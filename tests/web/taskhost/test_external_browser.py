"""Pages on a requester's own server, in a real browser: the ways of MTurk's clients work, hostile ones do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from django.core.signals import request_started
from django.utils import timezone
from playwright.sync_api import Browser, Dialog, Frame, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import cast, make
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow, sign_in, until
from tests.web.market import address, taken
from tests.web.taskhost.hostile import GAIN, RUNS, running
from tests.web.taskhost.study import Study, study
from tukro.people.models import Worker
from tukro.work.models import Assignment, AssignmentState, Batch

# ruff: noqa: E501 - the pages read best as they are
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How public clients find out who they are and hand in; our own writing of their ways.
PARAMETERS = "<script>const given = Object.fromEntries(new URLSearchParams(location.search))</script>"
POST = """<script>
function post(action, fields) {
  const form = Object.assign(document.createElement('form'), {method: 'POST', action});
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
  }
  document.body.append(form);
  form.submit();
}
</script>"""
CLIENTS = {
    # jsPsych 7: the id in the address, the data in the body
    "jspsych": (
        "post(given.turkSubmitTo + '/mturk/externalSubmit?assignmentId=' + given.assignmentId, {rt: '350', correct: 'true'})",
        [["rt", "350"], ["correct", "true"]],
    ),
    # mmturkey: one field of JSON
    "mmturkey": (
        "post(given.turkSubmitTo + '/mturk/externalSubmit', {assignmentId: given.assignmentId, data: JSON.stringify({a: [1, 'ক']})})",
        [["data", '{"a":[1,"ক"]}']],
    ),
    # Mephisto: the worker's id among the fields
    "mephisto": (
        "post(given.turkSubmitTo + '/mturk/externalSubmit', {assignmentId: given.assignmentId, workerId: given.workerId, USED_AGENT_ID: '9'})",
        [["USED_AGENT_ID", "9"]],
    ),
    # a client that was told one host, with a slash too many
    "one host": (
        "post('SITE//mturk/externalSubmit', {assignmentId: given.assignmentId, digit: '7'})",
        [["digit", "7"]],
    ),
    "one host, plainly": (
        "post('SITE/mturk/externalSubmit', {assignmentId: given.assignmentId, digit: '7'})",
        [["digit", "7"]],
    ),
}


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    port = live_server.url.rpartition(":")[2]
    settings.SITE_URL = f"http://localhost:{port}"
    settings.TASK_URL = f"http://{{label}}.localhost:{port}"
    return f"http://localhost:{port}"


@pytest.fixture
def server() -> Iterator[Study]:
    with study() as shown:
        yield shown


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


@pytest.fixture
def open_as(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A browser in which the site's policy holds, signed in as this worker."""
    contexts = []

    def open_browser(worker: Worker, *, javascript: bool = True) -> Page:
        context = chromium.new_context(base_url=site, java_script_enabled=javascript)
        context.set_default_timeout(30_000)
        contexts.append(context)
        sign_in(context, worker.user, site)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()


def batch_of(url: str, *, rows: int = 2) -> Batch:
    return make.batch(rows=rows, question_kind="external", question_body=url, now=timezone.now())


def frame_of(page: Page) -> Frame:
    [frame] = page.frames[1:]
    return frame


# --- the ways of clients ---


@pytest.mark.parametrize("client", CLIENTS)
def test_what_a_client_hands_in_is_kept_and_takes_the_worker_on(
    client: str, open_as: Callable[..., Page], server: Study, rahima: Worker, site: str
) -> None:
    script, fields = CLIENTS[client]
    button = f'<button onclick="{script.replace("SITE", site)}">Finish</button>'.replace('"{a', "{a")
    url = server.put("/study", f"{PARAMETERS}{POST}{button}")
    accepted = taken(rahima, batch_of(f"{url}?condition=2"))
    page = open_as(rahima)
    page.goto(address(accepted))
    frame_of(page).get_by_role("button", name="Finish").click()
    page.get_by_role("heading", name="Handed in", level=1).wait_for()
    assert Assignment.objects.get(public_id=accepted.assignment_id).handed_in == {"fields": fields}


def test_who_leaves_a_page_of_which_we_keep_nothing_is_asked_first(
    open_as: Callable[..., Page], server: Study, rahima: Worker
) -> None:
    url = server.put("/study", "<label>Words <input name='words'></label>")
    page = open_as(rahima)
    page.goto(address(taken(rahima, batch_of(url))))
    expect(page.get_by_text("is not kept by us before you hand in")).to_be_visible()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/dashboard")
    page.go_back()
    assert asked == [], "nobody has worked in it yet"
    frame_of(page).get_by_label("Words").click()
    page.wait_for_function("() => document.activeElement.matches('iframe')")
    frame_of(page).get_by_label("Words").fill("typed")
    page.goto("/dashboard")
    assert asked == ["beforeunload"]


def test_a_page_without_scripts_hands_in_by_a_form_of_its_own(
    open_as: Callable[..., Page], server: Study, rahima: Worker, site: str
) -> None:
    accepted = taken(rahima, (batch := batch_of(f"{server.origin}/plain")))
    server.put(
        "/plain",
        f'<form method="post" action="{site}/mturk/externalSubmit"><input name="assignmentId" type="hidden" value="{accepted.assignment_id}">'
        '<input name="digit" value="7"><button>Submit</button></form>',
    )
    page = open_as(rahima, javascript=False)
    page.goto(address(accepted))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Submit").click()
    expect(frame.get_by_role("status")).to_contain_text("handed in")
    page.get_by_role("link", name="I have handed in: go on").click()
    page.get_by_role("heading", name="Handed in", level=1).wait_for()
    assert batch.tasks.count() == 2


def test_an_answer_in_the_address_is_handed_in_by_the_workers_own_press(
    open_as: Callable[..., Page], server: Study, rahima: Worker
) -> None:
    # jsPsych 6: location.href = turkSubmitTo + "/mturk/externalSubmit?…"
    go = "location.href = given.turkSubmitTo + '/mturk/externalSubmit?rt=350&assignmentId=' + given.assignmentId"
    url = server.put("/old", f'{PARAMETERS}<button onclick="{go}">Finish</button>')
    accepted = taken(rahima, batch_of(url))
    page = open_as(rahima)
    page.goto(address(accepted))
    frame_of(page).get_by_role("button", name="Finish").click()
    button = page.frame_locator("iframe").get_by_role("button", name="Hand in")
    button.wait_for()
    assert not Assignment.objects.filter(answer__isnull=False).exists()
    button.click()
    page.get_by_role("heading", name="Handed in", level=1).wait_for()
    assert Assignment.objects.get().handed_in == {"fields": [["rt", "350"]]}


def test_a_study_in_a_window_of_its_own_tells_the_frame_when_it_is_done(
    open_as: Callable[..., Page], server: Study, rahima: Worker
) -> None:
    # psiTurk: the frame holds an advertisement, the window the experiment
    url = server.put(
        "/ad",
        f"{PARAMETERS}{POST}<button onclick=\"window.open('/experiment')\">Begin</button><script>"
        "function finished() { post(given.turkSubmitTo + '/mturk/externalSubmit', {assignmentId: given.assignmentId, code: 'x'}) }</script>",
    )
    server.put("/experiment", '<button onclick="opener.finished(); close()">Done</button>')
    accepted = taken(rahima, batch_of(url))
    page = open_as(rahima)
    page.goto(address(accepted))
    with page.expect_popup() as popup:
        frame_of(page).get_by_role("button", name="Begin").click()
    popup.value.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="Handed in", level=1).wait_for()
    assert Assignment.objects.get().handed_in == {"fields": [["code", "x"]]}


def test_work_that_was_handed_in_elsewhere_is_noticed_when_the_worker_comes_back(
    open_as: Callable[..., Page], server: Study, rahima: Worker, site: str
) -> None:
    accepted = taken(rahima, batch_of(server.put("/study", "<p>Done in the background</p>")))
    page = open_as(rahima)
    page.goto(address(accepted))
    page.wait_for_load_state("networkidle")
    page.context.request.post(
        f"{site}/mturk/externalSubmit", form={"assignmentId": accepted.assignment_id, "digit": "7"}
    )
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    page.get_by_role("heading", name="Handed in", level=1).wait_for()


def test_the_page_has_its_own_cookies_and_talks_to_its_own_server(
    open_as: Callable[..., Page], server: Study, rahima: Worker
) -> None:
    url = server.put(
        "/study",
        "<script>document.cookie = 'own=1; SameSite=None; Secure; Partitioned';"
        "fetch('/save', {method: 'POST', body: '{}'})</script>",
    )
    page = open_as(rahima)
    page.goto(address(taken(rahima, batch_of(url))))
    page.wait_for_load_state("networkidle")
    # neither where the worker came from nor any cookie of the site reached the stranger
    (first, _, referrer), (second, cookies, _) = [one for one in server.seen if one[0] != "/favicon.ico"]
    assert (first, referrer) == ("/study", "")
    assert (second, cookies) == ("/save", "own=1")


def test_a_preview_cannot_hand_in(open_as: Callable[..., Page], server: Study, rahima: Worker) -> None:
    script = (
        "post(given.turkSubmitTo + '/mturk/externalSubmit', {assignmentId: given.assignmentId, digit: '7'})"
    )
    batch = batch_of(server.put("/study", f'{PARAMETERS}{POST}<button onclick="{script}">Finish</button>'))
    page = open_as(rahima)
    page.goto(f"/projects/{batch.task_type.group_id}/tasks")
    frame_of(page).get_by_role("button", name="Finish").click()
    expect(page.frame_locator("iframe").get_by_role("alert")).to_contain_text(
        "This is a preview", timeout=15_000
    )
    assert not Assignment.objects.filter(answer__isnull=False).exists()


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_the_pages_around_it_are_accessible(
    visit: Visits, server: Study, rahima: Worker, language: Literal["bn", "en"], width: int
) -> None:
    shown, ours = taken(rahima, batch_of(server.put("/study", "<p>a study</p>"))), visit.base_url
    hidden = taken(rahima, batch_of(f"{ours}/account/"))
    page = visit(user=rahima.user, width=width, language=language)
    found = {}
    for path in (address(shown), address(hidden), f"/projects/{shown.group_id}/tasks"):
        page.goto(path)
        found[path] = (faults(page), overflow(page))
    assert {path: wrong for path, wrong in found.items() if wrong != ([], 0)} == {}


# --- hostile pages ---

# Each tries one thing; what it gained it puts into window.gained. OTHER is a page on another stranger's server.
ATTACKS = {
    "reads the site's cookies": "gained = document.cookie || undefined",
    "sets a cookie for the site": "document.cookie = 'sessionid=x; domain=localhost; path=/'; gained = document.cookie || undefined",
    "reads the page around it": "gained = parent.document.title",
    "takes off its sandbox": "parent.document.querySelector('iframe').removeAttribute('sandbox'); gained = 1",
    "widens its domain": "document.domain = 'localhost'; gained = parent.document.title",
    "sends the top page away": "top.location = 'OTHER'",
    "replaces the page around it": "parent.location.replace('OTHER')",
    "runs a script in the page around it": "parent.location = 'javascript:document.title=1'",
    "goes to the site's own pages": "location = 'SITE/account/'",
    "goes to another stranger": "location = 'OTHER'",
    "fetches from the site": "fetch('SITE/dashboard?format=json', {credentials: 'include'}).then(r => r.text()).then(t => { gained = t })",
    "posts to the site": "fetch('SITE/language', {method: 'POST', mode: 'no-cors', credentials: 'include', body: 'language=bn'})",
    "loads a script of the site": "document.body.append(Object.assign(document.createElement('script'), {src: 'SITE/dashboard'}))",
    "looks through the camera": "navigator.mediaDevices.getUserMedia({video: true}).then(() => { gained = 1 })",
    "looks for the place": "navigator.geolocation.getCurrentPosition(() => { gained = 1 })",
    "pretends that it handed in": "for (const receipt of ['', 'undefined', '0'.repeat(64)]) parent.postMessage({type: 'tukro:handed-in', receipt}, '*')",
    "holds the site in a frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: 'SITE/dashboard', onload() { try { gained = this.contentDocument.title || undefined } catch {} }}))",
    "downloads": "Object.assign(document.createElement('a'), {href: 'data:,x', download: 'x.exe'}).click()",
    "posts a form in the top page": "const f = Object.assign(document.createElement('form'), {method: 'POST', action: 'SITE/language', target: '_top'}); document.body.append(f); f.submit()",
}


@dataclass
class Seen:
    """Requests that reached the site with the worker's session: (method, path)."""

    session: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)

    def note(self, environ: dict[str, Any], **_: Any) -> None:
        if self.session and self.session in environ.get("HTTP_COOKIE", ""):
            self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))


@pytest.fixture
def seen() -> Iterator[Seen]:
    record = Seen()
    request_started.connect(record.note)
    yield record
    request_started.disconnect(record.note)


@pytest.fixture
def other() -> Iterator[Study]:
    with study("other.localhost") as shown:
        shown.put("/landing", "<p>landed</p>")
        yield shown


def test_hostile_pages_gain_nothing(
    open_as: Callable[..., Page], server: Study, other: Study, seen: Seen, rahima: Worker, site: str
) -> None:
    accepted = taken(rahima, batch_of(f"{server.origin}/attack"))
    page = open_as(rahima)
    [cookie] = [one for one in page.context.cookies() if one.get("name") == "sessionid"]
    seen.session = str(cookie.get("value"))
    events: list[str] = []
    page.on("download", lambda _: events.append("download"))
    page.context.on("page", lambda _: events.append("window"))
    runs = running(page)
    gained: dict[str, object] = {}
    for name, script in {**ATTACKS, "gains something in the end": GAIN}.items():
        events.clear()
        other.seen.clear()
        filled = script.replace("SITE", site).replace("OTHER", f"{other.origin}/landing")
        server.put("/attack", f"<body>{RUNS}<script>{filled}</script>")
        runs.clear()
        page.goto(address(accepted))
        title = page.title()
        seen.requests.clear()
        until(page, lambda: bool(runs))
        page.wait_for_timeout(250)  # what it began goes on behind it
        found = [*events, *_gained(page, other, seen, site, accepted.task_id)]
        if found or page.title() != title:
            gained[name] = found
    assert gained == {"gains something in the end": ["late"]}
    assert Assignment.objects.get().state == AssignmentState.ACCEPTED


def _gained(page: Page, other: Study, seen: Seen, site: str, task_id: str) -> list[object]:
    """Everything that should be as it was before the page ran, and is not."""
    if not (page.url.startswith(f"{site}/projects/") and task_id in page.url):
        return [page.url]
    found: list[object] = []
    frame = page.frames[1]
    if frame.url.startswith("http") and (value := frame.evaluate("() => window.gained")) is not None:
        found.append(value)
    harmless = (
        "/static/",
        "/favicon.ico",
        "/sw.js",
        f"/projects/{page.url.split('/projects/')[1].split('/')[0]}/",
    )
    found += [one for one in seen.requests if not one[1].startswith(harmless)]
    return [*found, *other.seen]


def test_even_a_press_of_the_worker_does_not_move_the_page_around_it(
    open_as: Callable[..., Page], server: Study, other: Study, rahima: Worker, site: str
) -> None:
    url = server.put(
        "/attack",
        f'<a target="_top" href="{other.origin}/landing">away</a>'
        f"<button onclick=\"top.location = '{other.origin}/landing'\">by script</button>"
        "<button onclick=\"window.open('/window')\">by a window</button>",
    )
    server.put(
        "/window",
        f"<script>try {{ opener.top.location = '{other.origin}/landing' }} catch (no) {{}}"
        f"try {{ opener.parent.location.replace('{other.origin}/landing') }} catch (no) {{}}</script>",
    )
    accepted = taken(rahima, batch_of(url))
    page = open_as(rahima)
    page.goto(address(accepted))
    at = page.url
    frame = frame_of(page)
    frame.get_by_text("away").click()
    frame.get_by_text("by script").click()
    with page.expect_popup():
        frame.get_by_text("by a window").click()
    page.wait_for_timeout(400)
    assert (page.url, page.url.startswith(site)) == (at, True)
    assert [path for path, _, _ in other.seen] == []


def test_a_page_cannot_hand_in_for_another_worker_under_its_own_name(
    open_as: Callable[..., Page], server: Study, rahima: Worker
) -> None:
    batch = batch_of(f"{server.origin}/attack")
    victim, accepted = taken(cast.tanvir(), batch), taken(rahima, batch)
    script = f"post(given.turkSubmitTo + '/mturk/externalSubmit', {{assignmentId: '{victim.assignment_id}', digit: '7'}})"
    server.put("/attack", f'{PARAMETERS}{POST}<button onclick="{script}">Finish</button>')
    page = open_as(rahima)
    page.goto(address(accepted))
    frame_of(page).get_by_role("button", name="Finish").click()
    expect(page.frame_locator("iframe").get_by_role("alert")).to_contain_text(
        "no longer open to you", timeout=15_000
    )
    assert not Assignment.objects.filter(answer__isnull=False).exists()
