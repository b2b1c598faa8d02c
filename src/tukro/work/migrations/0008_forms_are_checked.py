"""Answers to a QuestionForm are checked against it before they are taken, as those to proof forms are."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0007_handed_in_on_a_task")]

    operations = [
        migrations.RunSQL((HERE / "assigning.sql").read_text(), migrations.RunSQL.noop),
    ]
