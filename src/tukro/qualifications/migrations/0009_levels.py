"""Levels: what decided work proves, as a qualification of the house; the rule of the success rate."""

from pathlib import Path

from django.db import migrations, models
from django.utils import timezone

HERE = Path(__file__).parent
LEVEL = "0000000000TUKROLEVEL"


def seed(apps, _schema_editor):
    apps.get_model("qualifications", "QualificationType").objects.create(
        public_id=LEVEL,
        kind="computed",
        name="Worker_Level",
        description="How much good work the worker's latest decided work proves: 0 to 5.",
        is_requestable=False,
        created_at=timezone.now(),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("qualifications", "0008_no_set_fault"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="decided",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="standing",
            name="good",
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="standing",
            name="level",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="standing",
            name="weight",
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="StandingPolicy",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("is_on", models.BooleanField(db_default=False, default=False)),
                ("least_percent", models.SmallIntegerField(db_default=75, default=75)),
                ("window_days", models.SmallIntegerField(db_default=60, default=60)),
                ("minimum", models.SmallIntegerField(db_default=10, default=10)),
                ("pause_days", models.SmallIntegerField(db_default=30, default=30)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="standing_policy_one")
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL((HERE / "judging.sql").read_text(), migrations.RunSQL.noop),
    ]
