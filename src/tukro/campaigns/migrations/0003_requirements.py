"""A project says what it asks of workers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_review_files")]

    operations = [
        migrations.AddField(
            "project", "requirements", models.JSONField(blank=True, db_default=[], default=list)
        ),
    ]
