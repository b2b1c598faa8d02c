-- Making tasks from rows. (How statements are planned here: 0003_functions.py.)

-- Capacities of the lanes of a task with so many places: rules.lane_split.
create or replace function work_lane_split(p_places int) returns table (no int, capacity int)
language sql immutable as $$
  select n, p_places / lanes + (n <= p_places % lanes)::int
    from (select case when p_places <= 50 then 1 else least(64, (p_places + 49) / 50) end) l(lanes),
         generate_series(1, lanes) n
$$;

-- Makes the tasks of rows p_first_no, p_first_no + 1, … of a batch, their lanes, and moves their money from
-- the batch's hold to the lanes' holds; they stand still while staff hold the batch. Answers the number made; 0 when these rows were made before.
-- Codes: ok, not_found, wrong_state (fact: the state), out_of_order (fact: rows made so far).
create or replace function work_publish_rows(
  p_batch text, p_first_no int, p_inputs jsonb, p_task_ids text[], p_now timestamptz,
  out code text, out fact text, out made int
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  b record;
  v_count int := jsonb_array_length(p_inputs);
  v_refs text[];
  v_amounts bigint[];
  v_holds bigint[];
begin
  made := 0;
  select q.*, tt.reward + tt.fee as price into b
    from work_batch q join work_tasktype tt on tt.id = q.task_type_id
   where q.public_id = p_batch for no key update of q;
  if not found then code := 'not_found'; return; end if;
  if b.published_count >= p_first_no - 1 + v_count then code := 'ok'; return; end if;
  if b.state <> 'publishing' then code := 'wrong_state'; fact := b.state; return; end if;
  if b.published_count <> p_first_no - 1 or p_first_no - 1 + v_count > b.row_count then
    code := 'out_of_order'; fact := b.published_count; return;
  end if;

  select array_agg(t.task_id || '/' || l.no order by t.n, l.no), array_agg(l.capacity * b.price order by t.n, l.no)
    into v_refs, v_amounts
    from unnest(p_task_ids) with ordinality t(task_id, n) cross join work_lane_split(b.places) l;
  v_holds := money_spread_batch(p_batch, v_refs, v_amounts, p_batch || ':rows:' || p_first_no, p_now);

  with tasks as (
    insert into work_task (public_id, task_type_id, requester_id, batch_id, question_id, row_no, input,
                           annotation, state, places, expires_at, created_at)
    select t.task_id, b.task_type_id, b.requester_id, b.id, b.question_id, p_first_no - 1 + t.n, t.input,
           '', case when b.held_at is null then 'open' else 'paused' end, b.places, b.expires_at, p_now
      from rows from (unnest(p_task_ids), jsonb_array_elements(p_inputs)) with ordinality t(task_id, input, n)
    returning id, public_id
  )
  insert into work_lane (task_id, task_type_id, capacity, taken, is_open, hold)
  select tasks.id, b.task_type_id, l.capacity, 0, b.held_at is null, h.hold
    from unnest(p_task_ids) with ordinality t(task_id, n)
    join tasks on tasks.public_id = t.task_id
    cross join work_lane_split(b.places) l
    join unnest(v_refs, v_holds) h(ref, hold) on h.ref = t.task_id || '/' || l.no
   order by t.n, l.no;

  update work_batch set published_count = published_count + v_count where id = b.id;
  code := 'ok';
  made := v_count;
end $$;
