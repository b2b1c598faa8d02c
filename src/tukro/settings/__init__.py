"""Settings from the environment, checked at start, safe by default: docs/operate/settings.md lists them."""

from __future__ import annotations

from tukro.settings.accounts import *
from tukro.settings.environment import DATA as DATA
from tukro.settings.house import *
from tukro.settings.money import *
from tukro.settings.site import *
from tukro.settings.telling import *
