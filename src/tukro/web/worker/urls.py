"""Addresses of the worker's pages: those of the model's own worker site (mturk-sites 2.2)."""

from __future__ import annotations

from django.urls import path

from tukro.web.worker import messages, model_site, overview
from tukro.web.worker.doing import in_hand, practice, reporting, working
from tukro.web.worker.earning import earned, earnings, payout_places, schedules, withdrawing
from tukro.web.worker.finding import links, lots, marking, open_list, requesters, searches
from tukro.web.worker.proving import address, former, identity, phone, tax
from tukro.web.worker.standing import groups, history, level, qualifying, records

app_name = "worker"

urlpatterns = [
    path("projects/<str:group_id>/tasks/accept_random", model_site.accept_random, name="accept"),
    path("projects/<str:group_id>/tasks/<str:task_id>/submit", working.submit, name="submit"),
    path("projects/<str:group_id>/tasks/<str:task_id>/of_frame", working.of_frame, name="of_frame"),
    *model_site.urlpatterns,
    path("projects", open_list.projects, name="projects"),
    path("projects/<str:group_id>/tasks", open_list.preview, name="preview"),
    path("projects/<str:group_id>/tasks/leave_draw", lots.leave, name="leave_draw"),
    path("projects/<str:group_id>/tasks/<str:task_id>", working.work, name="work"),
    path("projects/<str:group_id>/tasks/<str:task_id>/accept", working.accept_this, name="accept_this"),
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
    *messages.urlpatterns,
    path("groups", groups.groups, name="groups"),
    path("groups/<str:group_id>/answer", groups.answer, name="group_answer"),
    path("groups/<str:group_id>/leave", groups.leave, name="group_leave"),
    path("level", level.level, name="level"),
    path("history.csv", history.download, name="history_csv"),
    path("history/<str:assignment_id>", history.record, name="record"),
    path("history/<str:assignment_id>/appeal", history.make_appeal, name="appeal"),
    path("history/<str:assignment_id>/appeal/withdraw", history.take_back, name="appeal_withdraw"),
    path("qualifications", qualifying.find, name="qualifications_find"),
    path("qualifications/pending", qualifying.requests, name="qualifications_pending"),
    path("qualifications/adult", qualifying.adult, name="qualification_adult"),
    path("qualifications/state", qualifying.subdivision, name="qualification_state"),
    path("qualifications/requests/<str:request_id>", qualifying.test, name="qualification_test"),
    path("qualifications/<str:type_id>", qualifying.qualification, name="qualification"),
    path("qualifications/<str:type_id>/request", qualifying.ask, name="qualification_request"),
    path("former_id", former.former_id, name="former_id"),
    *earned.urlpatterns,
    *earnings.urlpatterns,
    *withdrawing.urlpatterns,
    *schedules.urlpatterns,
    *payout_places.urlpatterns,
    *address.urlpatterns,
    *phone.urlpatterns,
    *identity.urlpatterns,
    *tax.urlpatterns,
    *practice.urlpatterns,
    *records.urlpatterns,
    # Links that requesters' programs print for their tasks (mturk-api 3.3).
    path("mturk/preview", links.preview),
    path("mturk/previewandaccept", links.preview),
    path("mturk/accept", links.preview),
]
