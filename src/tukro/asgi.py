"""The ASGI application that granian serves in the news process; pages are served by wsgi.py."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tukro.settings")
django.setup(set_prefix=False)

from tukro.web.news.door import Door  # noqa: E402  # it needs the settings

application = Door()
