"""The two ways to move money: ledger_post for one transfer, ledger_post_many for a set of them."""

from django.db import migrations

FUNCTIONS = """
create function ledger_open_account(
    p_code text, p_owner text, p_ref text, p_currency text, p_normal text, p_floor bigint, p_cached boolean,
    p_at timestamptz
) returns bigint language plpgsql set enable_seqscan = off as $$
declare
    v_id bigint;
begin
    -- Looked up first: an insert that conflicts would still use up a number.
    select id into v_id from ledger_account
        where code = p_code and owner = p_owner and ref = p_ref and currency = p_currency;
    if v_id is not null then
        return v_id;
    end if;
    insert into ledger_account (code, owner, ref, currency, normal, floor, cached, opened_at)
        values (p_code, p_owner, p_ref, p_currency, p_normal, p_floor, p_cached, p_at)
        on conflict on constraint account_once do nothing
        returning id into v_id;
    if v_id is null then  -- someone else opened it while we waited
        select id into strict v_id from ledger_account
            where code = p_code and owner = p_owner and ref = p_ref and currency = p_currency;
    end if;
    return v_id;
end $$;

-- Locks cached accounts for a look at their balances before a decision, in the order in which posting locks.
create function ledger_lock(p_accounts bigint[])
    returns table (id bigint, balance bigint) language sql volatile set enable_seqscan = off
begin atomic
    select a.id, a.balance from ledger_account a
        where a.id = any (p_accounts) and a.cached order by a.id for no key update;
end;

-- Whether a transfer is this very movement: the moment is not part of it, nor the order of its lines.
create function ledger_is_same(
    p_transfer bigint, p_kind text, p_subject text, p_accounts bigint[], p_amounts bigint[]
) returns boolean language plpgsql set enable_seqscan = off as $$
declare
    v_kind text;
    v_subject text;
    v_moved text;
    v_asked text;
begin
    select kind, subject into strict v_kind, v_subject from ledger_transfer where id = p_transfer;
    select string_agg(e.account_id || ':' || e.amount, ',' order by e.account_id) into v_moved
        from ledger_entry e where e.transfer_id = p_transfer;
    select string_agg(l.account_id || ':' || l.amount, ',' order by l.account_id) into v_asked
        from unnest(p_accounts, p_amounts) as l(account_id, amount) where l.amount <> 0;
    return (v_kind, v_subject, v_moved) is not distinct from (p_kind, p_subject, v_asked);
end $$;

create function ledger_post(
    p_kind text, p_key text, p_subject text, p_at timestamptz, p_accounts bigint[], p_amounts bigint[]
) returns bigint language plpgsql set enable_seqscan = off as $$
declare
    v_id bigint;
begin
    insert into ledger_transfer (kind, key, subject, posted_at) values (p_kind, p_key, p_subject, p_at)
        on conflict (key) do nothing
        returning id into v_id;
    if v_id is null then
        select id into strict v_id from ledger_transfer where key = p_key;
        if not ledger_is_same(v_id, p_kind, p_subject, p_accounts, p_amounts) then
            raise exception 'key % was used for another transfer', p_key using errcode = 'TK001', detail = p_key;
        end if;
        return v_id;
    end if;
    insert into ledger_entry (transfer_id, account_id, amount)
        select v_id, l.account_id, l.amount from unnest(p_accounts, p_amounts) as l(account_id, amount);
    return v_id;
end $$;

-- Transfers of one kind, three accounts each; an amount of zero is left out. One statement adds all entries,
-- so all accounts are locked at once, in id order. Returns how many transfers are new.
create function ledger_post_many(
    p_kind text, p_keys text[], p_subjects text[], p_at timestamptz,
    p_accounts_1 bigint[], p_amounts_1 bigint[],
    p_accounts_2 bigint[], p_amounts_2 bigint[],
    p_accounts_3 bigint[], p_amounts_3 bigint[]
) returns integer language plpgsql set enable_seqscan = off as $$
declare
    v_new text[];
    v_conflict text;
begin
    with made as (
        insert into ledger_transfer (kind, key, subject, posted_at)
            select p_kind, l.key, l.subject, p_at from unnest(p_keys, p_subjects) as l(key, subject)
            order by l.key  -- two that post the same keys wait for each other in one order
            on conflict (key) do nothing
            returning id, key
    ), added as (
        insert into ledger_entry (transfer_id, account_id, amount)
            select m.id, e.account_id, e.amount
            from unnest(p_keys, p_accounts_1, p_amounts_1, p_accounts_2, p_amounts_2, p_accounts_3, p_amounts_3)
                as l(key, a1, m1, a2, m2, a3, m3)
            join made m on m.key = l.key
            cross join lateral (values (l.a1, l.m1), (l.a2, l.m2), (l.a3, l.m3)) as e(account_id, amount)
            where e.amount <> 0
    )
    select array_agg(m.key) into v_new from made m;
    if coalesce(cardinality(v_new), 0) < cardinality(p_keys) then
        select l.key into v_conflict
            from unnest(p_keys, p_subjects, p_accounts_1, p_amounts_1, p_accounts_2, p_amounts_2,
                p_accounts_3, p_amounts_3) as l(key, subject, a1, m1, a2, m2, a3, m3)
            join ledger_transfer t on t.key = l.key
            where l.key <> all (coalesce(v_new, '{}')) and not ledger_is_same(
                t.id, p_kind, l.subject, array[l.a1, l.a2, l.a3], array[l.m1, l.m2, l.m3])
            limit 1;
        if v_conflict is not null then
            raise exception 'key % was used for another transfer', v_conflict
                using errcode = 'TK001', detail = v_conflict;
        end if;
    end if;
    return coalesce(cardinality(v_new), 0);
end $$;
"""

UNDO = """
drop function ledger_post_many, ledger_post, ledger_is_same, ledger_lock, ledger_open_account;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
