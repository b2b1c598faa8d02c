"""Appeals against rejections, and what was handed in before a repair."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0016_conduct"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("requester_id", models.BigIntegerField()),
                ("text", models.TextField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("open", "Open"), ("overturned", "Overturned"), ("withdrawn", "Withdrawn")],
                        db_default="open",
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("window_until", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(db_default="", default="", max_length=40)),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="work.assignment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppealFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("path", models.CharField(max_length=200)),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="work.appeal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EarlierAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("no", models.SmallIntegerField()),
                ("body", models.JSONField()),
                ("submitted_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("deadline_at", models.DateTimeField()),
                ("reason_code", models.CharField(max_length=30)),
                ("asked", models.TextField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier",
                        to="work.assignment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EarlierFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("field", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.IntegerField()),
                ("path", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_files",
                        to="work.assignment",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(condition=models.Q(("outcome", "open")), fields=["id"], name="appeal_open"),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(fields=["requester_id", "-id"], name="appeal_of_requester"),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("outcome", "open")),
                    models.Q(models.Q(("outcome", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="appeal_closed_or_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="earlieranswer",
            constraint=models.UniqueConstraint(fields=("assignment", "no"), name="earlier_answer_once"),
        ),
        migrations.RunSQL((HERE / "reviewing.sql").read_text(), migrations.RunSQL.noop),
    ]
