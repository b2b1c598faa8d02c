"""The market as an app on the phone: its manifest, its service worker, the page for when there is no network.

Nothing here knows who asks: all of it may be kept by anyone.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

_SOURCE = Path(__file__).parent / "assets" / "sw.js"
# Small, and on every page of a worker. Letters and pictures come to it as pages ask for them.
_SHELL = (
    "css/tokens.css",
    "css/tukro.css",
    "js/page.js",
    "js/outbox.js",
    "js/device.js",
    "js/work.js",
    "js/draft.js",
    "img/logo.svg",
    "img/icons.svg",
)
_DAY = 86_400
_PAPER, _ACCENT = "#faf8f4", "#0b655c"  # --paper and --accent of css/tokens.css
_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@require_safe
def manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """What a phone needs to put the market on its home screen, in the language of the page that names it."""
    if language not in _LANGUAGES:
        raise Http404
    with translation.override(language):
        answer = JsonResponse(_app(language), json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Type"] = "application/manifest+json"
    patch_cache_control(answer, public=True, max_age=_DAY)
    return answer


@require_safe
@gzip_page
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker. Browsers ask for it with each visit; it changes when the shell does."""
    source = _SOURCE.read_text(encoding="utf-8")
    known = {
        "SHELL": [static(name) for name in _SHELL],
        "OFFLINE": {code: reverse("public:offline", args=[code]) for code in _LANGUAGES},
        "OUTBOX": static("js/outbox.js"),
        "ICON": static("img/app-192.png"),
    }
    version = hashlib.sha256(json.dumps([known, source]).encode()).hexdigest()[:12]
    lines = [f"const {name} = {json.dumps(value)};" for name, value in {"VERSION": version, **known}.items()]
    answer = HttpResponse("\n".join([*lines, source]), content_type="text/javascript; charset=utf-8")
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """What is shown when there is no network: what waits on the device, and that nothing is lost."""
    if language not in _LANGUAGES:
        raise Http404
    with translation.override(language):
        return render(request, "public/offline.html")


def _app(language: str) -> dict[str, object]:
    return {
        "id": "/",
        "start_url": "/account/start",
        "scope": "/",
        "display": "standalone",
        "lang": language,
        "dir": "ltr",
        "name": _("Tukro: small jobs, fairly paid"),
        "short_name": _("Tukro"),
        "description": _("An open marketplace for small paid tasks. Free for workers."),
        "background_color": _PAPER,
        "theme_color": _ACCENT,
        "categories": ["business", "productivity"],
        "icons": [
            _icon("img/app-192.png", "192x192", "any"),
            _icon("img/app-512.png", "512x512", "any"),
            _icon("img/app-maskable-512.png", "512x512", "maskable"),
            {"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        ],
        "shortcuts": [
            {"name": _("Find work"), "url": reverse("worker:projects")},
            {"name": _("Queue"), "url": reverse("worker:queue")},
            {"name": _("Earnings"), "url": reverse("worker:earnings")},
        ],
    }


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
