"""The house remembers which key its aliases were made with: a fingerprint, never the key."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0018_phones")]

    operations = [
        migrations.CreateModel(
            name="AliasKeySeen",
            fields=[
                ("no", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=32)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
    ]
