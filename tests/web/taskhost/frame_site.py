"""The site with one page more: a stranger's page in the frame that work pages show it in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from tukro.urls import handler400, handler403, handler404, handler500
from tukro.urls import urlpatterns as site
from tukro.web.taskhost.frames import frame_url, receipt
from tukro.work.models import Assignment

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

_PAGE = Template(
    "{% load static %}<!doctype html><title>parent</title><h1>parent</h1>"
    '<script type="module" src="{% static "js/frame.js" %}"></script>'
    '{% include "parts/task_frame.html" with title="Task" %}'
)


def page(_request: HttpRequest, assignment_id: str) -> HttpResponse:
    assignment = Assignment.objects.select_related("task", "worker").get(public_id=assignment_id)
    context = {"src": frame_url(assignment), "receipt": receipt(assignment_id), "next_url": "/gone-on"}
    return HttpResponse(_PAGE.render(Context(context)))


def gone_on(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>gone on</title><h1>gone on</h1>")


urlpatterns = [path("around/<str:assignment_id>", page), path("gone-on", gone_on), *site]
