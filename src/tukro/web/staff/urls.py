"""Staff's addresses, under /staff/."""

from __future__ import annotations

from django.urls import path

from tukro.web.staff import (
    appeals,
    home,
    levels,
    outbox,
    payouts,
    people,
    policy,
    projects,
    qualifications,
    records,
    relayed,
    reports,
    workers,
)

app_name = "staff"

urlpatterns = [
    path("", home.home, name="home"),
    path("workers", workers.workers, name="workers"),
    path("workers/<str:worker_id>", workers.worker, name="worker"),
    path("workers/<str:worker_id>/approve", workers.approve, name="worker_approve"),
    path("workers/<str:worker_id>/refuse", workers.refuse, name="worker_refuse"),
    path("workers/<str:worker_id>/suspend", workers.suspend, name="worker_suspend"),
    path("workers/<str:worker_id>/grant", qualifications.give, name="qualification_grant"),
    path("workers/<str:worker_id>/revoke", qualifications.take_back, name="qualification_revoke"),
    path("qualifications", qualifications.types, name="qualifications"),
    path("people", people.people, name="people"),
    path("payouts", payouts.payouts, name="payouts"),
    path("payouts/export", payouts.export, name="payouts_export"),
    path("payouts/act", payouts.act_on_payouts, name="payouts_act"),
    path("projects", projects.projects, name="projects"),
    path("projects/<str:project_id>/approve", projects.approve, name="project_approve"),
    path("projects/<str:project_id>/refuse", projects.refuse, name="project_refuse"),
    path("appeals", appeals.appeals, name="appeals"),
    path("reports", reports.reports, name="reports"),
    path("reports/<str:report_id>/uphold", reports.uphold, name="report_uphold"),
    path("reports/<str:report_id>/dismiss", reports.dismiss, name="report_dismiss"),
    path("messages", relayed.reports, name="message_reports"),
    path("messages/<int:report_id>/settle", relayed.settle, name="message_settle"),
    path("policy/levels", levels.levels, name="levels"),
    path("policy/levels/rewards", levels.rewards, name="level_rewards"),
    path("policy/levels/success", levels.success, name="success_rule"),
    path("workers/<str:worker_id>/go_on", levels.go_on, name="worker_go_on"),
    path("policy/messages", relayed.rules, name="relay"),
    path("policy", policy.rules, name="policy"),
    path("policy/money", policy.money, name="policy_money"),
    path("policy/joining", policy.joining, name="policy_joining"),
    path("policy/lottery", policy.lottery, name="policy_lottery"),
    path("policy/category", policy.category, name="policy_category"),
    path("outbox", outbox.outbox, name="outbox"),
    path("outbox/<int:mail_id>", outbox.mail, name="mail"),
    path("journal", records.journal, name="journal"),
    path("ledger", records.ledger, name="ledger"),
]
