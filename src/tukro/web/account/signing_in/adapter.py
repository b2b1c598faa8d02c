"""How allauth speaks for this house: where it leads people, in which language it writes to them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from tukro.kernel.sealing import seal, unseal
from tukro.people.actions.sessions import note_language, note_sign_in
from tukro.people.models import User
from tukro.web.account.signing_in.device_names import device_name
from tukro.web.account.wanted import then, wanted_page

IN_MAIL = "then"  # in a mail's link: the goal, after signing in. To a ``next`` allauth would go at once
DEVICE = "device"  # in the session: what the browser called itself at signing in


class Adapter(DefaultAccountAdapter):
    """Registration, sign-in and mails of allauth with our pages around them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many wrong passwords. Please wait five minutes and try again."),
        "enter_current_password": _("Please enter the password that you use now."),
        "incorrect_password": _("This password is not right."),
        "email_taken": _("Someone has already registered with this e-mail address."),
        "same_as_current": _("This is already your e-mail address."),
    }

    def new_user(self, request: HttpRequest) -> User:
        """Someone who registers keeps the language of the page on which they did."""
        return User(language=_page_language(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  # allauth calls it so
        """After the link in the mail: the second step (S1-36)."""
        return reverse("account:welcome")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:  # noqa: ARG002  # allauth calls it so
        """The link was opened, and this browser did not register just now."""
        user = self.request.user
        welcome = then(reverse("account:welcome"), wanted_page(self.request, IN_MAIL))
        if user.is_authenticated:
            known = getattr(user, "worker", None) or getattr(user, "requester", None)
            return reverse("account:overview") if known else welcome
        step = {"next": welcome, "active": "1"}
        return f"{reverse('account_login')}?{urlencode(step)}"

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **how: Any) -> HttpResponse:
        """The list of signed-in devices tells them apart by this; staff see which accounts share lines."""
        device = device_name(request.headers.get("User-Agent", ""))
        request.session[DEVICE] = device
        if isinstance(user, User):
            address = self.get_client_ip(request)
            note_sign_in(user=user, address=address, device=device, now=timezone.now())
            note_language(user=user, language=_page_language(request))
        return super().post_login(request, user, **how)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  # allauth calls it so
        return reverse("account:overview")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Greet the receiver, in their language: their own choice, else that of the page.

        A mail that says what was done to the account links to where the password can be changed without it.
        """
        user = context.get("user") or User.objects.filter(email__iexact=email).only("language").first()
        language = (user and user.language) or translation.get_language() or settings.LANGUAGE_CODE
        links = {
            name: own_address(self.request, urlsplit(str(link)).path)
            for name, link in context.items()
            if name.endswith("_url")
        }
        if template_prefix.startswith(_CONFIRMING):  # it may be opened where this session is not
            links = {name: then(link, wanted_page(self.request), IN_MAIL) for name, link in links.items()}
        if "user_agent" in context:
            links["password_url"] = own_address(self.request, reverse("account_reset_password"))
            links["user_agent"] = device_name(str(context["user_agent"])) or str(context["user_agent"])[:80]
        with translation.override(language):
            super().send_mail(template_prefix, email, {"user": user, **context, **links})

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Plain text only: small, readable everywhere, nothing to track."""
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        text = render_to_string(f"{template_prefix}_message.txt", context).strip() + "\n"
        to = [email] if isinstance(email, str) else email
        return EmailMultiAlternatives(subject, text, self.get_from_email(), to, headers=headers)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002  # allauth calls it so
        """Wrong passwords count per account: the Host header, which a guesser chooses, plays no part."""
        return str(credentials.get("email", "")).lower()


class TwoStepAdapter(DefaultMFAAdapter):
    """Two-step sign-in of allauth: its secrets are sealed, and it speaks in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. The next one comes within half a minute."),
        "unverified_email": _("Please confirm your e-mail address first."),
        "cannot_generate_recovery_codes": _("Set up a passkey or an app first."),
    }

    def get_totp_issuer(self) -> str:
        return f"Tukro ({settings.SITE_HOST})" if settings.SITE_HOST != "localhost" else "Tukro"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: ARG002  # allauth calls it so
        """What it is made with, as people know it."""
        return device_name(allauth_context.request.headers.get("User-Agent", "")) or "1"

    def encrypt(self, text: str) -> str:
        sealed = seal(text, secret=settings.SECRET_KEY, purpose=_SEALED_FOR, bound_to="")
        return b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = b64decode(encrypted_text)
        return unseal(sealed, secret=settings.SECRET_KEY, purpose=_SEALED_FOR, bound_to="")


_CONFIRMING = "account/email/email_confirmation"  # at registering, and later ones
_SEALED_FOR = "two-step sign-in"


def own_address(request: HttpRequest, path: str) -> str:
    """A full address of ours for a mail. The Host header decides only on a laptop, never in production."""
    if urlsplit(settings.SITE_URL).hostname == "localhost":
        return request.build_absolute_uri(path)
    return settings.SITE_URL.rstrip("/") + path


def _page_language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", ""))
