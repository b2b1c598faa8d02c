"""What every call on the wire asks the database: whose key it is, whether it came before, how many came elsewhere.

Both tables are unlogged: they remember minutes, writing them waits for no disk, and a crash that empties them
costs a few seconds of a limit.
"""

from pathlib import Path

from django.db import migrations

TABLES = """
create unlogged table people_wire_seen (
    signature bytea not null,
    attempt bytea not null,
    first_at timestamptz not null,
    primary key (signature, attempt)
);
create index people_wire_seen_first_at on people_wire_seen (first_at);

create unlogged table people_wire_use (
    key_id text not null,
    process uuid not null,
    span bigint not null,
    calls integer not null,
    primary key (key_id, process)
) with (fillfactor = 50);
"""

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("people", "0004_key_last_used")]

    operations = [
        migrations.RunSQL(TABLES, "drop table people_wire_seen, people_wire_use"),
        migrations.RunSQL(
            (HERE / "wire_call.sql").read_text(),
            "drop function people_wire_call(text, timestamptz, bytea, bytea, interval, uuid, bigint, integer)",
        ),
    ]
