"""Scarce groups are drawn by lot: wishes are collected for some seconds, and nobody accepts before the draw."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_worker_tokens"),
        ("qualifications", "0008_no_set_fault"),
        ("work", "0022_pauses"),
    ]

    operations = [
        migrations.CreateModel(
            name="LotteryPolicy",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("smaller_than", models.IntegerField(default=0)),
                ("seconds", models.IntegerField(default=15)),
            ],
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("won", "Won"), ("lost", "Lost")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("drawn_at", models.DateTimeField(null=True)),
                ("assignment_id", models.CharField(default="", max_length=30)),
            ],
        ),
        migrations.AddField(
            model_name="tasktype",
            name="draw_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="tasktype",
            index=models.Index(
                condition=models.Q(("draw_at__isnull", False)), fields=["draw_at"], name="type_to_draw"
            ),
        ),
        migrations.AddConstraint(
            model_name="lotterypolicy",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="lottery_policy_one_row"),
        ),
        migrations.AddConstraint(
            model_name="lotterypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("seconds__range", (5, 300)), ("smaller_than__range", (0, 1000))),
                name="lottery_policy_bounds",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="task_type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wishes",
                to="work.tasktype",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="worker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wishes",
                to="people.worker",
            ),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["task_type"], name="wish_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(fields=("worker", "task_type"), name="wish_once"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "won", "lost"])), name="wish_state_known"
            ),
        ),
        migrations.RunSQL(
            "insert into work_lotterypolicy (id, smaller_than, seconds) values (1, 0, 15)",
            migrations.RunSQL.noop,
        ),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("listing.sql", "assigning.sql")
        ),
    ]
