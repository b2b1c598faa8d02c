"""From which reward on which level is asked."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0003_single_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="moneypolicy",
            name="level_rewards",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
    ]
