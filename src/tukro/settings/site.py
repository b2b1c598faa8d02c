"""This site: its secrets, its addresses, its processes, its lines in the log, and its paces."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from tukro.settings.environment import address, env, listening, number, one_of, secret

DEBUG = one_of("DEBUG", "0", "1") == "1"
SECRET_KEY = secret("SECRET_KEY")
# Makes the ids by which requesters know workers: it stays when the secret of the site changes.
ALIAS_KEY = env("ALIAS_KEY") or SECRET_KEY
RECORD_KEY = secret("RECORD_KEY")  # what workers' records are signed with
PUSH_KEY = secret("PUSH_KEY")  # what web pushes are signed with: browsers remember its public half
HOST = listening("HOST", "127.0.0.1")
PORT = number("PORT", 8080)
WEB_PROCESSES = number("WEB_PROCESSES", 3, largest=256)
WEB_THREADS = number("WEB_THREADS", 2, largest=256)
JOB_THREADS = number("JOB_THREADS", 4, largest=64)
# Where people find the site, and where untrusted task pages live (law: never the same host name; the port may
# be the same). {label} is filled per task and worker; see web/taskhost/names.py.
SITE_URL = address("SITE_URL", f"http://localhost:{PORT}")
TASK_URL = env("TASK_URL", f"http://{{label}}.localhost:{PORT}")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
# Where workers' pages and programs listen to the news (web/news): another port of the site's own name, so
# that the session's cookie comes along. '' on a site for the public until the operator says where: then pages
# ask from time to time instead.
NEWS_PORT = number("NEWS_PORT", PORT + 2 if PORT < 65_534 else PORT - 2)
NEWS_STREAMS = number("NEWS_STREAMS", 2000, largest=50_000)
NEWS_URL = (
    address("NEWS_URL", f"http://{SITE_HOST}:{NEWS_PORT}") if env("NEWS_URL") or not SITE_IS_HTTPS else ""
)
if NEWS_URL and (urlsplit(NEWS_URL).hostname != SITE_HOST or urlsplit(NEWS_URL).path):
    raise ImproperlyConfigured(
        f"TUKRO_NEWS_URL must be an address at the site's own host name {SITE_HOST}, without a path, "
        f"not {NEWS_URL!r}: cookies go nowhere else."
    )
# The MTurk wire: play money and a fixed balance in the sandbox, as MTurk's; calls a second of one access key.
MODE = one_of("MODE", "live", "sandbox")
WIRE_RATE = number("WIRE_RATE", 1000, largest=1_000_000)
# Hosts of external questions that need no https, beside loopback.
OPEN_FRAME_HOSTS = tuple(filter(None, env("OPEN_FRAME_HOSTS").split(",")))
# Reads a second of one worker's programs, per web process (web/entry/pace.py).
WORKER_RATE = number("WORKER_RATE", 5, largest=1_000_000)
# Web hooks a second for one provider from one address, per web process (web/doors/hooks.py).
HOOK_RATE = number("HOOK_RATE", 10, largest=1_000_000)
DEMO = one_of("DEMO", *("01" if SITE_IS_HTTPS else "10")) == "1"  # a site for the public starts empty
ALLOWED_HOSTS = [
    *filter(None, env("ALLOWED_HOSTS").split(",")),
    SITE_HOST,
    "localhost",
    "127.0.0.1",
    "[::1]",
    *([f"[{HOST}]" if ":" in HOST else HOST]),  # watchers on this machine come by number
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# How many proxies stand before us: the last but so many address in X-Forwarded-For is the visitor's.
ALLAUTH_TRUSTED_PROXY_COUNT = number("PROXIES", int(SITE_IS_HTTPS), smallest=0, largest=16)

# A site whose address is https stands behind a proxy that ends TLS and says so in X-Forwarded-Proto.
if SITE_IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# One line for each event, to standard error: what starts the process decides where it is kept. Never the
# bodies of requests, never parameters of statements.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tukro.runtime.logs.Line", "style": one_of("LOG_FORMAT", "text", "json")}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "tukro": {"level": one_of("LOG_LEVEL", "WARNING", "INFO", "DEBUG", "ERROR")},
        # Its own handlers would write a second, unformatted line and mail to administrators.
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
    },
}

# Nothing inline, nothing from elsewhere; untrusted task pages only in frames of the task host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        **({"connect-src": ["'self'", NEWS_URL]} if NEWS_URL else {}),
        "frame-src": [TASK_URL.replace("{label}", "*")],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
