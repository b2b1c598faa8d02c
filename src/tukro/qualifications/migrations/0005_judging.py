"""Requirements as rows, and the judge in SQL: what a worker may find, look at and accept."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

ROWS_OF_SETS = """
insert into qualifications_setrequirement (set_id, type_id, comparator, integers, locales, guard)
select s.id, r->>'type_id', r->>'comparator',
       array(select jsonb_array_elements_text(r->'integers')::int), array(select jsonb_array_elements_text(r->'locales')),
       case r->>'guards' when 'Accept' then 1 when 'PreviewAndAccept' then 2 else 3 end
  from qualifications_requirementset s, jsonb_array_elements(s.requirements) r
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_subdivision"), ("qualifications", "0004_requests")]

    operations = [
        migrations.CreateModel(
            name="SetRequirement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("type_id", models.CharField(max_length=255)),
                ("comparator", models.CharField(max_length=30)),
                (
                    "integers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "locales",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), default=list, size=None
                    ),
                ),
                ("guard", models.SmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="eligibility",
            name="locale",
            field=models.CharField(db_default="", default="", max_length=6),
        ),
        migrations.AddField(
            model_name="eligibility",
            name="no_discover",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="eligibility",
            name="no_preview",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="eligibility",
            name="stale",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="setrequirement",
            name="set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="qualifications.requirementset",
            ),
        ),
        migrations.AddIndex(
            model_name="setrequirement",
            index=models.Index(fields=["type_id", "set"], name="set_requirement_of_type"),
        ),
        migrations.RunSQL(ROWS_OF_SETS, migrations.RunSQL.noop),
        migrations.RunSQL((Path(__file__).parent / "judging.sql").read_text(), migrations.RunSQL.noop),
    ]
