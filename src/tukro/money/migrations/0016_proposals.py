"""Acts that wait for a second person. First approvals of payouts become proposals like all others.

The column of first approvals stays in the table, unused, so that the version before this one goes on running.
"""

from django.db import migrations, models
from django.db.models import F, Q

STATES = ["waiting", "confirmed", "declined", "withdrawn", "overtaken", "expired"]
FIRST_APPROVALS = """
    insert into money_proposal (public_id, kind, subject, facts, amount_units, state, proposed_by, proposed_at,
        expires_at, decided_by, reason)
    select upper(left(replace(gen_random_uuid()::text, '-', ''), 30)), 'payout_approve', public_id,
        jsonb_build_object('payout', public_id), amount, 'waiting', first_approved_by, now(),
        now() + interval '7 days', '', ''
    from money_payout where first_approved_by <> '' and state = 'requested'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0015_bookings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=64)),
                ("facts", models.JSONField()),
                ("amount_units", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[(state, state.capitalize()) for state in STATES],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.CharField(max_length=40)),
                ("proposed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("decided_by", models.CharField(default="", max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(default="", max_length=300)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "id"], name="proposal_queue")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["subject"], condition=Q(state="waiting"), name="proposal_waits_once"
                    ),
                    models.CheckConstraint(condition=Q(state__in=STATES), name="proposal_state_known"),
                    models.CheckConstraint(
                        condition=~Q(state="confirmed")
                        | (~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
                        name="proposal_two_persons",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIRST_APPROVALS, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="payout", name="first_approved_by")]
        ),
    ]
