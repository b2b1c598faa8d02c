"""The list knows language, phone, time and the spread of pay; workers mark what they like and what they hide."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import tukro.money.models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_subdivision"),
        ("work", "0014_unnoticed"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="hourly_high",
            field=tukro.money.models.MoneyField(default=0),
        ),
        migrations.AddField(
            model_name="listing",
            name="hourly_low",
            field=tukro.money.models.MoneyField(default=0),
        ),
        migrations.AddField(
            model_name="listing",
            name="language",
            field=models.CharField(db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="listing",
            name="on_phone",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="listing",
            name="takes_seconds",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="tasktype",
            name="language",
            field=models.CharField(db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="tasktype",
            name="on_phone",
            field=models.BooleanField(null=True),
        ),
        migrations.RunSQL((HERE / "listing.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            update work_listing l
               set language = work_language_of(y.title || ' ' || y.description), on_phone = work_suits_phone(y.id),
                   takes_seconds = y.estimate_seconds
              from work_tasktype y where y.id = l.task_type_id
            """,
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "liking",
                    models.CharField(
                        choices=[("favourite", "Favourite"), ("hidden", "Hidden")], max_length=9
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "requester",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.requester",
                    ),
                ),
                (
                    "task_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="work.tasktype",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="people.worker",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requester__isnull", True), ("task_type__isnull", True), _connector="XOR"
                        ),
                        name="mark_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("liking__in", ["favourite", "hidden"])), name="mark_liking_known"
                    ),
                    models.UniqueConstraint(fields=("worker", "requester"), name="mark_of_requester_once"),
                    models.UniqueConstraint(fields=("worker", "task_type"), name="mark_of_group_once"),
                ],
            },
        ),
    ]
