"""A page shown again after a refusal: the form as it was left, with what is wrong beside its field.

Forms of one or two fields stand in lists, dozens on a page, and are written as HTML. Rather than have each
know what was typed into it once, the page is drawn anew and the one form that was sent is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

from django.http import QueryDict

_UNTOUCHED = ("hidden", "password", "file", "submit", "button")
Attributes = dict[str, str | None]


def as_left(
    html: str, *, page: str, posted: str, typed: QueryDict, fields: Sequence[str], message: str
) -> str | None:
    """``html`` with the form that was sent to ``posted`` filled in; None when no such form is on the page.

    ``page`` is the address of the page itself, to which a form without one is sent. ``message`` comes to the
    first of ``fields`` that the form has.
    """
    reader = _Reader(page, posted, typed, fields)
    reader.feed(html)
    if not reader.found:
        return None
    wrong = next(name for name in fields if name in reader.named)
    return _Filler(html, reader, typed, wrong, message).filled()


class _Walker(HTMLParser):
    """Knows where in the text each tag stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._starts: list[int] = []

    def feed(self, data: str) -> None:
        self._starts = [0]
        for line in data.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        super().feed(data)

    @property
    def at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column


class _Reader(_Walker):
    """Finds the form: sent to that address, with the same hidden values and one of these fields."""

    def __init__(self, page: str, posted: str, typed: QueryDict, fields: Sequence[str]) -> None:
        super().__init__()
        self._page, self._posted, self._typed, self._fields = page, posted, typed, fields
        self._folds: list[int] = []
        self._begin: int | None = None
        self._is_it = self._differs = False
        self.named: set[str] = set()
        self.found: tuple[int, int] | None = None
        self.folds: list[int] = []  # where the details begin that hide it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.found:
            return
        one = dict(attrs)
        name = one.get("name") or ""
        if tag == "details":
            self._folds.append(self.at)
        elif tag == "form":
            self._begin, self.named, self._differs = self.at, set(), False
            self._is_it = (one.get("action") or self._page) == self._posted
        elif self._begin is not None:
            self._is_it = self._is_it or one.get("formaction") == self._posted
            if one.get("type") == "hidden" and name != "csrfmiddlewaretoken":
                self._differs = self._differs or self._typed.get(name) != one.get("value")
            elif tag in ("input", "textarea", "select"):
                self.named.add(name)

    def handle_endtag(self, tag: str) -> None:
        if self.found:
            return
        if tag == "details":
            self._folds.pop()
        elif tag == "form" and self._begin is not None:
            if self._is_it and not self._differs and not self.named.isdisjoint(self._fields):
                self.found, self.folds = (self._begin, self.at), list(self._folds)
            self._begin = None


class _Filler(_Walker):
    """Writes the text again with other tags where the form has what was typed."""

    def __init__(self, html: str, form: _Reader, typed: QueryDict, wrong: str, message: str) -> None:
        super().__init__()
        assert form.found is not None
        self._html, self._typed, self._wrong, self._message = html, typed, wrong, message
        (self._first, self._last), self._opened = form.found, form.folds
        self._out: list[str] = []
        self._done = 0  # how far the old text is copied
        self._select = self._textarea = ""  # the name of the one that is open
        self._error_id, self._is_told = "", False

    def filled(self) -> str:
        self.feed(self._html)
        return "".join([*self._out, self._html[self._done :]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one: Attributes = dict(attrs)
        if tag == "details" and self.at in self._opened:
            self._write(tag, one | {"open": None})
        if not self._first < self.at < self._last:
            return
        name = one.get("name") or ""
        if tag == "option" and self._select:
            one.pop("selected", None)
            is_it = one.get("value") == self._typed.get(self._select)
            self._write(tag, one | ({"selected": None} if is_it else {}))
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            self._write(tag, one | self._fault(name, one))
        elif tag == "input" and one.get("type") not in _UNTOUCHED:
            self._input(name, one)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            self._out.append(escape(self._typed.get(self._textarea, "")))
            self._done = self.at  # what stood in it before is left out
            self._tell(self._textarea, after=self.at + len("</textarea>"))
            self._textarea = ""

    def _input(self, name: str, one: Attributes) -> None:
        if one.get("type") in ("checkbox", "radio"):
            one.pop("checked", None)
            is_on = (one.get("value") or "on") in self._typed.getlist(name)
            self._write("input", one | ({"checked": None} if is_on else {}))
            return
        self._write("input", one | {"value": self._typed.get(name, "")} | self._fault(name, one))
        self._tell(name, after=self._done)

    def _write(self, tag: str, attributes: Attributes) -> None:
        """Copy up to here, and this tag in place of the one that stands here."""
        said = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"'
            for name, value in attributes.items()
        )
        self._out += [self._html[self._done : self.at], f"<{tag}{said}>"]
        self._done = self.at + len(self.get_starttag_text() or "")

    def _fault(self, name: str, one: Attributes) -> Attributes:
        if name != self._wrong or self._is_told:
            return {}
        self._error_id = f"{one.get('id') or name}_error"
        return {"aria-invalid": "true", "aria-describedby": self._error_id, "autofocus": None}

    def _tell(self, name: str, *, after: int) -> None:
        """The message, behind the field."""
        if name == self._wrong and not self._is_told:
            self._is_told = True
            said = (
                f'<ul class="errorlist" id="{escape(self._error_id)}"><li>{escape(self._message)}</li></ul>'
            )
            self._out += [self._html[self._done : after], said]
            self._done = after
