"""Payouts go through providers; places are confirmed; one account outside belongs to one worker."""

import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

import tukro.money.models.fields
from tukro.kernel.sealing import keyed_digest, unseal
from tukro.money.rules.methods import identity_of


def take_over_places(apps, _editor):
    """Places that are in use stay usable. An identity that two workers gave belongs to whoever came first."""
    methods = apps.get_model("money", "PayoutMethod").objects
    payouts = apps.get_model("money", "Payout").objects
    identities = apps.get_model("money", "PayoutIdentity").objects
    methods.update(confirmed_at=F("added_at"), usable_from=F("added_at"))
    for row in [*methods.select_related("worker").order_by("id"), *payouts.select_related("worker")]:
        row.digest = _digest(row)
        row.save(update_fields=["digest"])
        since = getattr(row, "added_at", None) or row.requested_at
        identities.get_or_create(digest=row.digest, defaults={"worker": row.worker, "since": since})


def _digest(row):
    details = json.loads(
        unseal(
            bytes(row.sealed_details),
            secret=settings.SECRET_KEY,
            purpose="payout details",
            bound_to=row.worker.public_id,
        )
    )
    return keyed_digest(identity_of(row.kind, details), secret=settings.SECRET_KEY, purpose="payout identity")


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0007_exchange_rates"),
        ("people", "0012_own_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="PayoutBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bank", "Bank"),
                            ("bkash", "Bkash"),
                            ("nagad", "Nagad"),
                            ("rocket", "Rocket"),
                            ("topup", "Topup"),
                            ("paypal", "Paypal"),
                            ("payoneer", "Payoneer"),
                            ("skrill", "Skrill"),
                            ("wise", "Wise"),
                            ("amazon", "Amazon"),
                            ("swift", "Swift"),
                            ("cheque", "Cheque"),
                        ],
                        max_length=10,
                    ),
                ),
                ("layout", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=40)),
                ("reference", models.CharField(default="", max_length=120)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PayoutIdentity",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PayoutSchedule",
            fields=[
                (
                    "worker",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.worker",
                    ),
                ),
                ("every_days", models.PositiveSmallIntegerField()),
                ("next_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="PayoutSignal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("identity", "Shared Identity"), ("contradiction", "Contradiction")],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(default="", max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="PayoutTerms",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bank", "Bank"),
                            ("bkash", "Bkash"),
                            ("nagad", "Nagad"),
                            ("rocket", "Rocket"),
                            ("topup", "Topup"),
                            ("paypal", "Paypal"),
                            ("payoneer", "Payoneer"),
                            ("skrill", "Skrill"),
                            ("wise", "Wise"),
                            ("amazon", "Amazon"),
                            ("swift", "Swift"),
                            ("cheque", "Cheque"),
                        ],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("offered", models.BooleanField(default=True)),
                ("minimum", models.BigIntegerField(null=True)),
                ("maximum", models.BigIntegerField(null=True)),
                ("daily_maximum", models.BigIntegerField(null=True)),
                ("fee", models.BigIntegerField(null=True)),
                ("approved_up_to", tukro.money.models.fields.MoneyField(default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="payout",
            name="payout_state_known",
        ),
        migrations.AddField(
            model_name="moneypolicy",
            name="payout_cooling_hours",
            field=models.PositiveSmallIntegerField(db_default=72, default=72),
        ),
        migrations.AddField(
            model_name="payout",
            name="approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="approved_by",
            field=models.CharField(db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="payout",
            name="ask_after",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="asks",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="payout",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="payout",
            name="claimed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="digest",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="failed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="handle",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="payout",
            name="hold_reason",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="payout",
            name="not_before",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="provider",
            field=models.CharField(db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="payout",
            name="said",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="payout",
            name="sealed_code",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="payoutmethod",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payoutmethod",
            name="digest",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="payoutmethod",
            name="usable_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="payout",
            name="kind",
            field=models.CharField(
                choices=[
                    ("bank", "Bank"),
                    ("bkash", "Bkash"),
                    ("nagad", "Nagad"),
                    ("rocket", "Rocket"),
                    ("topup", "Topup"),
                    ("paypal", "Paypal"),
                    ("payoneer", "Payoneer"),
                    ("skrill", "Skrill"),
                    ("wise", "Wise"),
                    ("amazon", "Amazon"),
                    ("swift", "Swift"),
                    ("cheque", "Cheque"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="payout",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("held", "Held"),
                    ("approved", "Approved"),
                    ("sending", "Sending"),
                    ("unknown", "Unknown"),
                    ("sent", "Sent"),
                    ("settled", "Settled"),
                    ("failed", "Failed"),
                    ("returned", "Returned"),
                    ("cancelled", "Cancelled"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="payoutmethod",
            name="kind",
            field=models.CharField(
                choices=[
                    ("bank", "Bank"),
                    ("bkash", "Bkash"),
                    ("nagad", "Nagad"),
                    ("rocket", "Rocket"),
                    ("topup", "Topup"),
                    ("paypal", "Paypal"),
                    ("payoneer", "Payoneer"),
                    ("skrill", "Skrill"),
                    ("wise", "Wise"),
                    ("amazon", "Amazon"),
                    ("swift", "Swift"),
                    ("cheque", "Cheque"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="payoutmethod",
            index=models.Index(fields=["digest"], name="payout_method_digest"),
        ),
        migrations.AddField(
            model_name="payout",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payouts",
                to="money.payoutbatch",
            ),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["worker", "-id"], name="payout_of_worker"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                condition=models.Q(("ask_after__isnull", False)), fields=["ask_after"], name="payout_to_ask"
            ),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["digest"], name="payout_digest"),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "requested",
                            "held",
                            "approved",
                            "sending",
                            "unknown",
                            "sent",
                            "settled",
                            "failed",
                            "returned",
                            "cancelled",
                        ],
                    )
                ),
                name="payout_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("sending", "unknown")), _negated=True),
                    models.Q(models.Q(("provider", ""), _negated=True), ("claimed_at__isnull", False)),
                    _connector="OR",
                ),
                name="payout_sender_known",
            ),
        ),
        migrations.AddField(
            model_name="payoutidentity",
            name="worker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.worker"
            ),
        ),
        migrations.AddField(
            model_name="payoutschedule",
            name="method",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="money.payoutmethod"
            ),
        ),
        migrations.AddField(
            model_name="payoutsignal",
            name="other",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.worker"
            ),
        ),
        migrations.AddField(
            model_name="payoutsignal",
            name="payout",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="money.payout"
            ),
        ),
        migrations.AddField(
            model_name="payoutsignal",
            name="worker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.worker"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "bank",
                            "bkash",
                            "nagad",
                            "rocket",
                            "topup",
                            "paypal",
                            "payoneer",
                            "skrill",
                            "wise",
                            "amazon",
                            "swift",
                            "cheque",
                        ],
                    )
                ),
                name="payout_terms_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="payoutsignal",
            index=models.Index(fields=["settled_at", "-id"], name="payout_signals"),
        ),
        migrations.RunPython(take_over_places, migrations.RunPython.noop),
        # Rows were written: what their foreign keys still have to check is checked before their table changes.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("payoutmethod", "usable_from", models.DateTimeField()),
    ]
