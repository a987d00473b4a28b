-- What time alone brings about: lapsed holds, completed bookings, records past their term.

create function private.sweep_holds(max_events integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_event public.events;
  v_expired integer := 0;
begin
  for v_event in
    select e.*
    from public.events as e
    where e.id in (
      select b.event_id
      from public.bookings as b
      where b.expires_at <= now()
      order by b.expires_at
      limit sweep_holds.max_events
    )
    order by e.id
    for no key update skip locked
  loop
    v_expired := v_expired + private.expire_holds(v_event);
  end loop;
  return v_expired;
end;
$$;
comment on function private.sweep_holds(integer) is
  'Frees lapsed holds. Takes the events first and skips locked ones, so it never waits for a booking nor makes one wait.';

create function private.finish_events(max_events integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_event public.events;
  v_count integer;
  v_completed integer := 0;
begin
  for v_event in
    select e.*
    from public.events as e
    where e.status = 'published'
      and e.finished_at is null
      and e.ends_at <= now() - interval '1 hour'
    order by e.ends_at
    limit finish_events.max_events
    for no key update skip locked
  loop
    update public.events as e
    set finished_at = now()
    where e.id = v_event.id;
    with completed as (
      update public.bookings as b
      set status = 'completed', version = b.version + 1
      where b.event_id = v_event.id
        and b.status = 'confirmed'
      returning b as booking
    ), told as (
      insert into private.outbox (event, key, version, payload)
      select 'booking.completed', (c.booking).id, (c.booking).version, private.booking_payload(c.booking, v_event)
      from completed as c
      returning id
    )
    select count(*) into v_count from told;
    v_completed := v_completed + v_count;
  end loop;
  return v_completed;
end;
$$;
comment on function private.finish_events(integer) is
  'Completes the confirmed bookings of events that ended an hour ago. Answers how many bookings.';

create function private.prune() returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_pruned integer := 0;
  v_count integer;
begin
  delete from private.idempotency_keys as k where k.created_at < now() - interval '24 hours';
  get diagnostics v_count = row_count;
  v_pruned := v_pruned + v_count;
  delete from private.rate_limits as l where l.window_start < now() - interval '1 day';
  get diagnostics v_count = row_count;
  v_pruned := v_pruned + v_count;
  delete from private.outbox as o
  where o.created_at < now() - interval '30 days'
    and o.fanned_out_at is not null
    and not exists (
      select
      from private.deliveries as d
      where d.outbox_id = o.id
        and d.status in ('pending', 'dead')
    );
  get diagnostics v_count = row_count;
  return v_pruned + v_count;
end;
$$;
comment on function private.prune() is
  'Deletes what has served: idempotency keys after 24 hours, rate limits after a day, settled domain events after 30 '
  'days. Pending and dead deliveries stay.';

create function private.sweep() returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.begin_command('sweep', '{}');
  return jsonb_build_object(
    'expired', private.sweep_holds(100),
    'completed', private.finish_events(100),
    'pruned', private.prune()
  );
end;
$$;
comment on function private.sweep() is 'See public.sweep.';

create function public.sweep() returns jsonb
language sql
set search_path = ''
as $$
  select private.sweep();
$$;
comment on function public.sweep() is
  'Expires lapsed holds, completes bookings whose event ended an hour ago, prunes old records; in bounded portions. '
  'Answers the counts {expired, completed, pruned}. For the service role.';
grant execute on function private.sweep() to service_role;
grant execute on function public.sweep() to service_role;
