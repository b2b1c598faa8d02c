"""Notices speak both languages, so that they are read in the one that the page is in."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_aliases_of_newcomers")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="other_title",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="notice", name="other_text", field=models.TextField(db_default="", default="")
        ),
    ]
