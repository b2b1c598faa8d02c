"""Time worked is kept on the assignment, without the days in which an answer lay with its requester before a repair."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent

# What was handed in before: from accepting to the latest answer, less each wait between an earlier answer and the
# asking for its repair. (Of a repair that is being done, the last wait comes after that answer.)
REMEMBER = """
update work_assignment a
   set asked_at = (select max(e.asked_at) from work_earlieranswer e where e.assignment_id = a.id),
       worked_seconds = greatest(0, floor(extract(epoch from a.submitted_at - a.accepted_at - coalesce(
         (select sum(e.asked_at - e.submitted_at) from work_earlieranswer e
           where e.assignment_id = a.id and e.asked_at < a.submitted_at), interval '0'))))
 where a.submitted_at is not null;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0044_own_tasks")]

    operations = [
        migrations.AddField("assignment", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("assignment", "worked_seconds", models.IntegerField(null=True)),
        migrations.RunSQL(REMEMBER, migrations.RunSQL.noop),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("assigning.sql", "reviewing.sql", "listing.sql")
        ),
    ]
