"""allauth's forms of two-step sign-in in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from tukro.kernel.typed import ascii_digits


class _OurWords:
    """Our labels on allauth's fields; digits of any script are taken."""

    fields: dict[str, forms.Field]
    words = {
        "code": (_("Code"), _("Six digits of the app, or a recovery code.")),
        "name": (_("Name of this passkey"), _("So that you know it again in the list.")),
        "passwordless": (
            _("Sign in with it alone, without the password"),
            _("Your device then asks for your fingerprint, face or PIN each time."),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
        if code := self.fields.get("code"):
            code.widget.attrs |= {"inputmode": "numeric"}
            code.clean = _with_ascii_digits(code)  # type: ignore[method-assign]  # on this field alone


def _with_ascii_digits(field: forms.Field) -> Any:
    clean = field.clean
    return lambda value: clean(ascii_digits(str(value or "")).replace(" ", ""))


class AuthenticateForm(_OurWords, base.AuthenticateForm):
    pass


class ReauthenticateForm(_OurWords, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(_OurWords, totp.ActivateTOTPForm):
    pass


class AddWebAuthnForm(_OurWords, webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(_OurWords, webauthn.EditWebAuthnForm):
    pass
