"""Which key makes the ids that a requester sees of workers; the visit and the wire's call bring it along.

Both functions get one column more at their end, so that a process that runs the earlier version reads on.
"""

from pathlib import Path

from django.db import migrations, models

VISIT = """
drop function people_visit(text, timestamptz);
create function people_visit(p_key text, p_now timestamptz)
returns table (
    session_data text,
    user_id bigint, user_password varchar, user_is_superuser boolean, user_email varchar, user_is_active boolean,
    user_is_staff boolean, user_language varchar, user_digits varchar, user_time_zone varchar,
    worker_id bigint, worker_user_id bigint, worker_public_id varchar, worker_state varchar, worker_country varchar,
    requester_id bigint, requester_user_id bigint, requester_public_id varchar, requester_name varchar,
    user_unread_notices integer, session_seen_at timestamptz{column}
)
language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
    select s.data::text,
           u.id, u.password, u.is_superuser, u.email, u.is_active,
           u.is_staff, u.language, u.digits, u.time_zone,
           w.id, w.user_id, w.public_id, w.state, w.country,
           r.id, r.user_id, r.public_id, r.name,
           u.unread_notices, s.seen_at{value}
    from people_session s
    left join people_user u on u.id = s.user_id
    left join people_worker w on w.user_id = s.user_id
    left join people_requester r on r.user_id = s.user_id
    where s.key = p_key and s.expires_at > p_now;
end
$$;
"""
WITH_KEY = VISIT.replace("{column}", ", requester_alias_key smallint").replace("{value}", ", r.alias_key")
WITHOUT = VISIT.replace("{column}", "").replace("{value}", "")
DROP_CALL = (
    "drop function people_wire_call(text, timestamptz, bytea, bytea, interval, uuid, bigint, integer);\n"
)
CALL = (Path(__file__).parent / "wire_call.sql").read_text()
CALL_WITHOUT = CALL.replace(", requester_alias_key smallint", "").replace(", r.alias_key", "")


class Migration(migrations.Migration):
    dependencies = [("people", "0012_own_data")]

    operations = [
        migrations.AddField("requester", "alias_key", models.SmallIntegerField(default=0, db_default=0)),
        migrations.RunSQL(WITH_KEY, WITHOUT),
        migrations.RunSQL(DROP_CALL + CALL, DROP_CALL + CALL_WITHOUT),
    ]
