"""An assignment carries its answer, too: handing in writes one row. Lane and worker are proven, not looked up again."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).parent

MOVED = "update work_assignment a set answer = r.body from work_answer r where r.assignment_id = a.id"


def reference(to: str) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        to,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="assignments",
        db_constraint=False,
        db_index=False,
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0016_wire_call_by_index"), ("work", "0033_terms_of_an_assignment")]

    operations = [
        migrations.AddField("assignment", "answer", models.JSONField(null=True)),
        migrations.RunSQL(MOVED),
        migrations.DeleteModel("Answer"),
        migrations.AlterField("assignment", "lane", reference("work.lane")),
        migrations.AlterField("assignment", "worker", reference("people.worker")),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("assigning.sql", "reviewing.sql")
        ),
    ]
