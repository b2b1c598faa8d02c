"""The two ways to move money: ledger_post for one transfer, ledger_post_many for a set of them."""

from django.db import migrations

FUNCTIONS = """
create function ledger_digest(p_kind text, p_subject text, p_accounts bigint[], p_amounts bigint[])
    returns bytea language sql stable parallel safe
    return sha256(convert_to(
        concat_ws('|', p_kind, p_subject, array_to_string(p_accounts, ','), array_to_string(p_amounts, ',')),
        'UTF8'));

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

create function ledger_post(
    p_kind text, p_key text, p_subject text, p_at timestamptz, p_accounts bigint[], p_amounts bigint[]
) returns bigint language plpgsql as $$
declare
    v_digest bytea := ledger_digest(p_kind, p_subject, p_accounts, p_amounts);
    v_earlier bytea;
    v_id bigint;
begin
    insert into ledger_transfer (kind, key, digest, subject, posted_at)
        values (p_kind, p_key, v_digest, p_subject, p_at)
        on conflict (key) do nothing
        returning id into v_id;
    if v_id is null then
        select id, digest into strict v_id, v_earlier from ledger_transfer where key = p_key;
        if v_earlier <> v_digest then
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
    v_new integer;
    v_conflict text;
begin
    with asked as materialized (
        select l.key, l.subject, ledger_digest(p_kind, l.subject, x.accounts, x.amounts) as digest,
            x.accounts, x.amounts
        from unnest(p_keys, p_subjects, p_accounts_1, p_amounts_1, p_accounts_2, p_amounts_2,
            p_accounts_3, p_amounts_3) as l(key, subject, a1, m1, a2, m2, a3, m3)
        cross join lateral (
            select array_agg(v.account_id order by v.n) as accounts, array_agg(v.amount order by v.n) as amounts
            from (values (1, l.a1, l.m1), (2, l.a2, l.m2), (3, l.a3, l.m3)) as v(n, account_id, amount)
            where v.amount <> 0
        ) x
    ), made as (
        insert into ledger_transfer (kind, key, digest, subject, posted_at)
            select p_kind, a.key, a.digest, a.subject, p_at from asked a order by a.key
            on conflict (key) do nothing
            returning id, key
    ), added as (
        insert into ledger_entry (transfer_id, account_id, amount)
            select m.id, e.account_id, e.amount
            from made m join asked a on a.key = m.key
            cross join lateral unnest(a.accounts, a.amounts) as e(account_id, amount)
    )
    select count(*) into v_new from made;
    if v_new < cardinality(p_keys) then
        select l.key into v_conflict
            from unnest(p_keys, p_subjects, p_accounts_1, p_amounts_1, p_accounts_2, p_amounts_2,
                p_accounts_3, p_amounts_3) as l(key, subject, a1, m1, a2, m2, a3, m3)
            join ledger_transfer t on t.key = l.key
            where t.digest <> ledger_digest(p_kind, l.subject,
                array_remove(array[l.a1, l.a2, case when l.m3 <> 0 then l.a3 end], null),
                array_remove(array[l.m1, l.m2, nullif(l.m3, 0)], null))
            limit 1;
        if v_conflict is not null then
            raise exception 'key % was used for another transfer', v_conflict
                using errcode = 'TK001', detail = v_conflict;
        end if;
    end if;
    return v_new;
end $$;
"""

UNDO = """
drop function ledger_post_many, ledger_post, ledger_lock, ledger_open_account, ledger_digest;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
