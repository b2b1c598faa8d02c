-- What every call on the wire asks (people/actions/wire.py). A row of people_wire_use belongs to one process, so no two
-- calls wait for each other there; that a key was used is noted once an hour, for its owner's list of keys.
create or replace function people_wire_call(
    p_key text, p_now timestamptz,
    p_signature bytea, p_attempt bytea, p_grace interval,
    p_process uuid, p_span bigint, p_calls integer)
returns table (
    requester_id bigint, requester_user_id bigint, requester_public_id varchar, requester_name varchar,
    repeated boolean, elsewhere bigint, requester_alias_key smallint
)
-- Plans are kept per process. Made while few signatures are remembered they would read the whole table, and go on when
-- it holds many thousands.
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_repeated boolean := false;
    v_elsewhere bigint;
begin
    if p_signature is not null then
        v_repeated := exists (
            select from people_wire_seen where signature = p_signature and first_at < p_now - p_grace);
        insert into people_wire_seen values (p_signature, p_attempt, p_now) on conflict do nothing;
        v_repeated := v_repeated or (not found and p_attempt <> '');
    end if;
    if p_calls is not null then
        insert into people_wire_use values (p_key, p_process, p_span, p_calls)
            on conflict (key_id, process) do update set span = excluded.span, calls = excluded.calls;
        select coalesce(sum(calls), 0) into v_elsewhere from people_wire_use
            where key_id = p_key and span = p_span and process <> p_process;
        update people_accesskey set last_used_at = p_now
            where key_id = p_key and (last_used_at is null or last_used_at < p_now - interval '1 hour');
    end if;
    return query
        select r.id, r.user_id, r.public_id, r.name, v_repeated, v_elsewhere, r.alias_key
        from people_accesskey k
        join people_requester r on r.id = k.requester_id
        join people_user u on u.id = r.user_id
        where k.key_id = p_key and k.revoked_at is null and u.is_active;
end
$$;
