"""The site's own settings, with some pages more."""

from tukro.settings import *  # noqa: F403  # every one of them

ROOT_URLCONF = "tests.web.transport.pages"
