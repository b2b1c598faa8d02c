"""Workers ask staff to change the country where they work."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0023_page_language")]

    operations = [
        migrations.CreateModel(
            name="CountryRequest",
            fields=[
                (
                    "worker",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="country_request",
                        serialize=False,
                        to="people.worker",
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("said", models.TextField()),
                ("asked_at", models.DateTimeField()),
            ],
        ),
    ]
