-- Whatever comes back to a requester while a payer asks about a deposit of theirs is frozen, as far as open inquiries
-- lack it: what their balance had too little of when the payer asked is kept now, as it would have been then.
-- Money that is paid in anew is not. Who brings money back does three things, in this order: money_lock_inquiries,
-- the posting, money_keep_for_inquiries. From Python: actions/balances/returning.py.

-- Until the end of this transaction no inquiry of this requester's payers begins or ends, and nothing else comes back.
-- Before deposits and accounts, which every verb of a dispute locks in this order. Answers whether an inquiry lacks
-- something.
create or replace function money_lock_inquiries(p_requester text) returns boolean
language plpgsql set enable_seqscan = off as $$
begin
    perform pg_advisory_xact_lock(20822, hashtext(p_requester));
    perform from money_deposit p
        where p.requester_id = (select r.id from people_requester r where r.public_id = p_requester)
            and p.id in (select d.deposit_id from money_dispute d where d.state = 'frozen' and d.frozen < d.amount)
        order by p.id for update;
    return found;
end $$;

-- Freezes of p_amount, which came back with the new transfer p_transfer, what inquiries lack: the oldest first, each
-- under `dispute_frozen:{dispute}:{transfer}`. After money_lock_inquiries only. Answers how much.
create or replace function money_keep_for_inquiries(
    p_requester text, p_amount bigint, p_transfer bigint, p_at timestamptz
) returns bigint language plpgsql set enable_seqscan = off as $$
declare
    d record;
    v_available bigint := money_requester_account(p_requester, p_at);
    v_apart bigint;
    v_part bigint;
    v_left bigint := p_amount;
begin
    for d in
        select o.id, o.deposit_id, p.public_id, o.amount - o.frozen as lacks
            from money_dispute o join money_deposit p on p.id = o.deposit_id
            join people_requester r on r.id = p.requester_id
            where o.state = 'frozen' and o.frozen < o.amount and r.public_id = p_requester order by o.id
    loop
        v_part := least(v_left, d.lacks);
        exit when v_part <= 0;
        v_apart := ledger_open_account('requester_disputed', p_requester, d.public_id, 'USD', 'C', 0, true, p_at);
        perform ledger_post('dispute_frozen', 'dispute_frozen:' || d.id || ':' || p_transfer, d.public_id, p_at,
            array[v_available, v_apart], array[v_part, -v_part]);
        update money_dispute set frozen = frozen + v_part where id = d.id;
        update money_deposit set frozen = frozen + v_part where id = d.deposit_id;
        v_left := v_left - v_part;
    end loop;
    return p_amount - v_left;
end $$;

-- Money that its tasks do not need any more goes back to its requester, once per key.
create or replace function money_give_back_many(
    p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns void language plpgsql set enable_seqscan = off as $$
declare
    v_owner text;
    v_total bigint;
    v_accounts bigint[];
    v_amounts bigint[];
    v_is_lacking boolean;
    v_transfer bigint;
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
    v_is_lacking := money_lock_inquiries(v_owner);
    -- Said again, it froze the first time. (A statement of its own, which sees what happened while we waited.)
    v_is_lacking := v_is_lacking and not exists (select from ledger_transfer where key = p_key);
    v_transfer := ledger_post('give_back', p_key, p_subject, p_at,
        v_accounts || money_requester_account(v_owner, p_at), v_amounts || -v_total);
    if v_is_lacking then
        perform money_keep_for_inquiries(v_owner, v_total, v_transfer, p_at);
    end if;
end $$;
