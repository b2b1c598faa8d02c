"""Hostile task pages in a real browser: none of them gets anything, on a name of its own or on the site's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.signals import request_started
from django.utils import timezone
from playwright.sync_api import Browser, Dialog, Frame, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import cast, make
from tests.web.browser import sign_in, until
from tests.web.taskhost.hostile import GAINS, RUNS, running
from tukro.work.models import Assignment, AssignmentState

# ruff: noqa: E501 - the attacks read best on one line each
pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECRET = "a-cookie-of-the-site"

# Each page tries one thing and puts what it gained into window.gained. SITE stands for the site's origin.
ATTACKS = {
    "reads cookies": "gained = document.cookie || undefined",
    "sets a cookie for the site": "document.cookie = 'sessionid=x; domain=localhost; path=/'; gained = document.cookie || undefined",
    "reads the page around it": "gained = parent.document.title",
    "reads the top page": "gained = top.document.cookie",
    "reads its own frame element": "gained = window.frameElement && window.frameElement.outerHTML || undefined",
    "takes off its sandbox": "parent.document.querySelector('iframe').removeAttribute('sandbox'); gained = 1",
    "widens its domain": "document.domain = 'localhost'; gained = 1",
    "uses local storage": "localStorage.x = 1; gained = 1",
    "uses session storage": "sessionStorage.x = 1; gained = 1",
    "opens a database": "indexedDB.open('x').onsuccess = () => { gained = 1 }",
    "uses caches": "caches.open('x').then(() => { gained = 1 })",
    "registers a service worker": "navigator.serviceWorker.register('/externalHIT_v1.js').then(() => { gained = 1 })",
    "starts a shared worker": "new SharedWorker('/externalHIT_v1.js'); gained = undefined",
    "speaks on a channel": "new BroadcastChannel('tukro').postMessage('x')",
    "fetches from the site": "fetch('SITE/gone-on', {credentials: 'include'}).then(r => r.text()).then(t => { gained = t })",
    "fetches blindly": "fetch('SITE/language', {method: 'POST', mode: 'no-cors', credentials: 'include', body: 'language=bn'}).then(() => { gained = 1 })",
    "asks by XMLHttpRequest": "var x = new XMLHttpRequest(); x.withCredentials = true; x.onload = () => { gained = x.responseText }; x.open('GET', 'SITE/gone-on'); x.send()",
    "sends a beacon": "navigator.sendBeacon('SITE/language', 'language=bn')",
    "opens a web socket": "new WebSocket('SITE'.replace('http', 'ws')).onopen = () => { gained = 1 }",
    "listens to an event source": "new EventSource('SITE/gone-on').onopen = () => { gained = 1 }",
    "loads a picture of the site": "document.body.append(Object.assign(new Image(), {src: 'SITE/gone-on'}))",
    "loads a script of the site": "document.body.append(Object.assign(document.createElement('script'), {src: 'SITE/gone-on'}))",
    "loads a style of the site": "document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: 'SITE/gone-on'}))",
    "fetches a page ahead": "document.head.append(Object.assign(document.createElement('link'), {rel: 'prefetch', href: 'SITE/gone-on'}))",
    "sends the top page away": "top.location = 'SITE/gone-on'",
    "replaces the page around it": "parent.location.replace('SITE/gone-on')",
    "runs a script in the page around it": "parent.location = 'javascript:document.title=1'",
    "sends itself to the site": "location = 'SITE/gone-on'",
    "goes full screen": "document.documentElement.requestFullscreen().then(() => { gained = 1 })",
    "looks for the place": "navigator.geolocation.getCurrentPosition(() => { gained = 1 })",
    "looks through the camera": "navigator.mediaDevices.getUserMedia({video: true}).then(() => { gained = 1 })",
    "reads the clipboard": "navigator.clipboard.readText().then(() => { gained = 1 })",
    "pretends that it handed in": "for (const receipt of ['', 'undefined', '0'.repeat(64)]) parent.postMessage({type: 'tukro:handed-in', receipt}, '*')",
    "sends rubbish messages": "for (const m of [null, 1, 'x', [], {type: 'tukro:handed-in'}, {type: {}, receipt: {}}]) parent.postMessage(m, '*')",
    "rewrites its address": "history.pushState({}, '', 'SITE/gone-on'); location.reload()",
    "holds the site in a frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: 'SITE/gone-on', onload() { try { gained = this.contentDocument.title || undefined } catch {} }}))",
    "reads another task's page": "fetch(location.href.replace(/3[A-Z0-9]{29}/, '3'.padEnd(30, 'A'))).then(r => r.text()).then(t => { gained = t })",
    "looks into a frame of its own name": "document.body.append(Object.assign(document.createElement('iframe'), {src: location.href, onload() { try { gained = this.contentDocument.title || this.contentWindow.document.cookie || undefined } catch {} }}))",
    "looks into its sister frames": "for (let i = 0; i < parent.length; i++) { try { gained = parent[i] !== window && parent[i].document.title || undefined } catch {} }",
    "gives orders to the site's scripts": "parent.postMessage({type: 'tukro:handed-in', receipt: location.href}, '*'); parent.postMessage({person: 1, language: 'bn'}, 'SITE')",
    "downloads a blob": "Object.assign(document.createElement('a'), {href: URL.createObjectURL(new Blob(['x'])), download: 'x.exe'}).click()",
    "asks to be told things": "Notification.requestPermission().then(p => { gained = p === 'granted' || undefined })",
    "writes the clipboard": "navigator.clipboard.writeText('x').then(() => { gained = 1 })",
    "keeps the screen on": "navigator.wakeLock.request().then(() => { gained = 1 })",
    "floods the page around it": "const all = []; for (let i = 0; i < 200; i++) { all.push('x'.repeat(1e5)); parent.postMessage(all[i], '*') }",
    "holds a free frame": "var f = document.createElement('iframe'); f.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-top-navigation allow-popups'); f.srcdoc = \"<script>top.location='SITE/gone-on'; parent.gained=document.cookie||undefined</script>\"; document.body.append(f)",
}
MARKUP = {
    "posts a form to the site": (
        '<form method="post" action="SITE/language"><input name="language" value="bn"></form>'
        "<script>document.forms[0].submit()</script>"
    ),
    "posts a form in the top page": (
        '<form method="post" target="_top" action="SITE/language"><input name="language" value="bn"></form>'
        "<script>document.forms[0].submit()</script>"
    ),
    "poses as a crowd form": (
        '<crowd-form><crowd-input name="password"></crowd-input><crowd-button form-action="submit">x</crowd-button></crowd-form>'
        "<script>document.querySelector('crowd-form').setAttribute('action', 'SITE/language'); document.querySelector('crowd-form').submit?.()</script>"
    ),
    "hides markup in a crowd element": (
        "<crowd-form><crowd-classifier name='x' header='&lt;img src=x onerror=top.location=1&gt;'"
        """ categories='["&lt;script&gt;top.location=1&lt;/script&gt;"]'>"""
        "<classification-target><svg onload='top.location = \"SITE/gone-on\"'></svg></classification-target>"
        "</crowd-classifier></crowd-form>"
    ),
    "asks by form": '<form action="SITE/gone-on"></form><script>document.forms[0].submit()</script>',
    "refreshes itself to the site": '<meta http-equiv="refresh" content="0; url=SITE/gone-on">',
    "changes the base of its links": '<base href="SITE/"><script>gained = document.baseURI.startsWith("SITE/gone") || undefined</script>',
    "embeds the site": '<object data="SITE/gone-on"></object><embed src="SITE/gone-on">',
    "downloads": '<a download="x.exe" href="data:,x">x</a><script>document.links[0].click()</script>',
    "clicks a link in the top page": '<a target="_top" href="SITE/gone-on">x</a><script>document.links[0].click()</script>',
}
PAGES = {
    **{name: f"<body><script>{script}</script>" for name, script in ATTACKS.items()},
    **MARKUP,
}


@dataclass
class Seen:
    """What reached the server: (host, method, path, whether the site's cookie came along)."""

    requests: list[tuple[str, str, str, bool]] = field(default_factory=list)

    def note(self, environ: dict[str, Any], **_: Any) -> None:
        cookie = SECRET in environ.get("HTTP_COOKIE", "")
        self.requests.append(
            (environ.get("HTTP_HOST", ""), environ["REQUEST_METHOD"], environ["PATH_INFO"], cookie)
        )


@pytest.fixture
def seen() -> Iterator[Seen]:
    record = Seen()
    request_started.connect(record.note)
    yield record
    request_started.disconnect(record.note)


@pytest.fixture(params=["own name", "site's name"])
def site(request: pytest.FixtureRequest, live_server: LiveServer, settings: Settings) -> str:
    """The site's origin, with task pages on names of their own or, where there is but one, on the site's."""
    port = live_server.url.rpartition(":")[2]
    origin = f"http://localhost:{port}"
    settings.ROOT_URLCONF = "tests.web.taskhost.frame_site"
    settings.SITE_URL = origin
    settings.TASK_URL = (
        f"http://{{label}}.localhost:{port}"
        if request.param == "own name"
        else f"{origin}/task-pages/{{label}}"
    )
    directives = dict(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
    sources = f"http://*.localhost:{port}" if request.param == "own name" else f"{origin}/task-pages/"
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "frame-src": [sources]}}
    return origin


@pytest.fixture
def open_task(chromium: Browser, site: str) -> Iterator[Callable[..., tuple[Page, Assignment]]]:
    """Show a stranger's page in its frame to a worker who is signed in to the site."""
    contexts = []

    def show(html: str, *, javascript: bool = True) -> tuple[Page, Assignment]:
        now = timezone.now()
        batch = make.batch(question_body=html.replace("SITE", site), now=now)
        assignment = make.accepted(by=cast.rahima(), of=batch, now=now)
        context = chromium.new_context(base_url=site, java_script_enabled=javascript)
        contexts.append(context)
        context.add_cookies([{"name": "secret", "value": SECRET, "url": site}])
        page = context.new_page()
        page.goto(f"/around/{assignment.public_id}")
        return page, assignment

    yield show
    for context in contexts:
        context.close()


def frame_of(page: Page) -> Frame:
    return page.frames[1]


def test_hostile_pages_gain_nothing(
    open_task: Callable[..., tuple[Page, Assignment]], seen: Seen, site: str
) -> None:
    page, assignment = open_task("<h1>hostile</h1>")
    events: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        events.append("dialog")
        dialog.dismiss()

    runs = running(page)
    page.on("dialog", dismiss)
    page.on("download", lambda _: events.append("download"))
    page.context.on("page", lambda _: events.append("window"))

    gained = {}
    for name, html in {**PAGES, "gains something in the end": GAINS}.items():
        assignment.task.question.body = RUNS + html.replace("SITE", site)
        assignment.task.question.save()
        seen.requests.clear()
        events.clear()
        runs.clear()
        page.goto(f"/around/{assignment.public_id}")
        until(page, lambda: bool(runs))
        page.wait_for_timeout(250)  # what it began goes on behind it
        found = what_was_gained(page, assignment, seen, site) + events
        if found:
            gained[name] = found

    assert gained == {"gains something in the end": ["late"]}


def test_a_page_that_never_stops_does_not_freeze_the_page_around_it(
    open_task: Callable[..., tuple[Page, Assignment]],
) -> None:
    page, _ = open_task(
        "<button>x</button><script>onmessage = () => { for (;;); }; parent.postMessage('x', '*');"
        "setTimeout(() => { for (const end = Date.now() + 4000; Date.now() < end;); }, 300)</script>"
    )
    page.wait_for_timeout(500)  # the loop runs by now
    began = time.monotonic()
    assert (
        page.evaluate("() => new Promise((done) => setTimeout(() => done(document.title), 50))") == "parent"
    )
    page.evaluate("() => document.querySelector('iframe').remove()")  # as leaving the task does
    assert time.monotonic() - began < 3


def what_was_gained(page: Page, assignment: Assignment, seen: Seen, site: str) -> list[object]:
    """Everything that should be as it was before the page ran, and is not."""
    if (page.url, page.title()) != (f"{site}/around/{assignment.public_id}", "parent"):
        return [page.url, page.title()]
    found: list[object] = []
    if "same-origin" in (page.locator("iframe").get_attribute("sandbox") or "same-origin"):
        found.append("sandbox")
    if (value := frame_of(page).evaluate("() => window.gained")) is not None:
        found.append(value)
    kept = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    if {**kept, "csrftoken": ""} != {"secret": SECRET, "csrftoken": ""}:
        found.append(kept)
    # Nothing that the page did reached the site with the person's cookie.
    own = {f"/around/{assignment.public_id}", "/static/js/frame.js", "/favicon.ico"}
    host = site.removeprefix("http://")
    found += [
        (method, path)
        for at, method, path, with_cookie in seen.requests
        if with_cookie and not (at == host and (path in own or path.startswith("/task-pages/")))
    ]
    return found


MADE_FOR_MTURK = """
<a target="_blank" href="SITE/gone-on">Look here</a><button type="button">Ask</button><p id="fetched"></p><p id="worked"></p>
<script>
let opened
document.querySelector('button').onclick = () => { if (confirm('Sure?')) alert('Good') }
fetch('data:text/plain,rows').then(r => r.text()).then(t => { fetched.textContent = t })
new Worker(URL.createObjectURL(new Blob(['postMessage("done")']))).onmessage = e => { worked.textContent = e.data }
const reach = () => {
  opened = window.open('SITE/gone-on')
  return new Promise(done => setTimeout(() => { try { done(opened.document.title) } catch { done('out of reach') } }, 300))
}
</script>
"""


def test_a_page_asks_fetches_and_opens_windows_but_reaches_nothing_in_them(
    open_task: Callable[..., tuple[Page, Assignment]],
) -> None:
    page, _ = open_task(MADE_FOR_MTURK)
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    frame = frame_of(page)
    frame.get_by_text("rows").wait_for()
    frame.get_by_text("done").wait_for()
    frame.get_by_role("button", name="Ask").click()
    assert asked == ["Sure?", "Good"]
    with page.context.expect_page() as window:
        frame.get_by_role("link", name="Look here").click()
    # Outside of the cage the other site works as always, and does not know who opened it.
    assert window.value.evaluate("() => [window.opener, window.origin !== 'null']") == [None, True]
    assert frame.evaluate("reach()") == "out of reach"


def test_work_handed_in_takes_the_worker_on(open_task: Callable[..., tuple[Page, Assignment]]) -> None:
    page, assignment = open_task(
        '<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>'
        '<form id="mturk_form" method="post"><input type="hidden" id="assignmentId" name="assignmentId">'
        '<input name="digit" value="7"><button id="submitButton">Submit</button></form>'
        "<script>turkSetAssignmentID()</script>"
    )
    frame_of(page).get_by_role("button").click()
    page.wait_for_url("**/gone-on")
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.SUBMITTED
    assert assignment.handed_in == {"fields": [["digit", "7"]]}


def test_without_scripts_work_is_handed_in_and_the_page_says_how_to_go_on(
    open_task: Callable[..., tuple[Page, Assignment]],
) -> None:
    page, assignment = open_task(
        '<form method="post" action="https://www.mturk.com/mturk/externalSubmit">'
        '<input name="digit" value="7"><button>Submit</button></form>',
        javascript=False,
    )
    frame = page.frame_locator("iframe")
    frame.get_by_role("button").click()
    frame.get_by_role("status").wait_for()
    assert "handed in" in frame.get_by_role("status").inner_text()
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.SUBMITTED


def test_a_page_without_a_form_gets_one(open_task: Callable[..., tuple[Page, Assignment]]) -> None:
    page, assignment = open_task('<p>Which digit?</p><input name="digit">')
    frame_of(page).locator("[name=digit]").fill("7")
    frame_of(page).locator("#submitButton").click()
    page.wait_for_url("**/gone-on")
    assignment.refresh_from_db()
    assert assignment.handed_in == {"fields": [["digit", "7"]]}


@pytest.mark.parametrize("javascript", [True, False])
def test_on_the_work_page_the_worker_hands_in_and_goes_on(
    open_task: Callable[..., tuple[Page, Assignment]], site: str, javascript: bool
) -> None:
    page, assignment = open_task(
        '<form method="post" action="https://www.mturk.com/mturk/externalSubmit">'
        '<input name="digit" value="7"><button>Submit</button></form>',
        javascript=javascript,
    )
    sign_in(page.context, assignment.worker.user, site)
    group_id = assignment.task.task_type.group_id
    page.goto(f"/projects/{group_id}/tasks/{assignment.task.public_id}?assignment_id={assignment.public_id}")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Submit").click()
    if not javascript:
        frame.get_by_role("status").wait_for()
        page.get_by_role("link", name="I have handed in: go on").click()
    page.get_by_role("heading", name="Handed in", level=1).wait_for()
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.SUBMITTED
