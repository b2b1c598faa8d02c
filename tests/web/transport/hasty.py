"""The site of these tests, whose bodies may be late by a second, and have to be quicker."""

from tests.web.transport.site import *  # noqa: F403  # every one of them
from tukro.web.transport import bodies

bodies.LATENESS = 1.0
bodies.BYTES_A_SECOND = 10_000
