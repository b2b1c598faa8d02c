-- What is free in a group.
create function work_count_open(p_type bigint, p_now timestamptz, out places int, out tasks int)
language sql stable as $$
  select coalesce(sum(l.capacity - l.taken), 0)::int, count(distinct l.task_id)::int
    from work_lane l join work_task t on t.id = l.task_id
   where l.task_type_id = p_type and l.is_open and t.expires_at > p_now
$$;
