"""How long a password must be, said in our words and the reader's digits."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _

from tukro.web.formats import number


class LongEnough(MinimumLengthValidator):
    """Django's rule; its own words know no digits but Latin ones."""

    def get_error_message(self) -> str:
        return _("This password is too short. It needs at least %(least)s characters.") % {
            "least": number(self.min_length)
        }

    def get_help_text(self) -> str:
        return _("At least %(least)s characters.") % {"least": number(self.min_length)}
