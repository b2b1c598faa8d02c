"""Tasks one by one, as the wire makes them: their own moments, standing batches, shared questions, request tokens."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0003_single_tasks"),
        ("people", "0001_tables"),
        ("work", "0004_task_reviews"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=40)),
                ("token", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=30)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="batch",
            name="source",
            field=models.CharField(
                choices=[("file", "File"), ("wire", "Wire")], db_default="file", default="file", max_length=4
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="digest",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="question",
            name="source",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="task",
            name="disposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="layout_id",
            field=models.CharField(db_default="", default="", max_length=30),
        ),
        migrations.AddField(
            model_name="task",
            name="reviewable_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="reviewing_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("disposed_at__isnull", True)),
                fields=["requester_id", "id"],
                name="task_of_requester",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("disposed_at__isnull", True)),
                fields=["requester_id", "expires_at", "id"],
                name="task_by_end",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("disposed_at__isnull", True), ("reviewable_at__isnull", False)),
                fields=["reviewable_at"],
                name="task_to_dispose",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "wire")), fields=("task_type",), name="batch_of_wire_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True), fields=("digest",), name="question_once"
            ),
        ),
        migrations.AddField(
            model_name="requesttoken",
            name="requester",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="request_tokens",
                to="people.requester",
            ),
        ),
        migrations.AddIndex(
            model_name="requesttoken",
            index=models.Index(fields=["made_at"], name="request_token_old"),
        ),
        migrations.AddConstraint(
            model_name="requesttoken",
            constraint=models.UniqueConstraint(
                fields=("requester", "operation", "token"), name="request_token_once"
            ),
        ),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("listing.sql", "tasks.sql")
        ),
    ]
