-- Tasks that are made and changed one by one, as the wire does. (How statements are planned: 0003_functions.py.)

-- Makes one task of a type with its lanes and sets its price aside. Nothing that another making would wait for is
-- written, beside the requester's own money account: the standing batch and the listing are touched only when they
-- are not there or not open; what the listing counts is brought up to date by the job that follows the journal.
-- Codes: ok; and, with nothing written: not_found (the type), duplicate (fact: the task that this token made),
-- category (fact: its policy), insufficient_funds (needed, available). When the money goes in the very moment between
-- the look and the posting, the posting raises and all is undone.
create or replace function work_create_task(
  p_operation text, p_token text, p_requester bigint, p_requester_id text, p_type text, p_task text, p_batch text,
  p_kind text, p_body text, p_source text, p_frame_height int, p_digest text,
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
  select t.id, t.title, t.reward + t.fee as price, c.policy into y
    from work_tasktype t join work_category c on c.code = t.category_id
   where t.public_id = p_type and t.requester_id = p_requester;
  if not found then code := 'not_found'; return; end if;
  if y.policy <> 'open' then code := 'category'; fact := y.policy; return; end if;
  if p_token <> '' then
    fact := work_token_use(p_requester, p_operation, p_token, p_now);
    if fact is not null then code := 'duplicate'; return; end if;
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
    perform from work_listing l where l.task_type_id = y.id and l.is_open and l.expires_at > p_now;
    if not found then
      perform work_list_group(y.id, p_expires_at, p_now);
    end if;
  end if;
  if p_token <> '' then
    perform work_token_keep(p_requester, p_operation, p_token, p_task, p_now);
  end if;
  perform journal_record('HITCreated', 'requester:' || p_requester_id, p_task, p_now,
                         jsonb_build_object('type', p_type, 'places', p_places));
  -- Last, because from here to the commit everybody who spends this requester's money waits.
  perform money_fill_holds(p_requester_id, v_holds, v_amounts, 'set_aside:' || p_task, p_task, p_now);
  code := 'ok';
end $$;

-- What this token made within a day, or null; whoever asks with the same token waits until this transaction ends.
create or replace function work_token_use(p_requester bigint, p_operation text, p_token text, p_now timestamptz) returns text
language plpgsql as $$
declare
  v_subject text;
begin
  perform pg_advisory_xact_lock(20818, hashtext(p_requester || '/' || p_operation || '/' || p_token));
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
