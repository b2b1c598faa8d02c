"""What requesters have set aside is counted by a job, so that asking for it costs the same however many tasks."""

from pathlib import Path

from django.db import migrations

TABLES = """
create table money_held (
    requester varchar(64) primary key,
    amount bigint not null
);
create table money_held_place (
    only_one boolean primary key default true check (only_one),
    counted_to bigint not null,
    seen_id bigint not null,
    seen_xact xid8 not null
);
insert into money_held_place (counted_to, seen_id, seen_xact) values (0, 0, '0');
"""
UNDO = """
drop function money_held_of(text), money_count_held(int);
drop table money_held_place, money_held;
"""

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("money", "0004_level_rewards"), ("ledger", "0003_functions")]

    operations = [
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL((HERE / "held.sql").read_text(), UNDO),
    ]
