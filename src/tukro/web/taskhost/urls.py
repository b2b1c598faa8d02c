"""Addresses on the task host. Views take the label that the request's host name carries."""

from __future__ import annotations

from django.urls import path, re_path

from tukro.web.taskhost import pages

urlpatterns = [
    path("frame/<str:token>", pages.frame),
    # Old pages build the address in several ways: two slashes before it, one behind it.
    re_path(r"^/*mturk/externalSubmit/*$", pages.external_submit),
    path("crowd-html-elements.js", pages.crowd_script),
    path("crowd-icons/<str:name>.svg", pages.crowd_icon),
    *(
        path(name, pages.asset, {"name": name})
        for name in (
            "drawn.css",
            "externalHIT_v1.js",
            "fit-frame.js",
            "handed-in.js",
            "keep-draft.js",
            "look-closer.js",
            "message.css",
            "tell-answer.js",
        )
    ),
]
