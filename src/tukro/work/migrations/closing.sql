-- The end of tasks and of rejections: money that is not needed any more goes back, once.

-- What goes back in one transfer is of one batch, and the transfer's subject is the batch: its amount says how many
-- places that were.

-- Closes tasks of one batch: free places are gone and their money is given back. Accepted work stays valid.
-- Answers how many were closed.
create or replace function work_close(p_tasks bigint[], p_now timestamptz) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_tasks bigint[];
  v_holds bigint[];
  v_amounts bigint[];
  v_name text;
  v_batch bigint;
begin
  select array_agg(s.id), min(s.public_id), min(s.batch_id) into v_tasks, v_name, v_batch from (
    select t.id, t.public_id, t.batch_id from work_task t where t.id = any(p_tasks) and t.state <> 'closed'
     order by t.id for no key update) s;
  if v_tasks is null then return 0; end if;
  update work_task set state = 'closed' where id = any(v_tasks);
  -- An accept holds its lane's lock from its choice to its commit, so free places are counted after locking.
  perform from work_lane l where l.task_id = any(v_tasks) order by l.id for no key update;
  select array_agg(l.hold order by l.hold), array_agg((l.capacity - l.taken) * (y.reward + y.fee) order by l.hold)
    into v_holds, v_amounts
    from work_lane l join work_tasktype y on y.id = l.task_type_id
   where l.task_id = any(v_tasks) and l.capacity > l.taken;
  update work_lane set capacity = taken, is_open = false where task_id = any(v_tasks);
  if v_holds is not null then
    perform money_give_back_many(v_holds, v_amounts, 'close:' || v_name || ':' || extract(epoch from p_now),
                                 (select b.public_id from work_batch b where b.id = v_batch), p_now);
  end if;
  -- Only of those on which less was handed in than they offered when they ended (mturk-api 11). What is disposed of
  -- was full, or had expired before.
  perform journal_record('HITExpired', 'house', t.public_id, p_now, '{}'::jsonb)
     from work_task t
    where t.id = any(v_tasks) and t.disposed_at is null
      and t.places > (select count(*) from work_assignment a
                       where a.task_id = t.id and not a.state in ('returned', 'abandoned')
                         and a.state in ('submitted', 'approved', 'rejected') and a.submitted_at <= t.expires_at)
    order by t.id;
  return cardinality(v_tasks);
end $$;

-- Closes, of the p_limit tasks that expired first, those of the first one's batch. (Thousands expire at one moment:
-- a second column to order by would sort them all for each step.)
create or replace function work_close_expired(p_now timestamptz, p_limit int) returns int
language sql as $$
  with expired as materialized (
    select t.id, t.batch_id from work_task t where t.state <> 'closed' and t.expires_at <= p_now
     order by t.expires_at limit p_limit)
  select work_close(array(
    select e.id from expired e where e.batch_id is not distinct from (select f.batch_id from expired f limit 1)), p_now)
$$;

-- Gives back the money of rejections whose time of appeal is over: of the p_limit first ones, those in the first
-- one's batch. While an appeal is open there is no such time (release_at is null), and the row's lock makes us read
-- that anew.
create or replace function work_release_rejections(p_now timestamptz, p_limit int) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_ids bigint[];
  v_holds bigint[];
  v_amounts bigint[];
  v_name text;
  v_batch bigint;
begin
  with due as materialized (
    select f.id, f.batch_id from work_assignment f
     where f.state = 'rejected' and f.released_at is null and f.release_at <= p_now
     order by f.release_at limit p_limit)
  select array_agg(s.id), min(s.public_id), min(s.batch_id) into v_ids, v_name, v_batch from (
    select a.id, a.public_id, a.batch_id from work_assignment a
     where a.id in (select d.id from due d where d.batch_id is not distinct from (select f.batch_id from due f limit 1))
       and a.state = 'rejected' and a.released_at is null and a.release_at <= p_now
     order by a.id for no key update skip locked) s;
  if v_ids is null then return 0; end if;
  update work_assignment set released_at = p_now where id = any(v_ids);
  select array_agg(r.hold order by r.hold), array_agg(r.amount order by r.hold) into v_holds, v_amounts from (
    select a.hold, sum(a.reward + a.fee)::bigint as amount
      from work_assignment a where a.id = any(v_ids) group by a.hold) r;
  perform money_give_back_many(v_holds, v_amounts, 'release:' || v_name,
                               (select b.public_id from work_batch b where b.id = v_batch), p_now);
  perform journal_record('RejectionSettled', 'house', a.public_id, p_now, '{}'::jsonb)
     from work_assignment a where a.id = any(v_ids) order by a.id;
  return cardinality(v_ids);
end $$;

-- Whether a task goes on with its batch, which ends or ended at p_until. What was disposed of does not, nor what
-- its requester ended sooner: that is told by its own end, which has passed and lies before the batch's.
create or replace function work_goes_on(
  p_disposed_at timestamptz, p_expires_at timestamptz, p_until timestamptz, p_now timestamptz
) returns boolean
language sql immutable as $$
  select p_disposed_at is null and not (p_expires_at < p_until and p_expires_at <= p_now)
$$;

-- Offers p_add more places per task and puts off the end of every task of the batch that goes on with it; closed ones
-- open again with the places that nobody took. p_agreed: the most that may be set aside (nothing is said: whatever it
-- is; so the version before this one calls it). Codes: ok, insufficient_funds (needed, available); none_goes_on;
-- not_agreed (needed, places: how many are offered anew, ended: tasks that do not go on).
create or replace function work_extend(
  p_batch bigint, p_requester_id text, p_batch_id text, p_add int, p_expires_at timestamptz, p_key text, p_now timestamptz,
  p_agreed bigint default null,
  out code text, out needed bigint, out available bigint, out places int, out ended int
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_lanes bigint[];
  v_places int[];
  v_holds bigint[];
  v_amounts bigint[];
  v_state text;
  v_until timestamptz;
  v_going int;
begin
  perform from work_task t where t.batch_id = p_batch order by t.id for no key update;
  perform from work_lane l join work_task t on t.id = l.task_id where t.batch_id = p_batch order by l.id for no key update of l;
  select b.expires_at, case when b.state = 'paused' then 'paused' else 'open' end into v_until, v_state
    from work_batch b where b.id = p_batch;
  select count(*) filter (where work_goes_on(t.disposed_at, t.expires_at, v_until, p_now)),
         count(*) filter (where t.disposed_at is null) into v_going, ended
    from work_task t where t.batch_id = p_batch;
  ended := ended - v_going;
  if v_going = 0 then code := 'none_goes_on'; return; end if;
  -- What each task lacks: the places that it offers beyond what its lanes have, spread over its lanes.
  select array_agg(g.id order by g.hold), array_agg(g.places order by g.hold), array_agg(g.hold order by g.hold),
         array_agg(g.places * g.price order by g.hold), sum(g.places * g.price), sum(g.places)
    into v_lanes, v_places, v_holds, v_amounts, needed, places
    from (
      select s.id, s.hold, s.price, s.lacking / s.lanes + (s.no <= s.lacking % s.lanes)::int as places from (
        select l.id, l.hold, y.reward + y.fee as price,
               (t.places + p_add - sum(l.capacity) over (partition by l.task_id))::int as lacking,
               (count(*) over (partition by l.task_id))::int as lanes,
               row_number() over (partition by l.task_id order by l.id) as no
          from work_lane l
          join work_task t on t.id = l.task_id
          join work_tasktype y on y.id = t.task_type_id
         where t.batch_id = p_batch and work_goes_on(t.disposed_at, t.expires_at, v_until, p_now)) s) g
   where g.places > 0;
  if needed > p_agreed then code := 'not_agreed'; return; end if;
  if needed > 0 then
    available := money_add_to_holds(p_requester_id, v_holds, v_amounts, p_key, p_batch_id, p_now);
    if available is not null then code := 'insufficient_funds'; return; end if;
  end if;
  update work_task t set places = t.places + p_add, expires_at = greatest(t.expires_at, p_expires_at), state = v_state
   where t.batch_id = p_batch and work_goes_on(t.disposed_at, t.expires_at, v_until, p_now);
  update work_lane l set capacity = l.capacity + g.places
    from unnest(v_lanes, v_places) g(lane, places) where l.id = g.lane;
  update work_lane l set is_open = (v_state = 'open' and l.taken < l.capacity)
    from work_task t
   where t.id = l.task_id and t.batch_id = p_batch and work_goes_on(t.disposed_at, t.expires_at, v_until, p_now);
  -- Nobody is looking through a task that takes work again.
  update work_task t set reviewing_at = null, reviewable_at = null
   where t.batch_id = p_batch and (t.reviewing_at is not null or t.reviewable_at is not null)
     and work_goes_on(t.disposed_at, t.expires_at, v_until, p_now)
     and exists (select from work_lane l where l.task_id = t.id and l.taken < l.capacity);
  code := 'ok';
end $$;

-- Stops or lets go on the taking of a batch's tasks.
create or replace function work_pause(p_batch bigint, p_paused boolean) returns void
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  perform from work_task t where t.batch_id = p_batch order by t.id for no key update;
  update work_task set state = case when p_paused then 'paused' else 'open' end
   where batch_id = p_batch and state = case when p_paused then 'open' else 'paused' end;
  perform from work_lane l join work_task t on t.id = l.task_id where t.batch_id = p_batch order by l.id for no key update of l;
  update work_lane l set is_open = not p_paused and l.taken < l.capacity
    from work_task t where t.id = l.task_id and t.batch_id = p_batch and t.state <> 'closed';
end $$;
