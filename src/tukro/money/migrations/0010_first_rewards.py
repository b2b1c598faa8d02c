"""A worker's first reward finds the account by itself, not by a walk over the accounts of all workers."""

from django.db import migrations

# As in 0002_functions but for the look-up: a scalar sub-select. As a join, with statistics from before many
# workers had an account, it was planned as a walk over all of theirs for every payment.
PAY_REWARDS = """
create or replace function money_pay_rewards(
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
            array_agg((select a.id from ledger_account a where a.code = 'worker_available' and a.owner = l.worker
                         and a.ref = '' and a.currency = 'USD') order by l.n),
            array_agg(-l.reward order by l.n), array_agg(v_fees order by l.n), array_agg(-l.fee order by l.n)
        into v_keys, v_subjects, v_holds, v_taken, v_worker_accounts, v_rewards, v_fee_accounts, v_fee_amounts
        from unnest(p_holds, p_workers, p_rewards, p_fees, p_assignments) with ordinality
            as l(hold, worker, reward, fee, assignment, n)
        where l.reward + l.fee > 0;
    perform ledger_post_many('reward', v_keys, v_subjects, p_at,
        v_holds, v_taken, v_worker_accounts, v_rewards, v_fee_accounts, v_fee_amounts);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0009_deposits")]

    operations = [migrations.RunSQL(PAY_REWARDS, migrations.RunSQL.noop)]
