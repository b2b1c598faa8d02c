"""Rows know their transaction, are never changed, and are written by one function."""

from django.db import migrations

SQL = """
alter table journal_event add column xact xid8 not null default pg_current_xact_id();
create index event_by_xact on journal_event (xact, id);

create function journal_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% on % is refused: the journal only grows', tg_op, tg_table_name using errcode = 'TK002';
end $$;
create trigger event_kept before update or delete on journal_event
    for each statement execute function journal_refuse();
create trigger event_kept_whole before truncate on journal_event
    for each statement execute function journal_refuse();

create function journal_record(
    p_name text, p_actor text, p_subject text, p_at timestamptz, p_facts jsonb default '{}'
) returns void language plpgsql as $$
begin
    insert into journal_event (at, name, actor, subject, facts)
        values (p_at, p_name, p_actor, p_subject, p_facts);
end $$;
"""

UNDO = """
drop function journal_record;
drop trigger event_kept_whole on journal_event;
drop trigger event_kept on journal_event;
drop function journal_refuse;
drop index event_by_xact;
alter table journal_event drop column xact;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_tables")]

    operations = [migrations.RunSQL(SQL, UNDO)]
