-- Tasks that are made and changed one by one, as the wire does. (How statements are planned: 0003_functions.py.)

-- Makes one task of a type (named by its public id or, when that is null, by the digest of its terms) with its lanes and sets its price aside. Nothing that another making would wait for is
-- written, beside the requester's own money account: the standing batch and the listing are touched only when they
-- are not there or not open; what the listing counts is brought up to date by the job that follows the journal.
-- Codes: ok; and, with nothing written: duplicate (fact: the task that this token made), not_found (the type, or it died with a qualification type),
-- category (fact: its policy), held (fact: the batch of these terms that staff have stopped), inactive_type (fact: a
-- qualification type that no new work may ask for), insufficient_funds (needed, available). When the money goes in the very moment between
-- the look and the posting, the posting raises and all is undone.
create or replace function work_create_task(
  p_operation text, p_token text, p_requester bigint, p_requester_id text, p_type text, p_terms text, p_task text,
  p_batch text, p_kind text, p_body text, p_source text, p_frame_height int, p_digest text,
  p_places int, p_expires_at timestamptz, p_annotation text, p_layout text, p_now timestamptz,
  out code text, out fact text, out needed numeric, out available bigint
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  y record;
  v_question bigint;
  v_batch bigint;
  v_batch_state text;
  v_state text;
  v_task bigint;
  v_holds bigint[];
  v_amounts bigint[];
begin
  -- First of all: whatever was changed since, what was made is answered as made.
  if p_token <> '' then
    fact := work_token_use(p_requester, p_operation, p_token, p_now);
    if fact is not null then code := 'duplicate'; return; end if;
  end if;
  if p_type is null then
    select t.id, t.public_id, t.title, t.reward + t.fee as price, t.requirement_set_id, t.category_id into y
      from work_tasktype t where t.digest = p_terms and t.requester_id = p_requester;
  else
    select t.id, t.public_id, t.title, t.reward + t.fee as price, t.requirement_set_id, t.category_id into y
      from work_tasktype t where t.public_id = p_type and t.requester_id = p_requester;
  end if;
  if not found then code := 'not_found'; return; end if;
  select c.policy into fact from work_category c where c.code = y.category_id;
  if fact <> 'open' then code := 'category'; return; end if;
  select b.name into fact from work_batch b where b.task_type_id = y.id and b.held_at is not null limit 1;
  if found then code := 'held'; return; end if;
  if y.requirement_set_id <> 1 then
    select d.code, d.fact into code, fact from work_dead_requirement(y.requirement_set_id) d;
    if code is not null then return; end if;
  end if;
  needed := y.price::numeric * p_places;
  available := money_available(p_requester_id);
  if available < needed then code := 'insufficient_funds'; return; end if;

  select q.id into v_question from work_question q where q.digest = p_digest and not q.digest = '';
  if not found then
    insert into work_question (kind, body, source, frame_height, digest)
    values (p_kind, p_body, p_source, p_frame_height, p_digest)
    on conflict (digest) where not digest = '' do nothing returning id into v_question;
    if v_question is null then  -- someone else wrote the same while we looked
      select q.id into strict v_question from work_question q where q.digest = p_digest and not q.digest = '';
    end if;
  end if;
  select o.id, o.state into v_batch, v_batch_state
    from work_standing_batch(y.id, p_requester, p_batch, y.title, v_question, p_now) o;
  v_state := case v_batch_state when 'paused' then 'paused' else 'open' end;

  v_task := nextval('work_task_id_seq');
  insert into work_task (id, public_id, task_type_id, requester_id, batch_id, question_id, row_no, input,
                         annotation, layout_id, state, places, expires_at, created_at)
  values (v_task, p_task, y.id, p_requester, v_batch, v_question, v_task % 2147483647, '{}', p_annotation, p_layout,
          v_state, p_places, p_expires_at, p_now);
  with made as (
    insert into work_lane (task_id, task_type_id, capacity, taken, is_open, hold)
    select v_task, y.id, l.capacity, 0, v_state = 'open', h.hold
      from work_lane_split(p_places) l
      join money_open_holds(p_requester_id, array(select p_task || '/' || n.no from work_lane_split(p_places) n), p_now) h
        on h.ref = p_task || '/' || l.no
     order by l.no
    returning hold, capacity
  )
  select array_agg(m.hold order by m.hold), array_agg(m.capacity * y.price order by m.hold) into v_holds, v_amounts from made m;
  if v_state = 'open' then
    perform work_show_group(y.id, p_expires_at, p_now);
  end if;
  if p_token <> '' then
    perform work_token_keep(p_requester, p_operation, p_token, p_task, p_now);
  end if;
  perform journal_record('HITCreated', 'requester:' || p_requester_id, p_task, p_now,
                         jsonb_build_object('type', y.public_id, 'places', p_places));
  -- Last, because from here to the commit everybody who spends this requester's money waits.
  perform money_fill_holds(p_requester_id, v_holds, v_amounts, 'set_aside:' || p_task, p_task, p_now);
  code := 'ok';
end $$;

-- Why no new work may have these requirements, or null. Codes: not_found (one of their qualification types was deleted,
-- and the task types that ask for it died with it), inactive_type. Fact: the qualification type.
create or replace function work_dead_requirement(p_set bigint, out code text, out fact text)
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  select case when q.deleted_at is null then 'inactive_type' else 'not_found' end, q.public_id into code, fact
    from qualifications_setrequirement s join qualifications_qualificationtype q on q.public_id = s.type_id
   where s.set_id = p_set and (q.deleted_at is not null or not q.is_active)
   order by q.deleted_at limit 1;
end $$;

-- What this token made within a day, or null; whoever asks with the same token waits until this transaction ends.
create or replace function work_token_use(p_requester bigint, p_operation text, p_token text, p_now timestamptz) returns text
language plpgsql as $$
declare
  v_subject text;
begin
  perform pg_advisory_xact_lock(20820, hashtext(p_requester || '/' || p_operation || '/' || p_token));
  select r.subject into v_subject from work_requesttoken r
   where r.requester_id = p_requester and r.operation = p_operation and r.token = p_token
     and r.made_at > p_now - interval '24 hours';
  return v_subject;
end $$;

create or replace function work_token_keep(
  p_requester bigint, p_operation text, p_token text, p_subject text, p_now timestamptz
) returns void
language plpgsql as $$
begin
  insert into work_requesttoken (requester_id, operation, token, subject, made_at)
  values (p_requester, p_operation, p_token, p_subject, p_now)
  on conflict (requester_id, operation, token) do update set subject = excluded.subject, made_at = excluded.made_at;
end $$;

-- The batch that holds what is made of a type on the wire; made with the first task. A cancelled one runs again.
-- Its row is read without a lock: a task that is made in the moment of a pause may stay open.
create or replace function work_standing_batch(
  p_type bigint, p_requester bigint, p_batch text, p_name text, p_question bigint, p_now timestamptz,
  out id bigint, out state text
)
language plpgsql as $$
begin
  select b.id, b.state into id, state from work_batch b where b.task_type_id = p_type and b.source = 'wire';
  if not found then
    insert into work_batch (public_id, requester_id, task_type_id, question_id, project_id, name, state, places, row_count,
                            published_count, input_columns, expires_at, created_at, source)
    values (p_batch, p_requester, p_type, p_question, '', p_name, 'running', 0, 0, 0, '[]', p_now, p_now, 'wire')
    on conflict (task_type_id) where source = 'wire' do nothing;
    select b.id, b.state into strict id, state from work_batch b where b.task_type_id = p_type and b.source = 'wire';
  end if;
  if state = 'cancelled' then
    update work_batch b set state = 'running', cancelled_at = null where b.id = work_standing_batch.id;
    state := 'running';
  end if;
end $$;

-- Gives a task that the caller has locked so many places and this end, and opens it: what its lanes lack is set aside
-- and spread over them. A task with room is not being looked through any more.
-- Codes: ok; insufficient_funds (needed, available), with nothing written.
create or replace function work_open_task(
  p_task bigint, p_task_id text, p_requester_id text, p_places int, p_expires_at timestamptz, p_state text, p_key text,
  p_now timestamptz, out code text, out needed numeric, out available bigint
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_price bigint;
  v_lanes bigint[];
  v_places int[];
  v_holds bigint[];
begin
  perform from work_lane l where l.task_id = p_task order by l.id for no key update;
  select y.reward + y.fee into v_price from work_task t join work_tasktype y on y.id = t.task_type_id where t.id = p_task;
  select array_agg(g.id order by g.hold), array_agg(g.places order by g.hold), array_agg(g.hold order by g.hold),
         coalesce(sum(g.places), 0) * v_price::numeric
    into v_lanes, v_places, v_holds, needed
    from (
      select s.id, s.hold, s.lacking / s.lanes + (s.no <= s.lacking % s.lanes)::int as places from (
        select l.id, l.hold, (p_places - sum(l.capacity) over ())::int as lacking, (count(*) over ())::int as lanes,
               row_number() over (order by l.id) as no
          from work_lane l where l.task_id = p_task) s) g
   where g.places > 0;
  if needed > 0 then
    available := money_available(p_requester_id);
    if available >= needed then
      available := money_add_to_holds(p_requester_id, v_holds, array(select n * v_price from unnest(v_places) n), p_key,
                                      p_task_id, p_now);
    end if;
    if available is not null then code := 'insufficient_funds'; return; end if;
  end if;
  update work_lane l set capacity = l.capacity + g.places
    from unnest(v_lanes, v_places) g(lane, places) where l.id = g.lane;
  update work_lane l set is_open = (p_state = 'open' and l.taken < l.capacity) where l.task_id = p_task;
  update work_task t set places = p_places, expires_at = p_expires_at, state = p_state where t.id = p_task;
  update work_task t set reviewing_at = null, reviewable_at = null
   where t.id = p_task and exists (select from work_lane l where l.task_id = p_task and l.taken < l.capacity);
  code := 'ok';
end $$;

-- Gives a task that the caller has locked, and that nobody has taken, another type; its holds follow the price.
-- Codes: ok; and with nothing written insufficient_funds (needed, available), and as work_create_task says of the new
-- type: not_found, category (fact), inactive_type (fact).
create or replace function work_retype(
  p_task bigint, p_task_id text, p_requester bigint, p_requester_id text, p_type bigint, p_batch text, p_key text,
  p_now timestamptz, out code text, out fact text, out needed numeric, out available bigint
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  t record;
  v_holds bigint[];
  v_places int[];
  b record;
begin
  select k.question_id, k.expires_at, k.state, n.title, (n.reward + n.fee) - (o.reward + o.fee) as more,
         n.requirement_set_id, c.policy into t
    from work_task k join work_tasktype o on o.id = k.task_type_id cross join work_tasktype n
    join work_category c on c.code = n.category_id
   where k.id = p_task and n.id = p_type;
  if t.policy <> 'open' then code := 'category'; fact := t.policy; return; end if;
  select d.code, d.fact into code, fact from work_dead_requirement(t.requirement_set_id) d;
  if code is not null then return; end if;
  select array_agg(l.hold order by l.hold), array_agg(l.capacity order by l.hold) into v_holds, v_places
    from work_lane l where l.task_id = p_task and l.capacity > 0;
  needed := coalesce((select sum(n) from unnest(v_places) n), 0) * t.more::numeric;
  if needed > 0 then
    available := money_available(p_requester_id);
    if available >= needed then
      available := money_add_to_holds(p_requester_id, v_holds, array(select n * t.more from unnest(v_places) n), p_key,
                                      p_task_id, p_now);
    end if;
    if available is not null then code := 'insufficient_funds'; return; end if;
  elsif needed < 0 then
    perform money_give_back_many(v_holds, array(select n * -t.more from unnest(v_places) n), p_key, p_task_id, p_now);
  end if;
  select * into b from work_standing_batch(p_type, p_requester, p_batch, t.title, t.question_id, p_now);
  update work_lane l set task_type_id = p_type where l.task_id = p_task;
  update work_task k set task_type_id = p_type, batch_id = b.id, row_no = k.id % 2147483647 where k.id = p_task;
  code := 'ok';
end $$;

-- Shows a group in the open list unless it is there and open: what it counts follows from the journal.
create or replace function work_show_group(p_type bigint, p_expires_at timestamptz, p_now timestamptz) returns void
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  perform from work_listing l where l.task_type_id = p_type and l.is_open and l.expires_at > p_now;
  if not found then
    perform work_list_group(p_type, p_expires_at, p_now);
  end if;
end $$;

-- Finds among these tasks the ones that have become reviewable (rules.Tally: nothing more can come in), and forgets
-- the moment of those that take work again. Answers how many became it.
create or replace function work_note_reviewable(p_tasks text[], p_now timestamptz) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_new bigint[];
  v_over bigint[];
begin
  perform from work_task t where t.public_id = any(p_tasks) order by t.id for no key update;
  select array_agg(s.id order by s.id) filter (where s.ended and s.reviewable_at is null),
         array_agg(s.id) filter (where not s.ended and s.reviewable_at is not null)
    into v_new, v_over
    from (
      select t.id, t.reviewable_at,
             c.pending = 0 and (t.state = 'closed' or t.expires_at <= p_now or c.handed_in >= t.places) as ended
        from work_task t
       cross join lateral (
             select count(*) filter (where a.state in ('accepted', 'revising')
                                       and a.deadline_at >= p_now - interval '10 seconds') as pending,
                    count(*) filter (where a.state in ('submitted', 'approved', 'rejected')
                                        or a.state = 'revising' and a.deadline_at < p_now - interval '10 seconds') as handed_in
               from work_assignment a where a.task_id = t.id and not a.state in ('returned', 'abandoned')) c
       where t.public_id = any(p_tasks) and t.disposed_at is null) s;
  update work_task t set reviewable_at = p_now where t.id = any(v_new);
  update work_task t set reviewable_at = null where t.id = any(v_over);
  perform journal_record('HITReviewable', 'house', t.public_id, p_now, '{}'::jsonb)
     from work_task t where t.id = any(v_new) order by t.id;
  return coalesce(cardinality(v_new), 0);
end $$;

-- Tasks of a requester on which work was handed in since the follower that finds reviewable ones last looked.
create or replace function work_unnoticed(p_requester bigint) returns bigint[]
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  v_xact xid8 := '0';
  v_id bigint := 0;
begin
  select e.xact, e.id into v_xact, v_id
    from work_follower f join journal_event e on e.id = f.event_id where f.name = 'reviewable';
  return array(
    select distinct a.task_id
      from (select e.subject from journal_event e
             where (e.xact, e.id) > (coalesce(v_xact, '0'), coalesce(v_id, 0))
               and e.name in ('AssignmentSubmitted', 'AssignmentStands')
             order by e.xact, e.id offset 0) s
      join work_assignment a on a.public_id = s.subject
     where a.requester_id = p_requester);
end $$;
