"""Money's movements as SQL, for the hot verbs and for publishing. docs/money.md shows each as a table.

All of them lock accounts through one posting statement, in id order. A transaction that pays several people
must use the functions for many: two single payments in one transaction could lock in an order of their own.
"""

from django.db import migrations

FUNCTIONS = """
-- Whatever path leads to it (approval, silence, an overturned rejection): an assignment is paid once, because
-- keys are unique and the key of a payment is its assignment.
alter table ledger_transfer add constraint money_paid_once
    check (kind not in ('reward', 'reward_after_release') or key = 'reward:' || subject);
create index money_transfer_by_subject on ledger_transfer (subject, id)
    where kind not in ('reward', 'reward_after_release');
create index money_batch_hold_by_ref on ledger_account (ref) where code = 'batch_hold';

create function money_fees_account(p_at timestamptz) returns bigint language plpgsql as $$
begin
    return ledger_open_account('fees', '', '', 'USD', 'C', null, false, p_at);
end $$;

create function money_requester_account(p_requester text, p_at timestamptz) returns bigint language plpgsql as $$
begin
    return ledger_open_account('requester_available', p_requester, '', 'USD', 'C', 0, true, p_at);
end $$;

create function money_worker_account(p_worker text, p_at timestamptz) returns bigint language plpgsql as $$
begin
    return ledger_open_account('worker_available', p_worker, '', 'USD', 'C', 0, true, p_at);
end $$;

create function money_batch_hold(p_batch text) returns bigint language plpgsql set enable_seqscan = off as $$
declare
    v_id bigint;
begin
    select id into strict v_id from ledger_account where code = 'batch_hold' and ref = p_batch;
    return v_id;
end $$;

-- Posts what somebody's available balance pays for. Null when done, else what is available: too little,
-- and nothing was written.
create function money_post_from_balance(
    p_payer bigint, p_kind text, p_key text, p_subject text, p_at timestamptz,
    p_accounts bigint[], p_amounts bigint[]
) returns bigint language plpgsql as $$
declare
    v_constraint text;
    v_available bigint;
begin
    perform ledger_post(p_kind, p_key, p_subject, p_at, p_accounts, p_amounts);
    return null;
exception when check_violation then
    get stacked diagnostics v_constraint = constraint_name;
    if v_constraint <> 'account_floor' then
        raise;
    end if;
    select balance into v_available from ledger_account where id = p_payer;
    return v_available;
end $$;

create function money_set_aside(
    p_requester text, p_batch text, p_amount bigint, p_key text, p_at timestamptz
) returns bigint language plpgsql as $$
declare
    v_available bigint := money_requester_account(p_requester, p_at);
    v_hold bigint := ledger_open_account('batch_hold', p_requester, p_batch, 'USD', 'C', 0, true, p_at);
begin
    if p_amount <= 0 then
        raise exception 'nothing to set aside for batch %', p_batch using errcode = 'TK002';
    end if;
    return money_post_from_balance(v_available, 'set_aside', p_key, p_batch, p_at,
        array[v_available, v_hold], array[p_amount, -p_amount]);
end $$;

create function money_spread_batch(
    p_batch text, p_refs text[], p_amounts bigint[], p_key text, p_at timestamptz
) returns bigint[] language plpgsql set enable_seqscan = off set enable_hashjoin = off as $$
declare
    v_batch_hold bigint := money_batch_hold(p_batch);
    v_owner text;
    v_holds bigint[];
    v_total bigint;
begin
    select owner into strict v_owner from ledger_account where id = v_batch_hold;
    -- Looked up one by one with scalar sub-selects: as joins, with statistics from before the first publishing,
    -- they would be planned as walks over all holds of the owner, once per ref.
    insert into ledger_account (code, owner, ref, currency, normal, floor, cached, opened_at)
        select 'hold', v_owner, r.ref, 'USD', 'C', 0, true, p_at
        from unnest(p_refs) with ordinality as r(ref, n)
        where (select a.id from ledger_account a
                where a.code = 'hold' and a.owner = v_owner and a.ref = r.ref and a.currency = 'USD') is null
        order by r.n
        on conflict on constraint account_once do nothing;
    select array_agg((select a.id from ledger_account a
                where a.code = 'hold' and a.owner = v_owner and a.ref = r.ref and a.currency = 'USD') order by r.n)
        into v_holds
        from unnest(p_refs) with ordinality as r(ref, n);
    select sum(amount) into v_total from unnest(p_amounts) as amount;
    perform ledger_post('spread', p_key, p_batch, p_at, v_batch_hold || l.accounts, v_total || l.amounts)
        from (
            select array_agg(h.id order by h.n) as accounts, array_agg(-h.amount order by h.n) as amounts
            from unnest(v_holds, p_amounts) with ordinality as h(id, amount, n) where h.amount <> 0
        ) l where v_total > 0;
    return v_holds;
end $$;

create function money_add_to_holds(
    p_requester text, p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns bigint language plpgsql as $$
declare
    v_available bigint := money_requester_account(p_requester, p_at);
    v_total bigint;
    v_accounts bigint[];
    v_amounts bigint[];
begin
    select sum(h.amount), array_agg(h.id order by h.id), array_agg(-h.amount order by h.id)
        into v_total, v_accounts, v_amounts
        from (
            select l.id, sum(l.amount)::bigint as amount from unnest(p_holds, p_amounts) as l(id, amount)
            where l.amount <> 0 group by l.id
        ) h;
    if v_total is null then
        return null;
    end if;
    return money_post_from_balance(v_available, 'set_aside', p_key, p_subject, p_at,
        v_available || v_accounts, v_total || v_amounts);
end $$;

create function money_give_back_many(
    p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns void language plpgsql set enable_seqscan = off as $$
declare
    v_owner text;
    v_total bigint;
    v_accounts bigint[];
    v_amounts bigint[];
begin
    select sum(h.amount), array_agg(h.id order by h.id), array_agg(h.amount order by h.id)
        into v_total, v_accounts, v_amounts
        from (
            select l.id, sum(l.amount)::bigint as amount from unnest(p_holds, p_amounts) as l(id, amount)
            where l.amount <> 0 group by l.id
        ) h;
    if v_total is null then
        return;
    end if;
    if exists (select from unnest(p_amounts) as amount where amount < 0) then
        raise exception 'a negative amount cannot be given back' using errcode = 'TK002';
    end if;
    -- STRICT refuses holds of more than one requester.
    select distinct a.owner into strict v_owner from ledger_account a where a.id = any (v_accounts);
    perform ledger_post('give_back', p_key, p_subject, p_at,
        v_accounts || money_requester_account(v_owner, p_at), v_amounts || -v_total);
end $$;

create function money_give_back(
    p_hold bigint, p_amount bigint, p_key text, p_subject text, p_at timestamptz
) returns void language plpgsql as $$
begin
    perform money_give_back_many(array[p_hold], array[p_amount], p_key, p_subject, p_at);
end $$;

create function money_pay_rewards(
    p_holds bigint[], p_workers text[], p_rewards bigint[], p_fees bigint[], p_assignments text[],
    p_at timestamptz
) returns void language plpgsql set enable_seqscan = off set enable_hashjoin = off as $$
declare
    v_fees bigint := money_fees_account(p_at);
    v_keys text[];
    v_subjects text[];
    v_holds bigint[];
    v_taken bigint[];
    v_worker_accounts bigint[];
    v_rewards bigint[];
    v_fee_accounts bigint[];
    v_fee_amounts bigint[];
begin
    if exists (select from unnest(p_rewards, p_fees) as l(reward, fee) where l.reward < 0 or l.fee < 0) then
        raise exception 'a negative reward or fee cannot be paid' using errcode = 'TK002';
    end if;
    perform money_worker_account(w.worker, p_at)
        from (select distinct worker from unnest(p_workers) as worker order by worker) w;
    select array_agg('reward:' || l.assignment order by l.n), array_agg(l.assignment order by l.n),
            array_agg(l.hold order by l.n), array_agg(l.reward + l.fee order by l.n),
            array_agg(a.id order by l.n), array_agg(-l.reward order by l.n),
            array_agg(v_fees order by l.n), array_agg(-l.fee order by l.n)
        into v_keys, v_subjects, v_holds, v_taken, v_worker_accounts, v_rewards, v_fee_accounts, v_fee_amounts
        from unnest(p_holds, p_workers, p_rewards, p_fees, p_assignments) with ordinality
            as l(hold, worker, reward, fee, assignment, n)
        join ledger_account a
            on a.code = 'worker_available' and a.owner = l.worker and a.ref = '' and a.currency = 'USD'
        where l.reward + l.fee > 0;
    perform ledger_post_many('reward', v_keys, v_subjects, p_at,
        v_holds, v_taken, v_worker_accounts, v_rewards, v_fee_accounts, v_fee_amounts);
end $$;

create function money_pay_reward(
    p_hold bigint, p_worker text, p_reward bigint, p_fee bigint, p_assignment text, p_at timestamptz
) returns void language plpgsql set enable_seqscan = off as $$
declare
    v_worker bigint;
    v_fees bigint;
    v_transfer bigint;
begin
    -- The usual case in as few steps as can be: both accounts are there, both amounts are positive.
    select w.id, f.id into v_worker, v_fees from ledger_account w cross join ledger_account f
        where w.code = 'worker_available' and w.owner = p_worker and w.ref = '' and w.currency = 'USD'
          and f.code = 'fees' and f.owner = '' and f.ref = '' and f.currency = 'USD';
    if found and p_reward > 0 and p_fee > 0 then
        -- An assignment, not PERFORM: it is evaluated without the making of a query.
        v_transfer := ledger_post('reward', 'reward:' || p_assignment, p_assignment, p_at,
            array[p_hold, v_worker, v_fees], array[p_reward + p_fee, -p_reward, -p_fee]);
    else
        perform money_pay_rewards(
            array[p_hold], array[p_worker], array[p_reward], array[p_fee], array[p_assignment], p_at);
    end if;
end $$;

create function money_pay_from_balance(
    p_requester text, p_worker text, p_reward bigint, p_fee bigint, p_assignment text, p_at timestamptz
) returns bigint language plpgsql as $$
declare
    v_available bigint := money_requester_account(p_requester, p_at);
begin
    return money_post_from_balance(v_available, 'reward_after_release', 'reward:' || p_assignment,
        p_assignment, p_at, l.accounts, l.amounts)
        from (
            select array_agg(v.id order by v.n) as accounts, array_agg(v.amount order by v.n) as amounts
            from (values (1, v_available, p_reward + p_fee), (2, money_worker_account(p_worker, p_at), -p_reward),
                (3, money_fees_account(p_at), -p_fee)) as v(n, id, amount) where v.amount <> 0
        ) l where l.accounts is not null;
end $$;

create function money_pay_bonus(
    p_requester text, p_worker text, p_amount bigint, p_fee bigint, p_key text, p_subject text,
    p_at timestamptz
) returns bigint language plpgsql as $$
declare
    v_available bigint := money_requester_account(p_requester, p_at);
begin
    return money_post_from_balance(v_available, 'bonus', p_key, p_subject, p_at, l.accounts, l.amounts)
        from (
            select array_agg(v.id order by v.n) as accounts, array_agg(v.amount order by v.n) as amounts
            from (values (1, v_available, p_amount + p_fee), (2, money_worker_account(p_worker, p_at), -p_amount),
                (3, money_fees_account(p_at), -p_fee)) as v(n, id, amount) where v.amount <> 0
        ) l;
end $$;

-- What the proofs of work compare its tasks and assignments with.
create view money_hold as
    select id, owner as requester, ref, balance from ledger_account where code = 'hold';
create view money_payment as
    select t.subject as assignment, t.kind, t.posted_at, paid.worker, paid.reward, paid.fee
    from ledger_transfer t
    cross join lateral (
        select max(a.owner) filter (where a.code = 'worker_available') as worker,
            coalesce(-sum(e.amount) filter (where a.code = 'worker_available'), 0)::bigint as reward,
            coalesce(-sum(e.amount) filter (where a.code = 'fees'), 0)::bigint as fee
        from ledger_entry e join ledger_account a on a.id = e.account_id
        where e.transfer_id = t.id
    ) paid
    where t.kind in ('reward', 'reward_after_release');
"""

UNDO = """
drop view money_payment, money_hold;
drop function money_pay_bonus, money_pay_from_balance, money_pay_reward, money_pay_rewards, money_give_back,
    money_give_back_many, money_add_to_holds, money_spread_batch, money_set_aside, money_post_from_balance,
    money_batch_hold, money_worker_account, money_requester_account, money_fees_account;
drop index money_batch_hold_by_ref;
drop index money_transfer_by_subject;
alter table ledger_transfer drop constraint money_paid_once;
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0001_tables"), ("ledger", "0003_functions"), ("journal", "0002_append_only")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
