"""Settings from the environment, checked at start, safe by default: docs/operate/settings.md lists them."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from tukro.runtime.database_url import database_from_url
from tukro.runtime.place import data_directory, kept_secret

DATA = data_directory()


def _env(name: str, default: str = "") -> str:
    return os.environ.get(f"TUKRO_{name}", default)


def _number(name: str, default: int, *, smallest: int = 1, largest: int = 65_535) -> int:
    given = _env(name, str(default))
    if not given.isascii() or not given.isdigit() or not smallest <= int(given) <= largest:
        raise ImproperlyConfigured(
            f"TUKRO_{name} must be a whole number from {smallest} to {largest}, not {given!r}."
        )
    return int(given)


def _one_of(name: str, *choices: str) -> str:
    """The first choice is the default."""
    given = _env(name, choices[0])
    if given not in choices:
        raise ImproperlyConfigured(f"TUKRO_{name} must be one of {', '.join(choices)}, not {given!r}.")
    return given


def _address(name: str, default: str) -> str:
    given = (_env(name) or default).rstrip("/")
    if urlsplit(given).scheme not in ("http", "https") or not urlsplit(given).hostname:
        raise ImproperlyConfigured(
            f"TUKRO_{name} must be an address with http:// or https://, not {given!r}."
        )
    return given


def _service(name: str, default: str) -> str:
    """Where a provider is asked, with our secrets: https, or a machine's own loopback for tests."""
    given = _address(name, default)
    if given.startswith("http://") and urlsplit(given).hostname not in ("127.0.0.1", "localhost"):
        raise ImproperlyConfigured(f"TUKRO_{name} must begin with https://, not {given!r}.")
    return given


def _document(name: str, default: str = "") -> str:
    """Where a document is read: as ``_service``, or a file of this machine; '' for none."""
    given = _env(name, default)
    return given if not given or given.startswith("file:///") else _service(name, given)


def _ways(name: str, *allowed: str) -> dict[str, str]:
    """``BDT=rates.BDT,date=updated``: where in a document each thing stands."""
    pairs = [part.partition("=") for part in _env(name).split(",") if part.strip()]
    ways = {what.strip(): way.strip() for what, _equals, way in pairs}
    if any(what not in allowed or not way for what, way in ways.items()):
        raise ImproperlyConfigured(
            f"TUKRO_{name} must name places, each for one of {', '.join(allowed)}: BDT=rates.BDT"
        )
    return ways


def _secret(name: str) -> str:
    """A secret from the environment, or one made at first start and kept in the data directory.

    Where there is neither, as in tests, a new one for this process alone: nothing is ever signed with a
    secret that strangers know.
    """
    return _env(name) or kept_secret(name.lower(), DATA / "secrets") or token_urlsafe(48)


DEBUG = _one_of("DEBUG", "0", "1") == "1"
SECRET_KEY = _secret("SECRET_KEY")
# Makes the ids by which requesters know workers: it stays when the secret of the site changes.
ALIAS_KEY = _env("ALIAS_KEY") or SECRET_KEY
RECORD_KEY = _secret("RECORD_KEY")  # what workers' records are signed with
PUSH_KEY = _secret("PUSH_KEY")  # what web pushes are signed with: browsers remember its public half
HOST = _env("HOST", "127.0.0.1")
PORT = _number("PORT", 8080)
WEB_PROCESSES = _number("WEB_PROCESSES", 2, largest=256)
WEB_THREADS = _number("WEB_THREADS", 2, largest=256)
JOB_THREADS = _number("JOB_THREADS", 4, largest=64)
# Where people find the site, and where untrusted task pages live (law: never the same host name; the port may
# be the same). {label} is filled per task and worker; see web/taskhost/names.py.
SITE_URL = _address("SITE_URL", f"http://localhost:{PORT}")
TASK_URL = _env("TASK_URL", f"http://{{label}}.localhost:{PORT}")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
# Where workers' pages and programs listen to the news (web/news): another port of the site's own name, so
# that the session's cookie comes along. '' on a site for the public until the operator says where: then pages
# ask from time to time instead.
NEWS_PORT = _number("NEWS_PORT", PORT + 2 if PORT < 65_534 else PORT - 2)
NEWS_STREAMS = _number("NEWS_STREAMS", 2000, largest=50_000)
NEWS_URL = (
    _address("NEWS_URL", f"http://{SITE_HOST}:{NEWS_PORT}") if _env("NEWS_URL") or not SITE_IS_HTTPS else ""
)
if NEWS_URL and (urlsplit(NEWS_URL).hostname != SITE_HOST or urlsplit(NEWS_URL).path):
    raise ImproperlyConfigured(
        f"TUKRO_NEWS_URL must be an address at the site's own host name {SITE_HOST}, without a path, "
        f"not {NEWS_URL!r}: cookies go nowhere else."
    )
# The MTurk wire: play money and a fixed balance in the sandbox, as MTurk's; calls a second of one access key.
MODE = _one_of("MODE", "live", "sandbox")
# Hosts of external questions that need no https, beside loopback.
OPEN_FRAME_HOSTS = tuple(filter(None, _env("OPEN_FRAME_HOSTS").split(",")))
# Reads a second of one worker's programs, per web process (web/worker/pace.py).
WORKER_RATE = _number("WORKER_RATE", 5, largest=1_000_000)
# Web hooks a second for one provider from one address, per web process (web/hooks.py).
HOOK_RATE = _number("HOOK_RATE", 10, largest=1_000_000)
WIRE_RATE = _number("WIRE_RATE", 1000, largest=1_000_000)
DEMO = _one_of("DEMO", *("01" if SITE_IS_HTTPS else "10")) == "1"  # a site for the public starts empty
ALLOWED_HOSTS = [
    *filter(None, _env("ALLOWED_HOSTS").split(",")),
    SITE_HOST,
    "localhost",
    "127.0.0.1",
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "tukro.journal",
    "tukro.ledger",
    "tukro.people",
    "tukro.qualifications",
    "tukro.vetting",
    "tukro.money",
    "tukro.work",
    "tukro.campaigns",
    "tukro.notices",
    "tukro.quality",
    "tukro.records",
    "tukro.privacy",
    "tukro.web",
]

MIDDLEWARE = [
    "tukro.api.mturk.door.WireMiddleware",  # first: programs bring signatures, no cookies, and want no pages
    "tukro.web.taskhost.middleware.TaskHostMiddleware",  # task pages never meet what stands below
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tukro.web.compression.CompressPages",
    "tukro.web.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tukro.web.reader.ReaderMiddleware",
    "tukro.web.flashes.LazyMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tukro.web.answers.RefusalMiddleware",
]
CSRF_FAILURE_VIEW = "tukro.web.answers.forbidden"

ROOT_URLCONF = "tukro.urls"
WSGI_APPLICATION = "tukro.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "tukro.web.templating.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tukro.web.context.roles",
            ],
        },
    }
]

FORM_RENDERER = "tukro.web.widgets.Renderer"

DATABASES = {"default": database_from_url(_env("DATABASE_URL", "postgresql://tukro@127.0.0.1:5432/tukro"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts for rate limits, shared by all processes; nothing hot goes here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account:start"
LOGOUT_REDIRECT_URL = "public:landing"
ACCOUNT_ADAPTER = "tukro.web.account.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = True  # the link itself opens the second step (S1-36)
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that registered
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "tukro.web.account.forms.LoginForm",
    "signup": "tukro.web.account.forms.SignupForm",
    "add_email": "tukro.web.account.forms.ChangeEmailForm",
    "change_password": "tukro.web.account.forms.ChangePasswordForm",
    "reset_password": "tukro.web.account.forms.ResetPasswordForm",
    "reset_password_from_key": "tukro.web.account.forms.ResetPasswordKeyForm",
    "reauthenticate": "tukro.web.account.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "tukro.web.account.adapter.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_IS_HTTPS  # browsers themselves allow it on localhost only
MFA_TOTP_TOLERANCE = 1  # clocks of phones are wrong by seconds
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_FORMS = {
    "authenticate": "tukro.web.account.two_step_forms.AuthenticateForm",
    "reauthenticate": "tukro.web.account.two_step_forms.ReauthenticateForm",
    "activate_totp": "tukro.web.account.two_step_forms.ActivateTOTPForm",
    "add_webauthn": "tukro.web.account.two_step_forms.AddWebAuthnForm",
    "edit_webauthn": "tukro.web.account.two_step_forms.EditWebAuthnForm",
}
# Whole neighbourhoods share one address behind a phone company: limits per address are wide, those per
# person tight.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "verify_again": "20/m/ip",
}
# How many proxies stand before us: the last but so many address in X-Forwarded-For is the visitor's.
ALLAUTH_TRUSTED_PROXY_COUNT = _number("PROXIES", int(SITE_IS_HTTPS), smallest=0, largest=16)

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("bn", "বাংলা"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# Collected files carry a hash in their name, are compressed and kept by browsers for ever; a working copy
# where nothing was collected serves them from where they lie.
COLLECTED_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": COLLECTED_FILES if _COLLECTED else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = not _COLLECTED
FILES_ROOT = DATA / "files"  # proofs: outside the web root, private

SESSION_ENGINE = "tukro.web.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
LANGUAGE_COOKIE_NAME = "tukro_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SITE_IS_HTTPS

EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _env("MAIL_FROM", f"Tukro <no-reply@{SITE_HOST}>")
# smtp://user:password@host:587 (STARTTLS) or smtps://...; empty keeps all mails in the outbox.
SMTP_URL = _env("SMTP_URL")
LETTER_SENDER = _env("LETTER_SENDER")  # the small line above the address of printed letters

# Lob prints and posts letters (docs/operate/letters.md).
LOB_KEY = _env("LOB_KEY")
LOB_FROM = _env("LOB_FROM")  # adr_…, the house's own address at Lob
LOB_HOOK_SECRET = _env("LOB_HOOK_SECRET")
LOB_URL = _service("LOB_URL", "https://api.lob.com")

# Text messages with codes that prove phones: by Twilio, or by a gateway that is described here
# (docs/operate/phones.md). With neither they stay on a page for staff.
TWILIO_ACCOUNT = _env("TWILIO_ACCOUNT")
TWILIO_TOKEN = _env("TWILIO_TOKEN")
TWILIO_FROM = _env("TWILIO_FROM")  # a number, a name, or a messaging service (MG...)
TWILIO_URL = _service("TWILIO_URL", "https://api.twilio.com")
SMS_URL = _service("SMS_URL", "") if _env("SMS_URL") else ""
SMS_METHOD = _one_of("SMS_METHOD", "POST", "GET")
SMS_SENDS = _one_of("SMS_SENDS", "form", "json", "query")
SMS_FIELDS = _env("SMS_FIELDS", "to={number}&text={text}")
SMS_HEADERS = _env("SMS_HEADERS")
SMS_SUCCESS = _env("SMS_SUCCESS")  # what stands in an answer when the gateway took the message
SMS_A_DAY = _number("SMS_A_DAY", 1000, smallest=0, largest=1_000_000)  # what the operator pays for at most
SMS_COUNTRIES = frozenset(filter(None, _env("SMS_COUNTRIES").replace(" ", "").upper().split(",")))

# Notifications to machines: where SQS and SNS are ('' = Amazon's own; credentials as boto3 finds them), and
# whether web hooks may go to private addresses and plain http, as on a test machine or inside a company.
SQS_ENDPOINT = _address("SQS_ENDPOINT", "") if _env("SQS_ENDPOINT") else ""
SNS_ENDPOINT = _address("SNS_ENDPOINT", "") if _env("SNS_ENDPOINT") else ""
PRIVATE_HOOKS = _one_of("PRIVATE_HOOKS", "0", "1") == "1"

# Payment providers: docs/operate/settings.md. One without its secrets is not offered.
STRIPE_SECRET = _env("STRIPE_SECRET")
STRIPE_HOOK_SECRET = _env("STRIPE_HOOK_SECRET")  # two, separated by a comma, while one replaces the other
STRIPE_URL = _service("STRIPE_URL", "https://api.stripe.com")
PAYPAL_CLIENT = _env("PAYPAL_CLIENT")
PAYPAL_SECRET = _env("PAYPAL_SECRET")
PAYPAL_HOOK = _env("PAYPAL_HOOK")  # the id that PayPal gave our web hook
PAYPAL_URL = _service("PAYPAL_URL", "https://api-m.paypal.com")
PAYPAL_ROOTS = _env("PAYPAL_ROOTS")  # a file of roots for the certificates that sign its web hooks
SSLCOMMERZ_STORE = _env("SSLCOMMERZ_STORE")
SSLCOMMERZ_PASSWORD = _env("SSLCOMMERZ_PASSWORD")
# Where transfers go, as payers read it: lines separated by "|".
BANK_DETAILS = _env("BANK_DETAILS")
BANK_CURRENCY = _one_of("BANK_CURRENCY", "USD", "BDT", "INR", "EUR")
PLAY_MONEY = _one_of("PLAY_MONEY", *("01" if SITE_IS_HTTPS else "10")) == "1"  # in public, money is money
SSLCOMMERZ_URL = _service("SSLCOMMERZ_URL", "https://securepay.sslcommerz.com")

# Where exchange rates are fetched, beside what staff enter (docs/operate/payouts.md).
RATES_ECB = _one_of("RATES_ECB", "0", "1") == "1"
RATES_ECB_URL = _document("RATES_ECB_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")
RATES_JSON_URL = _document("RATES_JSON_URL")
RATES_JSON_NAME = _env("RATES_JSON_NAME", "JSON")  # what workers read as the source
RATES_JSON = _ways(
    "RATES_JSON", "BDT", "INR", "EUR", "date"
)  # where each rate stands: BDT=rates.BDT,date=updated

# Who pays workers (docs/operate/payouts.md). PayPal's app may take deposits only.
PAYPAL_PAYS = _one_of("PAYPAL_PAYS", "1", "0") == "1"
PAYPAL_PAYOUT_HOOK = _env("PAYPAL_PAYOUT_HOOK")  # a web hook of its own, for payouts
AGCOD_PARTNER = _env("AGCOD_PARTNER")
AGCOD_KEY = _env("AGCOD_KEY")
AGCOD_SECRET = _env("AGCOD_SECRET")
AGCOD_REGION = _one_of("AGCOD_REGION", "us-east-1", "eu-west-1", "us-west-2")
AGCOD_URL = _service("AGCOD_URL", "https://agcod-v2.amazon.com")
TREMENDOUS_KEY = _env("TREMENDOUS_KEY")
TREMENDOUS_FUNDING = _env("TREMENDOUS_FUNDING")
TREMENDOUS_CAMPAIGN = _env("TREMENDOUS_CAMPAIGN")
TREMENDOUS_HOOK_SECRET = _env("TREMENDOUS_HOOK_SECRET")
TREMENDOUS_URL = _service("TREMENDOUS_URL", "https://api.tremendous.com/api/v2")
SKRILL_EMAIL = _env("SKRILL_EMAIL")
SKRILL_PASSWORD = _env("SKRILL_PASSWORD")
SKRILL_URL = _service("SKRILL_URL", "https://www.skrill.com")
WISE_TOKEN = _env("WISE_TOKEN")
WISE_PROFILE = _env("WISE_PROFILE")
WISE_HOOK_KEY = _env("WISE_HOOK_KEY")  # Wise's public key, base64 of its DER
WISE_URL = _service("WISE_URL", "https://api.transferwise.com")
PAYONEER_PROGRAM = _env("PAYONEER_PROGRAM")
PAYONEER_CLIENT = _env("PAYONEER_CLIENT")
PAYONEER_SECRET = _env("PAYONEER_SECRET")
PAYONEER_URL = _service("PAYONEER_URL", "https://api.payoneer.com")
PAYONEER_LOGIN_URL = _service("PAYONEER_LOGIN_URL", "https://login.payoneer.com")
BKASH_APP_KEY = _env("BKASH_APP_KEY")
BKASH_APP_SECRET = _env("BKASH_APP_SECRET")
BKASH_USER = _env("BKASH_USER")
BKASH_PASSWORD = _env("BKASH_PASSWORD")
BKASH_URL = _service("BKASH_URL", "https://checkout.pay.bka.sh/v1.2.0-beta")
# The account that pays withdrawals by bank, as it stands in files for the bank.
BANK_ACCOUNT = _env("BANK_ACCOUNT")
# Cheques: the bank that pays them, lines separated by "|"; on blank paper or on the bank's own forms.
CHEQUE_BANK = _env("CHEQUE_BANK")
CHEQUE_PAPER = _one_of("CHEQUE_PAPER", "blank", "form")

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
    "formatters": {"line": {"()": "tukro.runtime.logs.Line", "style": _one_of("LOG_FORMAT", "text", "json")}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "tukro": {"level": _one_of("LOG_LEVEL", "WARNING", "INFO", "DEBUG", "ERROR")},
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
