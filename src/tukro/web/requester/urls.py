"""Addresses of requesters' pages, below /requester/."""

from __future__ import annotations

from django.urls import path

from tukro.web.requester import balance, results, review

app_name = "requester"

urlpatterns = [
    path("batches/<str:batch_id>/review", review.grid, name="review"),
    path("batches/<str:batch_id>/review/decide", review.decide, name="decide"),
    path("batches/<str:batch_id>/review/reject", review.reject, name="reject"),
    path("batches/<str:batch_id>/review/approve_all", review.approve_all, name="approve_all"),
    path("assignments/approve", review.approve, name="approve"),
    path("assignments/<str:assignment_id>", review.single, name="assignment"),
    *(
        path(
            f"assignments/<str:assignment_id>/{verdict}",
            review.judge,
            {"verdict": verdict},
            name=f"judge_{verdict}",
        )
        for verdict in ("approve", "overturn", "reject", "revise", "bonus")
    ),
    path("files/<str:file_id>", review.proof_file, name="proof_file"),
    path("batches/<str:batch_id>/results", results.page, name="results"),
    path("batches/<str:batch_id>/results.csv", results.download, name="results_csv"),
    path("batches/<str:batch_id>/results/upload", results.upload, name="results_upload"),
    path("verdicts/<str:review_id>", results.verdicts, name="verdicts"),
    path("balance", balance.page, name="balance"),
    path("balance/add", balance.add_money, name="add_money"),
]
