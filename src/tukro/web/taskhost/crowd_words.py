"""Our own words in Crowd HTML elements, in the reader's language; scripts call them ``words.<name>``."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, Promise]] = {
    "choose_all": _("Choose all that fit"),
    "choose_one": _("Choose one"),
    "close": _("Close"),
    "full_instructions": _("Full instructions"),
    "instructions": _("Instructions"),
    "preview": _("This is a preview. Accept the task to hand in an answer."),
    "submit": _("Submit"),
}
