"""How allauth speaks for this house: where it leads people, in which language it writes to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tukro.people.models import User


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

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """After the link in the mail: the second step (S1-36)."""
        return reverse("account:welcome")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:  # noqa: ARG002
        """The link was opened, and this browser did not register just now."""
        user = self.request.user
        if user.is_authenticated:
            known = getattr(user, "worker", None) or getattr(user, "requester", None)
            return reverse("account:overview" if known else "account:welcome")
        step = {"next": reverse("account:welcome"), "active": "1"}
        return f"{reverse('account_login')}?{urlencode(step)}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("account:overview")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the receiver's language: their own choice, else that of the page."""
        user = context.get("user") or User.objects.filter(email__iexact=email).only("language").first()
        language = (user and user.language) or translation.get_language() or settings.LANGUAGE_CODE
        links = {
            name: own_address(self.request, urlsplit(str(link)).path)
            for name, link in context.items()
            if name.endswith("_url")
        }
        with translation.override(language):
            super().send_mail(template_prefix, email, {**context, **links})

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

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """Wrong passwords count per account: the Host header, which a guesser chooses, plays no part."""
        return str(credentials.get("email", "")).lower()


def own_address(request: HttpRequest, path: str) -> str:
    """A full address of ours for a mail. The Host header decides only on a laptop, never in production."""
    if urlsplit(settings.SITE_URL).hostname == "localhost":
        return request.build_absolute_uri(path)
    return settings.SITE_URL.rstrip("/") + path


def _page_language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", ""))
