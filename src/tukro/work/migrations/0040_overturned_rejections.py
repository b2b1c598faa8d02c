"""What a rejection said stays readable when it is overturned."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0039_never_shorter")]

    operations = [
        migrations.CreateModel(
            name="OverturnedRejection",
            fields=[
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="overturned",
                        serialize=False,
                        to="work.assignment",
                    ),
                ),
                ("reason_code", models.CharField(max_length=30)),
                ("feedback", models.TextField()),
            ],
        ),
    ]
