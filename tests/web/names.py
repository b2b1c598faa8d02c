"""What a screen reader is told: the names of all that can be pressed or filled in, as Chromium has them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import CDPSession, Page

_INTERACTIVE = {
    "button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "listbox", "option", "slider",
    "spinbutton", "switch", "tab", "menuitem", "DisclosureTriangle", "PopUpButton", "Iframe",
}  # fmt: skip
# Called the same in every language.
_PROPER = frozenset(
    {
        "English",
        "bKash",
        "PayPal",
        "Payoneer",
        "Skrill",
        "Wise",
        "Mechanical Turk",
        "CSV",
        "HTML",
        "JSON",
        "PDF",
    }
)
_BENGALI, _LATIN = re.compile(r"[\u0980-\u09ff]"), re.compile(r"[A-Za-z]{3,}")
# Names of people and works, addresses, words that are another language's on purpose, and the browser's own
# controls inside a date or file field.
_NOT_OURS = """function () {
    const theirs = '[translate="no"], [lang="en"], .who, iframe';
    const inside = this.getRootNode() instanceof ShadowRoot;
    return Boolean(inside || this.closest?.(theirs) || this.querySelector?.(theirs));
}"""
_HTML = "function () { return (this.outerHTML ?? this.textContent).slice(0, 200) }"


def unnamed(page: Page, *, language: str) -> list[str]:
    """Nodes without a name, and on a Bengali page names of ours without a Bengali letter."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        return [fault for node in nodes if (fault := _fault(session, node, language))]
    finally:
        session.detach()


def _fault(session: CDPSession, node: dict[str, Any], language: str) -> str:
    role = node.get("role", {}).get("value", "")
    if node.get("ignored") or role not in _INTERACTIVE:
        return ""
    name = str(node.get("name", {}).get("value", "")).strip()
    if not name:
        return f"a {role} has no name: {_ask(session, node, _HTML)}"
    words = re.sub(r"[^A-Za-z ]", "", name).strip()  # without the end of an account's number
    is_foreign = (
        language == "bn" and words not in _PROPER and _LATIN.search(name) and not _BENGALI.search(name)
    )
    if is_foreign and not _ask(session, node, _NOT_OURS):
        return f"a {role} on a Bengali page is called {name!r}: {_ask(session, node, _HTML)}"
    return ""


def _ask(session: CDPSession, node: dict[str, Any], function: str) -> object:
    found = session.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})
    asked = {"objectId": found["object"]["objectId"], "functionDeclaration": function, "returnByValue": True}
    return session.send("Runtime.callFunctionOn", asked)["result"].get("value")
