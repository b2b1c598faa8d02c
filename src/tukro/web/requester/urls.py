"""Addresses of requesters' pages, below /requester/."""

from __future__ import annotations

from django.urls import path

from tukro.web.requester import messages, overview
from tukro.web.requester.money import balance, deposits
from tukro.web.requester.posting import projects, uploads
from tukro.web.requester.programs import keys, notifications
from tukro.web.requester.reviewing import appeals, judging, review
from tukro.web.requester.running import batches, results, tasks
from tukro.web.requester.workers import former, groups, qualifications

app_name = "requester"

urlpatterns = [
    path("assignments/approve", review.approve, name="approve"),  # first: programs call it for each answer
    path("", overview.home, name="home"),
    path("projects", projects.projects, name="projects"),
    path("projects/new", projects.choose_starter, name="project_starters"),
    path("projects/new/<slug:code>", projects.new_project, name="project_new"),
    path("projects/<str:project_id>", projects.project, name="project"),
    path("projects/<str:project_id>/edit", projects.edit_project, name="project_edit"),
    path("projects/<str:project_id>/copy", projects.copy, name="project_copy"),
    path("projects/<str:project_id>/archive", projects.archive, name="project_archive"),
    path("projects/<str:project_id>/restore", projects.restore, name="project_restore"),
    path("projects/<str:project_id>/ask_staff", projects.ask_staff, name="project_ask_staff"),
    path("projects/<str:project_id>/file", uploads.upload_file, name="upload_file"),
    path("projects/<str:project_id>/sample.csv", uploads.sample_csv, name="sample_csv"),
    path("projects/<str:project_id>/prepare", uploads.prepare, name="prepare"),
    path("uploads/<str:upload_id>", uploads.upload, name="upload"),
    path("uploads/<str:upload_id>/publish", uploads.publish_upload, name="publish"),
    path("uploads/<str:upload_id>/discard", uploads.discard, name="discard"),
    path("batches", batches.batches, name="batches"),
    path("batches/<str:batch_id>", batches.batch, name="batch"),
    path("batches/<str:batch_id>/progress", batches.progress, name="batch_progress"),
    path("batches/<str:batch_id>/pause", batches.pause, name="batch_pause"),
    path("batches/<str:batch_id>/resume", batches.resume, name="batch_resume"),
    path("batches/<str:batch_id>/extend", batches.extend, name="batch_extend"),
    path("batches/<str:batch_id>/cancel", batches.cancel, name="batch_cancel"),
    path("batches/<str:batch_id>/tasks", tasks.tasks, name="batch_tasks"),
    path("tasks/<str:task_id>", tasks.task, name="task"),
    path("tasks/<str:task_id>/extend", tasks.extend, name="task_extend"),
    path("tasks/<str:task_id>/end", tasks.end, name="task_end"),
    path("tasks/<str:task_id>/delete", tasks.delete, name="task_delete"),
    path("batches/<str:batch_id>/review", review.grid, name="review"),
    path("batches/<str:batch_id>/review/decide", review.decide, name="decide"),
    path("batches/<str:batch_id>/review/reject", review.reject, name="reject"),
    path("batches/<str:batch_id>/review/approve_all", review.approve_all, name="approve_all"),
    path("assignments/<str:assignment_id>", judging.single, name="assignment"),
    *(
        path(
            f"assignments/<str:assignment_id>/{verdict}",
            judging.judge,
            {"verdict": verdict},
            name=f"judge_{verdict}",
        )
        for verdict in ("approve", "overturn", "reject", "revise", "bonus")
    ),
    path("groups", groups.groups, name="groups"),
    path("groups/<str:group_id>", groups.group, name="group"),
    path("groups/<str:group_id>/edit", groups.edit, name="group_edit"),
    path("groups/<str:group_id>/past", groups.past, name="group_past"),
    path("groups/<str:group_id>/invite", groups.ask, name="group_invite"),
    path("groups/<str:group_id>/close", groups.close, name="group_close"),
    path("groups/<str:group_id>/drop/<str:worker_id>", groups.drop, name="group_drop"),
    *messages.urlpatterns,
    path("appeals", appeals.appeals, name="appeals"),
    path("batches/<str:batch_id>/results", results.page, name="results"),
    path("batches/<str:batch_id>/results.csv", results.download, name="results_csv"),
    path("batches/<str:batch_id>/results/upload", results.upload, name="results_upload"),
    path("verdicts/<str:review_id>", results.verdicts, name="verdicts"),
    path("qualifications", qualifications.types, name="qualifications"),
    path("qualifications/new", qualifications.new, name="qualification_new"),
    path("qualifications/requests", qualifications.requests, name="qualification_requests"),
    path(
        "qualifications/requests/<str:request_id>/decide",
        qualifications.decide,
        name="qualification_decide",
    ),
    path("qualifications/<str:type_id>", qualifications.one, name="qualification"),
    path("qualifications/<str:type_id>/edit", qualifications.edit, name="qualification_edit"),
    path("qualifications/<str:type_id>/delete", qualifications.delete, name="qualification_delete"),
    path("qualifications/<str:type_id>/grant", qualifications.give, name="qualification_grant"),
    path(
        "qualifications/<str:type_id>/revoke/<str:worker_id>",
        qualifications.take_back,
        name="qualification_revoke",
    ),
    path("blocks", qualifications.blocks, name="blocks"),
    path("blocks/<str:worker_id>/lift", qualifications.unblock, name="unblock"),
    path("balance", balance.page, name="balance"),
    path("balance/claim", balance.claim, name="claim"),
    path("balance/statement", balance.statement, name="statement"),
    path("balance/add", deposits.add_money, name="add_money"),
    path("deposits", deposits.deposits, name="deposits"),
    path("deposits/<str:deposit_id>", deposits.deposit, name="deposit"),
    path("deposits/<str:deposit_id>/again", deposits.try_again, name="deposit_again"),
    path("deposits/<str:deposit_id>/cancel", deposits.cancel, name="deposit_cancel"),
    path("deposits/<str:deposit_id>/refund", deposits.refund, name="deposit_refund"),
    path("deposits/<str:deposit_id>/receipt", deposits.receipt, name="deposit_receipt"),
    path("former_workers", former.page, name="former_workers"),
    path("former_workers/confirm", former.confirm, name="former_confirm"),
    path("keys", keys.page, name="keys"),
    path("notifications", notifications.page, name="notifications"),
    path("notifications/types/<str:task_type_id>/switch", notifications.switch, name="notifications_switch"),
    path("notifications/<int:delivery_id>/again", notifications.send_again, name="notification_again"),
    path("keys/<str:key_id>/revoke", keys.revoke, name="key_revoke"),
]
