"""From where people sign in, and a function that spells texts alike: what accounts share, staff see."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0020_letter_service"),
    ]

    operations = [
        migrations.RunSQL((HERE / "same_words.sql").read_text(), "drop function people_same_words"),
        migrations.CreateModel(
            name="SignInPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.BinaryField(max_length=32)),
                ("device", models.CharField(max_length=60)),
                ("last_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_places",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("line", "device", "user"), name="sign_in_place_once")
                ],
            },
        ),
    ]
