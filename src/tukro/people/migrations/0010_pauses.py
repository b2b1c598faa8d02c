"""Until when a worker takes no new work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_worker_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="worker",
            name="paused_until",
            field=models.DateTimeField(null=True),
        ),
    ]
