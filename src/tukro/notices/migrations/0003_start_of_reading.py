"""The reader that tells machines begins at the end of the journal: nobody asked for what was before."""

from django.db import migrations

SQL = """
insert into notices_cursor (reader, event_id)
select 'machines', id from journal_event order by xact desc, id desc limit 1
on conflict do nothing;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_notifications"), ("journal", "0002_append_only")]

    operations = [migrations.RunSQL(SQL, "delete from notices_cursor where reader = 'machines'")]
