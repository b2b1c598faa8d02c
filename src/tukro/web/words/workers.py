"""What the states of a worker account are called, with the look of their badges."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: dict[str, tuple[Promise, str]] = {
    "pending": (_("waits, may not work yet"), "badge-warn"),
    "active": (_("works"), "badge-ok"),
    "refused": (_("refused"), "badge-bad"),
    "suspended": (_("suspended"), "badge-bad"),
    "closed": (_("closed"), ""),
}
