"""What the house is made of: its rooms, what each request passes, the database, languages, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tukro.runtime.database_url import database_from_url
from tukro.settings.environment import DATA, env

_PACKAGE = Path(__file__).parent.parent

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
    "tukro.web.transport.compression.CompressPages",
    "tukro.web.transport.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tukro.web.entry.reader.ReaderMiddleware",
    "tukro.web.transport.flashes.LazyMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tukro.web.entry.answers.RefusalMiddleware",
]
CSRF_FAILURE_VIEW = "tukro.web.entry.answers.forbidden"

ROOT_URLCONF = "tukro.urls"
WSGI_APPLICATION = "tukro.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "tukro.web.templating.folding.Loader",
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
                "tukro.web.templating.context.roles",
            ],
        },
    }
]

FORM_RENDERER = "tukro.web.templating.widgets.Renderer"

DATABASES = {"default": database_from_url(env("DATABASE_URL") or "postgresql://tukro@127.0.0.1:5432/tukro")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts for rate limits, shared by all processes; nothing hot goes here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("bn", "বাংলা"), ("en", "English")]
LOCALE_PATHS = [_PACKAGE / "locale"]

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
