"""Qualification types in full: tests, gifts, retries, deletion; revoked qualifications say why; blocks may be wordless."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_subdivision"), ("qualifications", "0002_no_requirements")]

    operations = [
        migrations.RemoveConstraint(
            model_name="block",
            name="block_has_reason",
        ),
        migrations.AddField(
            model_name="qualification",
            name="revoke_reason",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="answer_key",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="auto_granted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="auto_granted_value",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="deleted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="is_active",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="is_requestable",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="keywords",
            field=models.CharField(db_default="", default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="kind",
            field=models.CharField(
                choices=[
                    ("own", "Own"),
                    ("granted", "Granted"),
                    ("declared", "Declared"),
                    ("computed", "Computed"),
                ],
                db_default="own",
                default="own",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="retry_delay_seconds",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="test",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="test_duration_seconds",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="qualificationtype",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    "name", "description", "keywords", config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="block",
            index=models.Index(fields=["requester", "-id"], name="block_of_requester"),
        ),
        migrations.AddIndex(
            model_name="qualification",
            index=models.Index(fields=["type", "-granted_at", "-id"], name="qualification_by_grant"),
        ),
        migrations.AddIndex(
            model_name="qualificationtype",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="qualification_type_words"),
        ),
        migrations.AddIndex(
            model_name="qualificationtype",
            index=models.Index(fields=["name", "id"], name="qualification_type_by_name"),
        ),
        migrations.AddConstraint(
            model_name="qualificationtype",
            constraint=models.UniqueConstraint(
                models.F("requester"),
                django.db.models.functions.text.Upper("name"),
                condition=models.Q(("removed_at", None)),
                name="qualification_type_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationtype",
            constraint=models.CheckConstraint(
                condition=models.Q(("test", ""), ("test_duration_seconds__gt", 0), _connector="OR"),
                name="qualification_test_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationtype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_key", ""), models.Q(("test", ""), _negated=True), _connector="OR"
                ),
                name="qualification_key_has_test",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationtype",
            constraint=models.CheckConstraint(
                condition=models.Q(("auto_granted", False), ("test", ""), _connector="OR"),
                name="qualification_test_or_gift",
            ),
        ),
    ]
