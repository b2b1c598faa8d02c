"""Why a document that came over the wire is not a question, an answer key or an answer.

``details`` is what a validator says of somebody's XML: English for programmers, as MTurk's own validators
spoke. The sentence around it is chosen at the door.
"""

from __future__ import annotations

from tukro.kernel.errors import Refused


class BadQuestion(Refused):
    """Well-formed and valid, but it cannot be used: ``code`` names the rule, ``details`` says where."""

    def __init__(self, *, code: str, details: str, **facts: object) -> None:
        super().__init__(code=code, details=details, **facts)
        self.code, self.details = code, details


class BadXml(BadQuestion):
    """Not well-formed, not valid against its schema, or not a document that we know."""

    def __init__(self, *, details: str, code: str = "bad_xml", **facts: object) -> None:
        super().__init__(code=code, details=details, **facts)


class BadFormattedContent(BadQuestion):
    """FormattedContent that is not XHTML, or uses what is not allowed in it."""

    def __init__(self, *, details: str, **facts: object) -> None:
        super().__init__(code="bad_formatted_content", details=details, **facts)


class BadHtml(BadQuestion):
    """HTMLContent that is not usable HTML5. ``errors`` are (line, column, text)."""

    def __init__(self, *, errors: tuple[tuple[int, int, str], ...], content: str, **facts: object) -> None:
        listed = " ".join(f"<! [{line},{column}] {text} !>" for line, column, text in errors)
        super().__init__(
            code="bad_html", details=f"Errors: {listed} Invalid content: {content}", errors=errors, **facts
        )
        self.errors = errors
