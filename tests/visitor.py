"""A person at a browser without a picture: signs in, opens pages, fills in their forms, presses buttons.

Everything goes over real HTTP. A form is sent as a browser would send it: with what already stands in its
fields, with its hidden fields, with the cookie that belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

Value = str | list[str]
Upload = tuple[str, bytes, str]  # file name, content, type


@dataclass
class Form:
    """One form of a page and what stands in its fields."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Page:
    """What came back: where from, how, and what is in it."""

    address: str
    status: int
    text: str
    forms: list[Form]
    frames: list[str]

    def form(self, *, having: str = "", to: str = "") -> Form:
        """The form that has a field of this name or leads to an address that ends like this."""
        for one in self.forms:
            if (not having or having in one.names) and urlsplit(one.action).path.endswith(to):
                return one
        raise AssertionError(f"{self.address} ({self.status}) has no such form; it has {self.forms}")


class Visitor:
    """One person with their own cookies."""

    def __init__(self, site: str, *, language: str = "en", timeout: float = 30) -> None:
        self.site = site
        self.http = httpx.Client(
            base_url=site,
            headers={"Accept-Language": language},
            follow_redirects=True,
            timeout=timeout,
            verify=False,  # loopback without TLS: spares the loading of certificates
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def sign_in(self, email: str, password: str) -> Page:
        """Through the sign-in page, as everyone."""
        signed_in = self.send(
            self.open("/account/login/").form(having="password"), login=email, password=password
        )
        assert signed_in.status == 200, signed_in.text
        assert "sessionid" in self.http.cookies, signed_in.text
        return signed_in

    def open(self, address: str) -> Page:
        return _page(self.http.get(address))

    def send(self, form: Form, *, files: Mapping[str, Upload] | None = None, **changes: Value) -> Page:
        """Send a form with these fields changed; the page that follows."""
        values: dict[str, Value] = {**form.fields, **changes}
        return _page(self.http.post(form.action, data=values, files=files))

    def call(self, address: str, values: Mapping[str, Any] | None = None, **options: Any) -> httpx.Response:
        """A POST to a page's JSON form."""
        token = self.http.cookies.get("csrftoken") or ""
        headers = {"X-CSRFToken": token, "Accept": "application/json"}
        return self.http.post(address, data=values, headers=headers, follow_redirects=False, **options)


class Stranger:
    """A browser's frame: no cookies of the site, every task host at the site's own port."""

    def __init__(self, site: str) -> None:
        self._port = urlsplit(site).port
        self._http = httpx.Client(timeout=30, verify=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def open(self, address: str) -> Page:
        return _page(self._http.get(self._here(address), headers=_host(address)), address)

    def send(self, page: Page, form: Form, **changes: Value) -> Page:
        return self.post(urljoin(page.address, form.action), {**form.fields, **changes})

    def post(self, address: str, values: Mapping[str, Value]) -> Page:
        """What a page on another server hands in."""
        answer = self._http.post(self._here(address), data=values, headers=_host(address))
        return _page(answer, address)

    def _here(self, address: str) -> str:
        # Names below localhost lead to this machine in every browser, but not in every resolver.
        parts = urlsplit(address)
        return parts._replace(netloc=f"127.0.0.1:{self._port}").geturl()


def _host(address: str) -> dict[str, str]:
    return {"Host": urlsplit(address).netloc}


def _page(answer: httpx.Response, address: str = "") -> Page:
    reader = _Reader(address or str(answer.url))
    if "html" in answer.headers.get("content-type", ""):
        reader.feed(answer.text)
    return Page(address or str(answer.url), answer.status_code, answer.text, reader.forms, reader.frames)


class _Reader(HTMLParser):
    """Finds forms with what they would send, and frames."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.frames: list[str] = []
        self._address = address
        self._form: Form | None = None
        self._select = self._textarea = ""
        self._first_option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                action = urljoin(self._address, found.get("action") or self._address)
                self._form = Form(action, found.get("method", "get").lower())
                self.forms.append(self._form)
            case "iframe":
                self.frames.append(found.get("src", ""))
            case "select":
                self._select, self._first_option = found.get("name", ""), None
                self._know(self._select)
            case "textarea":
                self._textarea = found.get("name", "")
                self._add(self._textarea, "")
            case "option" if self._select:
                self._option(found)
            case "input":
                self._input(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            if self._form and self._first_option is not None and self._select not in self._form.fields:
                self._add(self._select, self._first_option)
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form:
            # A browser drops the line break right behind the tag.
            typed = self._form.fields[self._textarea][-1] + data
            self._form.fields[self._textarea][-1] = typed.removeprefix("\n")

    def _input(self, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        self._know(name)
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        if kind not in ("submit", "button", "file", "image"):
            self._add(name, found.get("value", "on" if kind in ("checkbox", "radio") else ""))

    def _option(self, found: dict[str, str]) -> None:
        value = found.get("value", "")
        self._first_option = value if self._first_option is None else self._first_option
        if "selected" in found:
            self._add(self._select, value)

    def _know(self, name: str) -> None:
        if self._form and name:
            self._form.names.add(name)

    def _add(self, name: str, value: str) -> None:
        self._know(name)
        if self._form and name:
            self._form.fields.setdefault(name, []).append(value)
