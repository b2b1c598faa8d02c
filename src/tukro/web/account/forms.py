"""What people are asked about themselves, and allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tukro.kernel.typed import ascii_digits, is_mail_address
from tukro.people.actions.contact import Contact
from tukro.people.models import ContactDetails, User
from tukro.people.rules import tidy_text
from tukro.web.words.places import country_choices, zone_choices, zone_country

HAS_LETTER = RegexValidator(r"[^\W\d_]", _("Please write it in letters."))
POSTAL_CODE = RegexValidator(
    r"^[\w][\w \-]*$", _("A postal code has letters, digits, spaces and hyphens only.")
)


def can_be_mailed(address: str) -> None:
    """In Django's words, and stricter than Django: a domain may look right and be too long to be sent to."""
    if not is_mail_address(address):
        raise ValidationError(EmailValidator.message, code=EmailValidator.code)


class TidyField(forms.CharField):
    """Text in one spelling: NFC, no stray spaces, no control characters."""

    def to_python(self, value: Any) -> str:
        return tidy_text(super().to_python(value) or "")


class ZoneSelect(forms.Select):
    """Each time zone says in which country it lies: js/place.js finds the likely one by it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if country := zone_country(value):
            option["attrs"]["data-country"] = country
        return option


class ContactForm(forms.Form):
    """Contact details (S1-38), and how this person reads: language, digits, time zone."""

    full_name = TidyField(
        label=_("Full name"),
        help_text=_("As on your bank account. Payments and letters go to this name."),
        max_length=120,
        validators=[HAS_LETTER],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = TidyField(
        label=_("Address"),
        help_text=_("House, road, area or village."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = TidyField(
        label=_("Postal code"),
        max_length=20,
        validators=[POSTAL_CODE],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = TidyField(
        label=_("City"),
        max_length=80,
        validators=[HAS_LETTER],
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, widget=ZoneSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    digits = forms.ChoiceField(
        label=_("Digits"),
        choices=[("native", _("Of the language: ১২৩ in Bengali")), ("latin", _("Always 123"))],
    )

    def clean_postal_code(self) -> str:
        return ascii_digits(self.cleaned_data["postal_code"])

    @classmethod
    def of(
        cls, user: User, contact: ContactDetails | None, page_language: str, country: str = ""
    ) -> ContactForm:
        """The form filled with what is known; ``country`` is a guess for somebody who is new."""
        known = {
            "time_zone": user.time_zone,
            "language": user.language or page_language,
            "digits": user.digits,
            "country": country,
        }
        if contact is not None:
            known |= {name: getattr(contact, name) for name in CONTACT_FIELDS}
        return cls(initial=known)

    @property
    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in CONTACT_FIELDS})


CONTACT_FIELDS = ("full_name", "address", "postal_code", "city", "country")


class RequestWorkerForm(forms.Form):
    """Ask for a worker account: from where, and a promise (S1-30)."""

    country = forms.ChoiceField(
        label=_("Country where you work"),
        choices=country_choices,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    one_account = forms.BooleanField(
        label=_("I am one person with one account, and I have no other account here."),
        error_messages={"required": _("Please confirm that this is your only account.")},
    )
    rules = forms.BooleanField(
        label=_("I have read the rules: honest work by myself, no tricks, no sharing of the account."),
        error_messages={"required": _("Please read and accept the rules.")},
    )


class CountryForm(forms.Form):
    """Another country where the worker works, and why."""

    country = forms.ChoiceField(
        label=_("Country where you work"),
        choices=country_choices,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    said = forms.CharField(
        label=_("Why"),
        help_text=_("For example that you have moved, and since when; or that it was chosen by mistake."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BecomeRequesterForm(forms.Form):
    name = TidyField(
        label=_("Name that workers see"),
        help_text=_("Your own name, or that of your company or institute."),
        max_length=120,
        validators=[HAS_LETTER],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


MAIL_WENT_TO = "mail_went_to"  # in the session: the address that somebody typed to be confirmed


class VerifyAgainForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class _OurWords:
    """Our labels on allauth's fields; a placeholder is not a label, so there are none."""

    fields: dict[str, forms.Field]
    words = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "password1": _("Password"),
        "password2": _("The new password once more"),
        "oldpassword": _("Password that you use now"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            if name == "email":  # allauth would cut a longer one: an address that nobody typed
                longest = MaxLengthValidator(User._meta.get_field("email").max_length or 0)
                field.validators = [can_be_mailed, longest]


class LoginForm(_OurWords, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page has its own link for a forgotten password


class SignupForm(_OurWords, allauth_forms.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("We send a link to it. It is also your name for signing in.")
        self.fields["password1"].help_text = _("At least 8 characters, not a common word.")

    def try_save(self, request: HttpRequest) -> Any:
        """Also keep the address, known or not, for the page that says where the mail went."""
        request.session[MAIL_WENT_TO] = self.cleaned_data["email"]
        return super().try_save(request)


class _NewPassword(_OurWords):
    words = _OurWords.words | {"password1": _("New password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 8 characters, not a common word.")


class ChangePasswordForm(_NewPassword, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""  # the page has its own link for a forgotten password


class ResetPasswordKeyForm(_NewPassword, allauth_forms.ResetPasswordKeyForm):
    pass


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):
    pass


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):
    pass


class ChangeEmailForm(_OurWords, allauth_forms.AddEmailForm):
    words = _OurWords.words | {"email": _("New e-mail address")}
