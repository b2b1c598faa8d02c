"""The WSGI application that granian serves."""

from __future__ import annotations

import os

import django
from django.conf import LazySettings, settings
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tukro.settings")
django.setup(set_prefix=False)

from tukro.web.transport.requests import Handler  # noqa: E402  # it needs the settings

application = Handler()

# What Django does around each request, without what has no use here: a connection is looked at when a request
# has ended, and nothing but requests uses it in between; statements are kept for debugging only; the cache is
# a table and has nothing to close; there is one URLconf, and each request begins by saying so.
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_caches)
request_finished.disconnect(reset_urlconf)
if not settings.DEBUG:
    request_started.disconnect(reset_queries)

# The settings are loaded, for good: reading one need not ask each time whether they are. Forty are read in a
# short request, a twentieth of what it costs.
type.__setattr__(LazySettings, "__getattribute__", object.__getattribute__)
