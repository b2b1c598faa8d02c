"""Access keys: made and revoked here, seen once; and the lines that point a program of MTurk here."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import NotFound, Refused
from tukro.people.actions.keys import KEYS_AT_ONCE, NewKey, make_access_key, revoke_access_key
from tukro.people.queries import access_keys_of
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.refusals import refusal_message, refusal_status

PYTHON_LINES = """\
import boto3

mturk = boto3.client("mturk")
print(mturk.get_account_balance()["AvailableBalance"])"""
SHELL_LINE = "aws mturk get-account-balance"


@never_cache
@requester_required
@require_http_methods(["GET", "POST"])
def page(request: RequesterRequest) -> HttpResponse:
    """The keys that work. A POST makes one and shows its secret, this once."""
    made, refused, status = None, "", 200
    if request.method == "POST":
        try:
            made = make_access_key(requester=request.requester, now=timezone.now())
        except Refused as refusal:
            refused, status = refusal_message(refusal), refusal_status(refusal)
    keys = list(access_keys_of(request.requester))
    context = {
        "keys": keys,
        "limit": KEYS_AT_ONCE,
        "has_room": len(keys) < KEYS_AT_ONCE,
        "made": made,
        "refused": refused,
        "endpoint": endpoint(),
        "environment": environment_lines(made),
        "python": PYTHON_LINES,
        "shell": SHELL_LINE,
    }
    return render(request, "requester/programs/keys.html", context, status=status)


@requester_required
@require_http_methods(["GET", "POST"])
def revoke(request: RequesterRequest, key_id: str) -> HttpResponse:
    """Ask once, then make the key useless."""
    if request.method == "GET":
        key = access_keys_of(request.requester).filter(key_id=key_id).first()
        if key is None:
            raise NotFound(key_id=key_id)
        return render(request, "requester/programs/key_revoke.html", {"key": key})
    revoke_access_key(requester=request.requester, key_id=key_id, now=timezone.now())
    messages.success(request, _("The key %(key_id)s no longer works.") % {"key_id": key_id})
    return redirect("requester:keys")


def endpoint() -> str:
    """Where programs that speak MTurk's protocol send what they ask."""
    return f"{settings.SITE_URL}/mturk"


def environment_lines(made: NewKey | None) -> str:
    """What boto3 and the AWS command line read from the environment; nothing in a program changes."""
    key_id, secret = made or ("…", "…")
    return "\n".join(
        (
            f"export AWS_ENDPOINT_URL_MTURK={endpoint()}",
            f"export AWS_ACCESS_KEY_ID={key_id}",
            f"export AWS_SECRET_ACCESS_KEY={secret}",
            "export AWS_DEFAULT_REGION=us-east-1",
        )
    )
