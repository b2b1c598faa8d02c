"""The verbs that must be fast: one SQL function each, called in one round trip.

Each of them fixes how its statements are planned. Left alone, PostgreSQL would plan some of them anew on every
call (it thinks the general plan dearer than it is; planning costs more than running), and on a young market,
whose statistics are of empty tables, it would read whole tables.
"""

from pathlib import Path

from django.db import migrations

FILES = ("publishing.sql", "assigning.sql", "reviewing.sql", "closing.sql", "listing.sql")
HERE = Path(__file__).parent

DROP_ALL = """
do $$
declare f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.proname like 'work\\_%' and p.pronamespace = current_schema()::regnamespace loop
    execute 'drop function ' || f;
  end loop;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0002_categories"),
        ("journal", "0001_tables"),
        ("money", "0001_tables"),
        ("qualifications", "0001_tables"),
    ]

    operations = [
        *(migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop) for name in FILES),
        migrations.RunSQL(
            # Room on the page, so that counting a place up and down rewrites no index.
            "alter table work_lane set (fillfactor = 70)",
            "alter table work_lane reset (fillfactor);" + DROP_ALL,
        ),
    ]
