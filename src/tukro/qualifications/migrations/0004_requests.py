"""Workers ask for qualifications, by a test or without."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qualifications", "0003_types_in_full")]

    operations = [
        migrations.CreateModel(
            name="QualificationRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("taking", "Taking"),
                            ("pending", "Pending"),
                            ("granted", "Granted"),
                            ("rejected", "Rejected"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("test", models.TextField(default="")),
                ("answer_key", models.TextField(default="")),
                ("answer", models.TextField(default="")),
                ("requested_at", models.DateTimeField()),
                ("deadline_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(default="", max_length=40)),
                ("value", models.IntegerField(null=True)),
                ("reason", models.TextField(default="")),
            ],
        ),
        migrations.AddField(
            model_name="qualificationrequest",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="qualifications.qualificationtype",
            ),
        ),
        migrations.AddField(
            model_name="qualificationrequest",
            name="worker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="qualification_requests",
                to="people.worker",
            ),
        ),
        migrations.AddIndex(
            model_name="qualificationrequest",
            index=models.Index(fields=["worker", "-id"], name="qualification_request_of"),
        ),
        migrations.AddIndex(
            model_name="qualificationrequest",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["type", "submitted_at", "id"],
                name="qualification_request_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="qualificationrequest",
            index=models.Index(
                condition=models.Q(("state", "taking")),
                fields=["deadline_at"],
                name="qualification_request_late",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["taking", "pending", "granted", "rejected", "lapsed"])),
                name="qualification_request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["taking", "pending"])),
                fields=("worker", "type"),
                name="qualification_request_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taking"), _negated=True),
                    ("deadline_at__isnull", False),
                    _connector="OR",
                ),
                name="qualification_try_has_deadline",
            ),
        ),
    ]
