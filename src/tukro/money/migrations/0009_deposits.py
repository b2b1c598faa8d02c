"""Deposits that wait for providers; what became of them; debts."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

import tukro.money.models.fields

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0008_payouts"),
        ("people", "0013_aliases"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider_ref", models.CharField(max_length=120)),
                ("amount", tukro.money.models.fields.MoneyField()),
                ("from_balance", tukro.money.models.fields.MoneyField()),
                ("as_debt", tukro.money.models.fields.MoneyField()),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "Taken"), ("lost", "Lost"), ("won", "Won")], max_length=10
                    ),
                ),
                ("why", models.CharField(default="", max_length=200)),
                ("taken_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ProviderNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("event_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=80)),
                ("about", models.CharField(default="", max_length=200)),
                ("times", models.PositiveIntegerField(default=1)),
                ("received_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(default="", max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("amount", tukro.money.models.fields.MoneyField()),
                ("pays_units", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("sending", "Sending"),
                            ("unknown", "Unknown"),
                            ("sent", "Sent"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("provider_ref", models.CharField(default="", max_length=120)),
                ("why", models.CharField(default="", max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="UnmatchedMoney",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("provider", models.CharField(max_length=20)),
                ("payment_ref", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("units", models.BigIntegerField()),
                ("why", models.CharField(max_length=30)),
                ("payer", models.CharField(default="", max_length=200)),
                ("memo", models.CharField(default="", max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("assigned", "Assigned"), ("returned", "Returned")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(default="", max_length=60)),
                ("reason", models.CharField(default="", max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="deposit",
            name="asked_units",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deposit",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deposit",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deposit",
            name="currency",
            field=models.CharField(db_default="USD", default="USD", max_length=3),
        ),
        migrations.AddField(
            model_name="deposit",
            name="disputed",
            field=tukro.money.models.fields.MoneyField(default=0),
        ),
        migrations.AddField(
            model_name="deposit",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deposit",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deposit",
            name="fee",
            field=tukro.money.models.fields.MoneyField(default=0),
        ),
        migrations.AddField(
            model_name="deposit",
            name="pay_url",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="deposit",
            name="payment_ref",
            field=models.CharField(db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="deposit",
            name="provider_ref",
            field=models.CharField(db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="deposit",
            name="rate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="money.exchangerate",
            ),
        ),
        migrations.AddField(
            model_name="deposit",
            name="reference",
            field=models.CharField(db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="deposit",
            name="refunded",
            field=tukro.money.models.fields.MoneyField(default=0),
        ),
        migrations.AddField(
            model_name="deposit",
            name="state",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("pending", "Pending"),
                    ("settled", "Settled"),
                    ("failed", "Failed"),
                    ("expired", "Expired"),
                ],
                default="settled",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deposit",
            name="why",
            field=models.CharField(db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="moneypolicy",
            name="deposit_fee_basis_points",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="deposit",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "update money_deposit set asked_units = amount, created_at = settled_at", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name="deposit",
            index=models.Index(fields=["requester", "-id"], name="deposit_by_requester"),
        ),
        migrations.AddIndex(
            model_name="deposit",
            index=models.Index(fields=["state", "-id"], name="deposit_by_state"),
        ),
        migrations.AddIndex(
            model_name="deposit",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="deposit_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_units__gt", 0), ("fee__gte", 0)), name="deposit_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "asked_units",
                            django.db.models.expressions.CombinedExpression(
                                models.F("amount"), "+", models.F("fee")
                            ),
                        ),
                        ("currency", "USD"),
                        ("rate__isnull", True),
                    ),
                    models.Q(models.Q(("currency", "USD"), _negated=True), ("rate__isnull", False)),
                    _connector="OR",
                ),
                name="deposit_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["created", "pending", "settled", "failed", "expired"])),
                name="deposit_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", False), ("state", "settled")),
                    models.Q(models.Q(("state", "settled"), _negated=True), ("settled_at__isnull", True)),
                    _connector="OR",
                ),
                name="deposit_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disputed__gte", 0), ("refunded__gte", 0), ("refunded__lte", models.F("amount"))
                ),
                name="deposit_given_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_ref", ""), _negated=True),
                fields=("provider", "provider_ref"),
                name="deposit_provider_ref",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment_ref", ""), _negated=True),
                fields=("provider", "payment_ref"),
                name="deposit_payment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("reference",),
                name="deposit_reference_once",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="deposit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="money.deposit"
            ),
        ),
        migrations.AddField(
            model_name="providernotice",
            name="deposit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="money.deposit",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="deposit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="money.deposit"
            ),
        ),
        migrations.AddField(
            model_name="unmatchedmoney",
            name="assigned",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="money.deposit"
            ),
        ),
        migrations.AddField(
            model_name="unmatchedmoney",
            name="deposit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="money.deposit"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=("deposit", "provider_ref"), name="dispute_once"),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    ("as_debt__gte", 0),
                    ("from_balance__gte", 0),
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("from_balance"), "+", models.F("as_debt")
                        ),
                    ),
                ),
                name="dispute_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="providernotice",
            constraint=models.UniqueConstraint(fields=("provider", "event_id"), name="provider_notice_once"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="refund_due"
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["state", "id"], name="refund_by_state"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("pays_units__gt", 0)), name="refund_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "sending", "unknown", "sent", "done", "failed"])),
                name="refund_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="unmatchedmoney",
            index=models.Index(fields=["state", "id"], name="unmatched_queue"),
        ),
        migrations.AddConstraint(
            model_name="unmatchedmoney",
            constraint=models.UniqueConstraint(fields=("provider", "payment_ref"), name="unmatched_once"),
        ),
        migrations.AddConstraint(
            model_name="unmatchedmoney",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gt", 0)), name="unmatched_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="unmatchedmoney",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "assigned", "returned"])), name="unmatched_state"
            ),
        ),
        migrations.RunSQL((HERE / "spending.sql").read_text(), migrations.RunSQL.noop),
    ]
