-- The one door through which a requester's balance is spent. Whoever owes the house spends nothing; only a rejection
-- that was wrong is made good all the same, because the worker did the work (reward_after_release).
-- Not spending, and so not through here: what a dispute takes or freezes, a debt that is paid, what staff correct, and a
-- balance that is set apart.

-- Whether a deposit of theirs was taken back after it was spent, and is still owed: a look without a lock.
create or replace function money_owes(p_requester text) returns boolean
language plpgsql set enable_seqscan = off as $$
begin
    return exists (
        select from ledger_account
        where code = 'requester_debt' and owner = p_requester and ref = '' and currency = 'USD' and balance > 0);
end $$;

-- What a requester could spend at this moment: a look without a lock.
create or replace function money_available(p_requester text) returns bigint
language plpgsql set enable_seqscan = off as $$
begin
    if money_owes(p_requester) then
        return 0;
    end if;
    return coalesce((select balance from ledger_account
        where code = 'requester_available' and owner = p_requester and ref = '' and currency = 'USD'), 0);
end $$;

-- Posts what a requester's balance pays for, or raises as for a balance that is too small. What was paid under this
-- key before the debt is only said again.
create or replace function money_spend(
    p_requester text, p_kind text, p_key text, p_subject text, p_at timestamptz, p_accounts bigint[], p_amounts bigint[]
) returns void language plpgsql set enable_seqscan = off as $$
declare
    v_again boolean := exists (select from ledger_transfer where key = p_key);
begin
    perform ledger_post(p_kind, p_key, p_subject, p_at, p_accounts, p_amounts);
    -- Only now, because posting locked the balance: no dispute makes a debt between this look and the commit.
    if not v_again and p_kind <> 'reward_after_release' and money_owes(p_requester) then
        raise exception '% owes the house and spends nothing', p_requester
            using errcode = 'check_violation', constraint = 'account_floor';
    end if;
end $$;

-- The same from the account of the balance. Null when done, else what could be spent: too little, nothing was written.
create or replace function money_post_from_balance(
    p_payer bigint, p_kind text, p_key text, p_subject text, p_at timestamptz,
    p_accounts bigint[], p_amounts bigint[]
) returns bigint language plpgsql set enable_seqscan = off as $$
declare
    v_requester text;
    v_constraint text;
begin
    select a.owner into strict v_requester from ledger_account a where a.id = p_payer;
    perform money_spend(v_requester, p_kind, p_key, p_subject, p_at, p_accounts, p_amounts);
    return null;
exception when check_violation then
    get stacked diagnostics v_constraint = constraint_name;
    if v_constraint <> 'account_floor' then
        raise;
    end if;
    if p_kind = 'reward_after_release' then
        return (select a.balance from ledger_account a where a.id = p_payer);
    end if;
    return money_available(v_requester);
end $$;

-- Sets money aside in several holds at once: places are added, work that was rejected is offered again. Null when
-- done, else what could be spent: too little, nothing was written.
create or replace function money_add_to_holds(
    p_requester text, p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns bigint language plpgsql set enable_seqscan = off as $$
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

-- Sets the price of a task that is just being made aside in its lanes' holds, or raises: all is undone.
create or replace function money_fill_holds(
    p_requester text, p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns void language plpgsql set enable_seqscan = off as $$
declare
    v_total bigint := (select sum(amount) from unnest(p_amounts) as amount);
begin
    if v_total > 0 then
        perform money_spend(p_requester, 'set_aside', p_key, p_subject, p_at,
            money_requester_account(p_requester, p_at) || p_holds,
            v_total || array(select -l.amount from unnest(p_amounts) with ordinality as l(amount, n) order by l.n));
    end if;
end $$;
