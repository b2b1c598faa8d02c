"""Where a person wanted to go before we asked for something else: kept in ``next``, only inside this site."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

_LONGEST = 400  # signs; a mail's link shall stay one that can be opened


def wanted_page(request: HttpRequest, name: str = "next") -> str:
    """The address that stands in ``next``; nothing when it is not one of ours."""
    wanted = request.POST.get(name) or request.GET.get(name) or ""
    inside = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside and len(wanted) <= _LONGEST else ""


def then(address: str, wanted: str, name: str = "next") -> str:
    """``address``, from which the way goes on to the page that is wanted, if there is one."""
    return f"{address}?{urlencode({name: wanted}, safe='/')}" if wanted else address
