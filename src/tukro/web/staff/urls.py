"""Staff's addresses, under /staff/."""

from __future__ import annotations

from django.urls import path

from tukro.web.staff import home, policy, records
from tukro.web.staff.books import money, rates, reconciling, transfers, treasury
from tukro.web.staff.coming_in import debts, deposits
from tukro.web.staff.law import identity, sanctions, tax, tax_rules, taxes
from tukro.web.staff.moderation import appeals, projects, reports
from tukro.web.staff.paying_out import cheques, holds, payout_files, payout_terms, payouts
from tukro.web.staff.persons import levels, people, qualifications, sharing, workers
from tukro.web.staff.two_persons import proposals
from tukro.web.staff.writing import letters, outbox, relayed, texts

app_name = "staff"

urlpatterns = [
    path("", home.home, name="home"),
    path("workers", workers.workers, name="workers"),
    path("workers/<str:worker_id>", workers.worker, name="worker"),
    path("workers/<str:worker_id>/approve", workers.approve, name="worker_approve"),
    path("workers/<str:worker_id>/refuse", workers.refuse, name="worker_refuse"),
    path("workers/<str:worker_id>/suspend", workers.suspend, name="worker_suspend"),
    path("workers/<str:worker_id>/country", workers.country, name="worker_country"),
    path("workers/<str:worker_id>/country/keep", workers.country_kept, name="worker_country_kept"),
    path("workers/<str:worker_id>/grant", qualifications.give, name="qualification_grant"),
    path("workers/<str:worker_id>/revoke", qualifications.take_back, name="qualification_revoke"),
    path("qualifications", qualifications.types, name="qualifications"),
    *holds.urlpatterns,
    *cheques.urlpatterns,
    *identity.urlpatterns,
    *sanctions.urlpatterns,
    *tax.urlpatterns,
    *tax_rules.urlpatterns,
    *letters.urlpatterns,
    *texts.urlpatterns,
    *sharing.urlpatterns,
    *reconciling.urlpatterns,
    *money.urlpatterns,
    *transfers.urlpatterns,
    *taxes.urlpatterns,
    *debts.urlpatterns,
    *treasury.urlpatterns,
    path("people", people.people, name="people"),
    path("payouts", payouts.payouts, name="payouts"),
    path("payouts/export", payouts.export, name="payouts_export"),
    path("payouts/act", payouts.act_on_payouts, name="payouts_act"),
    path("payouts/files/make", payout_files.make, name="payout_file_make"),
    path("payouts/files/<str:batch_id>", payout_files.batch, name="payout_file"),
    path("payouts/files/<str:batch_id>/download", payout_files.download, name="payout_file_download"),
    path("payouts/files/<str:batch_id>/end", payout_files.end, name="payout_file_end"),
    path("payouts/signals", payout_files.signals, name="payout_signals"),
    path("payouts/signals/<int:signal_id>/settle", payout_files.settle, name="payout_signal_settle"),
    path("policy/payouts", payout_terms.terms, name="payout_terms"),
    path("policy/payouts/wait", payout_terms.cooling, name="payout_cooling"),
    path("policy/payouts/<str:kind>", payout_terms.kind, name="payout_terms_kind"),
    path("money/second", proposals.proposals, name="proposals"),
    path("money/second/<str:proposal_id>/confirm", proposals.confirm, name="proposal_confirm"),
    path("money/second/<str:proposal_id>/decline", proposals.decline, name="proposal_decline"),
    path("deposits", deposits.deposits, name="deposits"),
    path("deposits/unmatched", deposits.unmatched, name="unmatched"),
    path("deposits/unmatched/<str:unmatched_id>/assign", deposits.assign, name="unmatched_assign"),
    path("deposits/unmatched/<str:unmatched_id>/return", deposits.send_back, name="unmatched_return"),
    path("deposits/bank", deposits.bank, name="bank"),
    path("deposits/refunds", deposits.refunds, name="refunds"),
    path("deposits/refunds/<str:refund_id>", deposits.decide_refund, name="refund_decide"),
    path("deposits/<str:deposit_id>", deposits.deposit, name="deposit"),
    path("deposits/<str:deposit_id>/dispute", deposits.dispute, name="deposit_dispute"),
    path("projects", projects.projects, name="projects"),
    path("projects/<str:project_id>/approve", projects.approve, name="project_approve"),
    path("projects/<str:project_id>/refuse", projects.refuse, name="project_refuse"),
    path("appeals", appeals.appeals, name="appeals"),
    path("reports", reports.reports, name="reports"),
    path("reports/<str:report_id>/uphold", reports.uphold, name="report_uphold"),
    path("reports/<str:report_id>/dismiss", reports.dismiss, name="report_dismiss"),
    path("reports/held", reports.held, name="held"),
    path("reports/held/<str:batch_id>/release", reports.release, name="batch_release"),
    path("messages", relayed.reports, name="message_reports"),
    path("messages/<int:report_id>/settle", relayed.settle, name="message_settle"),
    path("policy/levels", levels.levels, name="levels"),
    path("policy/levels/rewards", levels.rewards, name="level_rewards"),
    path("policy/levels/success", levels.success, name="success_rule"),
    path("workers/<str:worker_id>/go_on", levels.go_on, name="worker_go_on"),
    path("policy/messages", relayed.rules, name="relay"),
    *rates.urlpatterns,
    path("policy", policy.rules, name="policy"),
    path("policy/money", policy.money, name="policy_money"),
    path("policy/money/preset", policy.fee_preset, name="policy_fee_preset"),
    path("policy/joining", policy.joining, name="policy_joining"),
    path("policy/proofs", policy.proofs, name="policy_proofs"),
    path("policy/lottery", policy.lottery, name="policy_lottery"),
    path("policy/category", policy.category, name="policy_category"),
    path("outbox", outbox.outbox, name="outbox"),
    path("outbox/<int:mail_id>", outbox.mail, name="mail"),
    path("outbox/<int:mail_id>/again", outbox.try_again, name="mail_again"),
    path("outbox/<int:mail_id>/delete", outbox.delete, name="mail_delete"),
    path("journal", records.journal, name="journal"),
    path("ledger", records.ledger, name="ledger"),
]
