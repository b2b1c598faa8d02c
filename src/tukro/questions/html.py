"""HTML questions: a requester's own page, with ``${variables}``, made for MTurk or for us.

The page is never trusted and never cleaned: it runs on the task host only (web/taskhost). Here it is read,
filled, and given what it needs to hand in its answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from tukro.questions import crowd
from tukro.questions.variables import fill_text, variables_in

MAX_BYTES = 262_144
_CONTROLS = frozenset({"input", "textarea", "select", "button"})

# Addresses that pages written for MTurk carry. None of them may outlive MTurk. A form may name no host.
_SUBMIT_ADDRESS = re.compile(
    r"(?:(?:https?:)?//(?:www|worker|workersandbox|sandbox)\.mturk\.com(?::\d+)?"
    r"|(?<=\baction=)|(?<=\baction=[\"']))/+mturk/externalSubmit/*(\?)?",
    re.I,
)
_HELPER_SCRIPT = re.compile(
    r"(?:https?:)?//(?:s3\.amazonaws\.com/mturk-public|mturk-public\.s3\.amazonaws\.com)/externalHIT_v1\.js",
    re.I,
)
# A link to another site that does not say where it opens.
_LINK_INSIDE = re.compile(
    r"<a(?=\s[^<>]{0,4000}?\bhref\s*=\s*[\"']?\s*https?:)(?![^<>]{0,4000}?\starget\s*=)", re.I
)
_FORM_WITHOUT_METHOD = re.compile(r"<form\b(?![^>]*\smethod\s*=)", re.I)
_FORM_WITHOUT_ACTION = re.compile(r"<form\b(?![^>]*\saction\s*=)", re.I)
_BODY_OPEN = re.compile(r"<body\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.I)
_BODY_CLOSE = re.compile(r"</body\s*>", re.I)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page is made of, as far as handing in an answer goes."""

    has_form: bool
    has_submit: bool  # a submit button or input; crowd-form brings its own
    has_script: bool
    field_names: tuple[str, ...]  # each once, in page order
    asks_password: bool  # an input of type password
    texts: tuple[str, ...]  # what a worker can read: text and button values
    hints: tuple[str, ...]  # what stands on the fields themselves: labels, placeholders, titles
    crowd_elements: tuple[str, ...]  # each name once, in page order


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Why a page cannot be published; ``facts`` are for the sentence."""

    code: str
    facts: Mapping[str, object]


def columns_needed(page: str) -> tuple[str, ...]:
    """The CSV columns that the page's ``${variables}`` call for, in order of first appearance."""
    return variables_in(page)


def fill(page: str, values: Mapping[str, str]) -> str:
    """The page of one task. Values go in raw, as MTurk does: inside text, attributes and scripts alike."""
    return fill_text(page, values)


def problems(page: str) -> list[PageProblem]:
    """Why ``page`` cannot be used as it is; an empty list means that it can."""
    size = len(page.encode())
    if size > MAX_BYTES:
        return [PageProblem("page_too_large", {"size": size, "limit": MAX_BYTES})]
    if not page.strip():
        return [PageProblem("page_empty", {})]
    outline = read_outline(page)
    if unknown := [name for name in outline.crowd_elements if name not in crowd.ELEMENTS]:
        # Nothing brings these to life: workers would see an empty place.
        return [PageProblem("unknown_elements", {"names": ", ".join(unknown)})]
    if outline.crowd_elements and not crowd.loads_script(page):
        return [PageProblem("crowd_script_missing", {})]
    if not outline.field_names and not outline.has_script:
        return [PageProblem("nothing_to_answer", {})]
    if outline.has_form and not outline.has_submit and not outline.has_script:
        return [PageProblem("no_submit_button", {})]
    return []


def read_outline(page: str) -> Outline:
    """Read the page once, as leniently as a browser would."""
    reader = _OutlineReader()
    reader.feed(page)
    reader.close()
    return Outline(
        has_form=reader.has_form,
        has_submit=reader.has_submit,
        has_script=reader.has_script,
        field_names=tuple(dict.fromkeys(reader.names)),
        asks_password=reader.asks_password,
        texts=tuple(reader.texts),
        hints=tuple(reader.hints),
        crowd_elements=tuple(dict.fromkeys(reader.crowd_elements)),
    )


def rewrite_addresses(page: str, *, submit_url: str, helper_url: str, crowd_url: str) -> str:
    """The page with MTurk's own addresses replaced by ours: where it posts, and the two scripts it loads."""
    # Where the page goes on with a query of its own, ours stands before it.
    more = submit_url + ("&" if "?" in submit_url else "?")
    page = _SUBMIT_ADDRESS.sub(lambda found: more if found[1] else submit_url, page)
    page = _HELPER_SCRIPT.sub(lambda _: helper_url, page)
    return crowd.with_script_at(page, crowd_url)


def with_links_outside(page: str) -> str:
    """The page with links to other sites opening in a window of their own.

    The frame itself may go nowhere else: such a link would leave the worker without the page. No quotes are
    written: the link may stand in a text of a script.
    """
    return _LINK_INSIDE.sub("<a target=_blank", page)


def with_form(page: str, *, submit_url: str, assignment_id: str, submit_label: str) -> str:
    """The page with its own form, or inside MTurk's standard form with a submit button.

    A form that names no method is given POST: browsers would send it by GET and hand in nothing. One without
    an address would come back to the page.
    """
    if read_outline(page).has_form:
        page = _FORM_WITHOUT_ACTION.sub(lambda _: f'<form action="{escape(submit_url)}"', page)
        return _FORM_WITHOUT_METHOD.sub('<form method="post"', page)
    opened = (
        f'<form name="mturk_form" id="mturk_form" method="post" action="{escape(submit_url)}">'
        '<input type="hidden" name="assignmentId" id="assignmentId" value="'
        f'{escape(assignment_id)}">'
    )
    closed = f'<p><input type="submit" id="submitButton" value="{escape(submit_label)}"></p></form>'
    start = _BODY_OPEN.search(page)
    if start is None:
        return opened + page + closed
    ends = list(_BODY_CLOSE.finditer(page, start.end()))
    end = ends[-1].start() if ends else len(page)
    return page[: start.end()] + opened + page[start.end() : end] + closed + page[end:]


class _OutlineReader(HTMLParser):
    """Collects the parts of an ``Outline``; comments and the insides of scripts and styles do not count."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.has_form = self.has_submit = self.has_script = self.asks_password = False
        self.names: list[str] = []
        self.texts: list[str] = []
        self.hints: list[str] = []
        self.crowd_elements: list[str] = []
        self._silent = 0
        self._in_label = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" or tag in crowd.FORMS:
            self.has_form = True
            self.has_submit = self.has_submit or tag in crowd.FORMS
        if tag.startswith("crowd-"):
            self.crowd_elements.append(tag)
        if tag in {"script", "style"}:
            self.has_script = self.has_script or tag == "script"
            self._silent += 1
        if tag in _CONTROLS or tag.startswith("crowd-"):
            self._note_control(tag, given)
        self._in_label = self._in_label or tag == "label"
        hints = ("placeholder", "label", "aria-label") + (("title",) if tag in _CONTROLS else ())
        self.hints += [given[name] for name in hints if given.get(name)]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in {"script", "style"}:
            self._silent -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"} and self._silent:
            self._silent -= 1
        self._in_label = self._in_label and tag != "label"

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            (self.hints if self._in_label else self.texts).append(" ".join(data.split()))

    def _note_control(self, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "").lower()
        submits = (tag == "button" and kind in {"", "submit"}) or (
            tag == "input" and kind in {"submit", "image"}
        )
        self.has_submit = self.has_submit or submits
        self.asks_password = self.asks_password or (tag == "input" and kind == "password")
        if given.get("name") and not submits and kind != "hidden":
            self.names.append(given["name"])
        if kind in {"submit", "button"} and given.get("value"):
            self.texts.append(given["value"])
