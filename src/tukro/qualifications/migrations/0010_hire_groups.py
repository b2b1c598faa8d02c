"""Hire groups: requesters invite workers, who say yes or no."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_pauses"),
        ("qualifications", "0009_levels"),
    ]

    operations = [
        migrations.AlterField(
            model_name="qualificationtype",
            name="kind",
            field=models.CharField(
                choices=[
                    ("own", "Own"),
                    ("granted", "Granted"),
                    ("declared", "Declared"),
                    ("group", "Group"),
                    ("computed", "Computed"),
                ],
                db_default="own",
                default="own",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("left", "Left"),
                            ("removed", "Removed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.TextField(default="")),
                ("invited_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="qualifications.qualificationtype",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="people.worker",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("worker", "group"), name="invitation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["invited", "accepted", "declined", "left", "removed", "withdrawn"])
                        ),
                        name="invitation_state_known",
                    ),
                ],
            },
        ),
    ]
