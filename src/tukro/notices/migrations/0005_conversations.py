"""Workers and requesters write to each other by relay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_people_are_told"),
        ("people", "0008_unread_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("about", models.CharField(default="", max_length=30)),
                ("subject", models.CharField(default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("started_by", models.CharField(max_length=9)),
                ("last_at", models.DateTimeField()),
                ("last_by", models.CharField(max_length=9)),
                ("worker_unread", models.IntegerField(default=0)),
                ("requester_unread", models.IntegerField(default=0)),
                (
                    "requester",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="people.requester",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="people.worker",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=30, unique=True)),
                ("side", models.CharField(max_length=9)),
                ("text", models.TextField()),
                ("masked", models.BooleanField(default=False)),
                ("warned", models.BooleanField(default=False)),
                ("sent_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="notices.conversation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MessageReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("note", models.TextField(default="")),
                ("reported_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(default="", max_length=40)),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="notices.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=9)),
                ("muted_at", models.DateTimeField()),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mutes",
                        to="people.requester",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mutes", to="people.worker"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RelayPolicy",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("contacts", models.CharField(db_default="mask", default="mask", max_length=5)),
                ("links", models.CharField(db_default="warn", default="warn", max_length=5)),
                ("worker_per_day", models.IntegerField(db_default=50, default=50)),
                ("requester_per_day", models.IntegerField(db_default=1000, default=1000)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="relay_policy_one")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["worker", "-last_at", "-id"], name="conversation_of_worker"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["requester", "-last_at", "-id"], name="conversation_of_requester"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("worker", "requester", "about"), name="conversation_once"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["conversation", "id"], name="message_of_conversation"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["author", "sent_at"], name="message_of_author"),
        ),
        migrations.AddIndex(
            model_name="messagereport",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["id"], name="report_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="mute",
            constraint=models.UniqueConstraint(fields=("worker", "requester", "by"), name="mute_once"),
        ),
    ]
