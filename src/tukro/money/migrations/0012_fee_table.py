"""Surcharges for many answers and for Masters, and rounding to the cent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("money", "0011_two_persons")]

    operations = [
        migrations.AddField(
            "moneypolicy", "many_places_from", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "moneypolicy", "many_places_basis_points", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "moneypolicy", "masters_basis_points", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "moneypolicy", "fees_in_cents", models.BooleanField(db_default=False, default=False)
        ),
    ]
