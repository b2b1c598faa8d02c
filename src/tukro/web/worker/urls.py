"""Addresses of the worker's pages: those of the model's own worker site (mturk-sites 2.2)."""

from __future__ import annotations

from django.urls import path

from tukro.web.worker import (
    earnings,
    finding,
    former,
    history,
    in_hand,
    links,
    marking,
    overview,
    qualifying,
    reporting,
    requesters,
    searches,
    working,
)

app_name = "worker"

urlpatterns = [
    path("projects", finding.projects, name="projects"),
    path("projects/<str:group_id>/tasks", finding.preview, name="preview"),
    path("projects/<str:group_id>/tasks/accept_random", working.accept, name="accept"),
    path("projects/<str:group_id>/tasks/<str:task_id>", working.work, name="work"),
    path("projects/<str:group_id>/tasks/<str:task_id>/accept", working.accept_this, name="accept_this"),
    path("projects/<str:group_id>/tasks/<str:task_id>/submit", working.submit, name="submit"),
    path("projects/<str:group_id>/tasks/<str:task_id>/draft", working.draft, name="draft"),
    path("projects/<str:group_id>/tasks/<str:task_id>/return", in_hand.give_back, name="return"),
    path("projects/<str:group_id>/tasks/<str:task_id>/extend", in_hand.extend, name="extend"),
    path("projects/<str:group_id>/tasks/<str:task_id>/skip", in_hand.skip, name="skip"),
    path("projects/<str:group_id>/tasks/<str:task_id>/report", reporting.report, name="report"),
    path("projects/<str:group_id>/tasks/<str:task_id>/done", working.done, name="done"),
    path("requesters/<str:requester_id>", requesters.requester, name="requester"),
    path("requesters/<str:requester_id>/projects", requesters.requester, name="requester_projects"),
    path("searches", searches.searches, name="searches"),
    path("searches/new", searches.new_search, name="new_search"),
    path("searches/<str:search_id>", searches.search, name="search"),
    path("searches/<str:search_id>/results", searches.results, name="search_results"),
    path("searches/<str:search_id>/remove", searches.forget, name="forget_search"),
    path("marks", marking.marks, name="marks"),
    path("marks/change", marking.mark, name="mark"),
    path("tasks", overview.queue, name="queue"),
    path("tasks/next", working.next_automatically, name="next_automatically"),
    path("dashboard", overview.dashboard, name="dashboard"),
    path("history", history.history, name="history"),
    path("history.csv", history.download, name="history_csv"),
    path("history/<str:assignment_id>", history.record, name="record"),
    path("history/<str:assignment_id>/appeal", history.make_appeal, name="appeal"),
    path("history/<str:assignment_id>/appeal/withdraw", history.take_back, name="appeal_withdraw"),
    path("qualifications", qualifying.find, name="qualifications_find"),
    path("qualifications/assigned", qualifying.held, name="qualifications"),
    path("qualifications/pending", qualifying.requests, name="qualifications_pending"),
    path("qualifications/adult", qualifying.adult, name="qualification_adult"),
    path("qualifications/state", qualifying.subdivision, name="qualification_state"),
    path("qualifications/requests/<str:request_id>", qualifying.test, name="qualification_test"),
    path("qualifications/<str:type_id>", qualifying.qualification, name="qualification"),
    path("qualifications/<str:type_id>/request", qualifying.ask, name="qualification_request"),
    path("former_id", former.former_id, name="former_id"),
    *earnings.urlpatterns,
    # Links that requesters' programs print for their tasks (mturk-api 3.3).
    path("mturk/preview", links.preview),
    path("mturk/previewandaccept", links.preview),
    path("mturk/accept", links.preview),
]
