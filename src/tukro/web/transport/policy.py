"""The Content-Security-Policy of our own pages: one sentence, written once for its settings.

django-csp writes it anew for each answer, twice. Nothing of ours is inline, so there is no nonce that would
differ. The task host has a policy of its own (web/taskhost).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

__all__ = ["HEADER", "PolicyMiddleware", "policy_with"]


def policy_with(directives: Mapping[str, Sequence[str]]) -> str:
    """The policy of one answer in which these directives stand in place of the site's own.

    The caller sets it as the answer's ``HEADER``. Sources must be free of spaces, commas and semicolons.
    """
    assert not any(set(source) & set(" ,;") for sources in directives.values() for source in sources)
    return str(build_policy(replace={name: list(sources) for name, sources in directives.items()}))


class PolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._written_for: object = None
        self._written = ""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self._policy())
        return response

    def _policy(self) -> str:
        """The sentence for the settings as they stand; tests give others than those of the start."""
        directives = settings.CONTENT_SECURITY_POLICY
        if directives is not self._written_for:
            self._written, self._written_for = build_policy(), directives
        return self._written
