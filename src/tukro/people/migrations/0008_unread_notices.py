"""How many notices are unread, on the person's row, and the visit brings it along (in its last column, so that
a running older version goes on reading the others)."""

from django.db import migrations, models

VISIT = """
drop function people_visit(text, timestamptz);
create function people_visit(p_key text, p_now timestamptz)
returns table (
    session_data text,
    user_id bigint, user_password varchar, user_is_superuser boolean, user_email varchar, user_is_active boolean,
    user_is_staff boolean, user_language varchar, user_digits varchar, user_time_zone varchar,
    worker_id bigint, worker_user_id bigint, worker_public_id varchar, worker_state varchar, worker_country varchar,
    requester_id bigint, requester_user_id bigint, requester_public_id varchar, requester_name varchar{column}
)
language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
    select s.data::text,
           u.id, u.password, u.is_superuser, u.email, u.is_active,
           u.is_staff, u.language, u.digits, u.time_zone,
           w.id, w.user_id, w.public_id, w.state, w.country,
           r.id, r.user_id, r.public_id, r.name{value}
    from people_session s
    left join people_user u on u.id = s.user_id
    left join people_worker w on w.user_id = s.user_id
    left join people_requester r on r.user_id = s.user_id
    where s.key = p_key and s.expires_at > p_now;
end
$$;
"""
WITH_COUNT = VISIT.replace("{column}", ", user_unread_notices integer").replace(
    "{value}", ", u.unread_notices"
)
WITHOUT = VISIT.replace("{column}", "").replace("{value}", "")


class Migration(migrations.Migration):
    dependencies = [("people", "0007_subdivision")]

    operations = [
        migrations.AddField("user", "unread_notices", models.IntegerField(default=0, db_default=0)),
        migrations.RunSQL(WITH_COUNT, WITHOUT),
    ]
