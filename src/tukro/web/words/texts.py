"""What the house writes in text messages. A Bengali one holds 70 characters; each piece more is paid for."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from tukro.people.models import PhoneCode


def code_words(text: PhoneCode, code: str) -> str:
    """The message with a code, in its reader's language. Its digits are ASCII: phones offer them to forms."""
    with override(text.language):
        return _("%(code)s is your code at %(site)s. Tell it to nobody.") % {
            "code": code,
            "site": settings.SITE_HOST,
        }
