-- Money that its tasks do not need any more goes back to its requester, once per key. While a payer only asks about
-- a deposit of theirs, what the balance had too little of when they asked is frozen now, as it would have been then
-- (actions/disputes.py): up to what is asked about, under `dispute_frozen:{dispute}:{this transfer}`.
create or replace function money_give_back_many(
    p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns void language plpgsql set enable_seqscan = off as $$
declare
    v_owner text;
    v_total bigint;
    v_accounts bigint[];
    v_amounts bigint[];
    v_asked_about bigint[];
    v_available bigint;
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
    v_asked_about := array(
        select p.id from money_dispute d
            join money_deposit p on p.id = d.deposit_id
            join people_requester r on r.id = p.requester_id
            where d.state = 'frozen' and d.frozen < d.amount and r.public_id = v_owner);
    -- Deposits before accounts, as every verb of a dispute locks them.
    perform from money_deposit p where p.id = any (v_asked_about) order by p.id for update;
    v_available := money_requester_account(v_owner, p_at);
    if v_asked_about = '{}' or exists (select from ledger_transfer where key = p_key) then
        perform ledger_post('give_back', p_key, p_subject, p_at, v_accounts || v_available, v_amounts || -v_total);
        return;
    end if;
    v_transfer := ledger_post('give_back', p_key, p_subject, p_at, v_accounts || v_available, v_amounts || -v_total);
    perform money_freeze_returned(v_asked_about, v_owner, v_available, v_total, v_transfer, p_at);
end $$;

-- Of p_amount, which came back with p_transfer, what disputes of these locked deposits lack. Read under the locks.
create or replace function money_freeze_returned(
    p_deposits bigint[], p_owner text, p_available bigint, p_amount bigint, p_transfer bigint, p_at timestamptz
) returns void language plpgsql set enable_seqscan = off as $$
declare
    d record;
    v_apart bigint;
    v_part bigint;
    v_left bigint := p_amount;
begin
    for d in
        select o.id, o.deposit_id, p.public_id, o.amount - o.frozen as lacks
            from money_dispute o join money_deposit p on p.id = o.deposit_id
            where p.id = any (p_deposits) and o.state = 'frozen' and o.frozen < o.amount order by o.id
    loop
        v_part := least(v_left, d.lacks);
        exit when v_part = 0;
        v_apart := ledger_open_account('requester_disputed', p_owner, d.public_id, 'USD', 'C', 0, true, p_at);
        perform ledger_post('dispute_frozen', 'dispute_frozen:' || d.id || ':' || p_transfer, d.public_id, p_at,
            array[p_available, v_apart], array[v_part, -v_part]);
        update money_dispute set frozen = frozen + v_part where id = d.id;
        update money_deposit set frozen = frozen + v_part where id = d.deposit_id;
        v_left := v_left - v_part;
    end loop;
end $$;
