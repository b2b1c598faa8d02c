"""What was approved by silence, until its requester was told."""

import django.db.models.deletion
from django.db import migrations, models

import tukro.money.models.fields

# What silence approved before is no news: the follower begins at the end of the journal.
FOLLOWER = """
insert into work_follower (name, event_id)
select 'silence', id from journal_event order by xact desc, id desc limit 1
on conflict do nothing;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_append_only"),
        ("work", "0036_states_are_a_type"),
    ]

    operations = [
        migrations.CreateModel(
            name="SilentApprovals",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="work.batch",
                    ),
                ),
                ("count", models.IntegerField()),
                ("amount", tukro.money.models.fields.MoneyField()),
                ("since", models.DateTimeField(null=True)),
                ("quiet_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("since__isnull", False)), fields=["since"], name="silence_to_tell"
                    )
                ],
            },
        ),
        migrations.RunSQL(FOLLOWER, "delete from work_follower where name = 'silence'"),
    ]
