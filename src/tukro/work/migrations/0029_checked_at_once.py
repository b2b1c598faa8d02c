"""What the hot verbs write is checked against its parents at once, where the verb says how that is planned.

Checked at the commit, outside of the verb, the look-ups would be planned as whatever was cheapest when a
process first made one: on a young market whole tables are read, for as long as the process lives or until the
statistics are taken anew, and every HIT and every answer costs more than the one before.
"""

from django.db import migrations

_SQL = """
do $$
declare k record;
begin
  for k in select conrelid::regclass as child, conname as name from pg_constraint
            where contype = 'f' and conrelid in ('work_task'::regclass, 'work_lane'::regclass,
                  'work_assignment'::regclass, 'work_answer'::regclass, 'work_draft'::regclass)
  loop
    execute format('alter table %s alter constraint %I CHECKED', k.child, k.name);
  end loop;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0028_length_of_recordings")]

    operations = [
        migrations.RunSQL(
            _SQL.replace("CHECKED", "not deferrable"),
            _SQL.replace("CHECKED", "deferrable initially deferred"),
        ),
    ]
