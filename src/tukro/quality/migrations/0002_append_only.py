"""What reviews found never changes; what they did changes once, from intended to how it went."""

from django.db import migrations

SQL = """
create function quality_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% on % is refused: reports only grow', tg_op, tg_table_name using errcode = 'TK002';
end $$;
create trigger result_kept before update or delete on quality_result
    for each statement execute function quality_refuse();
create trigger action_tried_once before update on quality_action
    for each row when (old.status <> 'Intended') execute function quality_refuse();
create trigger action_kept before delete on quality_action
    for each statement execute function quality_refuse();
"""

UNDO = """
drop trigger action_kept on quality_action;
drop trigger action_tried_once on quality_action;
drop trigger result_kept on quality_result;
drop function quality_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_tables")]

    operations = [migrations.RunSQL(SQL, UNDO)]
