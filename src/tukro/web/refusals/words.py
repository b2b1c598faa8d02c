"""The shape of a refusal's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Of a file that was chosen where a CSV belongs.
A_SPREADSHEET = _(
    "This is a spreadsheet, not a CSV file. Open it in the spreadsheet program and save it as “CSV UTF-8”."
)
NO_CSV = _("This is not a CSV file. Choose a CSV file.")


@dataclass(frozen=True, slots=True)
class Words:
    """A lazy sentence with named facts, and the HTTP status that goes with it.

    Where one refusal has several causes, ``by`` names the fact that tells them apart and ``cases`` holds
    their sentences; where that fact is a list, each of its causes says its own. ``message`` speaks for the
    rest. ``mend`` names the page where it can be mended, and that
    page's link.
    """

    message: str | Promise
    status: int = 422
    by: str = ""
    cases: Mapping[str, str | Promise] = field(default_factory=dict)
    mend: tuple[str, str | Promise] | None = None

    def sentence(self, facts: Mapping[str, object]) -> str:
        cause = facts.get(self.by)
        causes = map(str, cause if isinstance(cause, list) else [cause])
        said = dict.fromkeys(str(self.cases[one]) for one in causes if one in self.cases)
        return " ".join(said) or str(self.message)
