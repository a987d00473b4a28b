-- The waiting list in the sweep, and in people's rights over their data.

create or replace function private.sweep() returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.begin_command('sweep', '{}');
  return jsonb_build_object(
    'expired', private.sweep_holds(100),
    'completed', private.finish_events(100),
    'reminded', private.remind(1000),
    'pruned', private.prune(),
    'waiting', private.sweep_waiting_list(50)
  );
end;
$$;
comment on function public.sweep() is
  'Expires lapsed holds, completes bookings whose event ended an hour ago, tells reminders that are due, prunes old '
  'records, looks whether what people wait for is free; in bounded portions. Answers the counts {expired, completed, '
  'reminded, pruned, waiting}. For the service role.';

create or replace function private.leave_bookings(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid;
begin
  -- What this person's bookings free must not be offered on their own time.
  perform private.lock_provider(leave_bookings.profile_id);
  update public.waiting_entries as w
  set status = 'closed'
  where w.provider_id = leave_bookings.profile_id
    and w.during is not null
    and w.status = 'waiting';
  perform private.leave_times(leave_bookings.profile_id);
  for v_id in
    select e.id
    from public.events as e
    where e.provider_id = leave_bookings.profile_id
      and e.status = 'published'
      and e.starts_at > now()
    order by e.id
  loop
    perform private.cancel_event(v_id, null);
  end loop;
  for v_id in
    select b.id
    from public.bookings as b
    join public.events as e on e.id = b.event_id
    where b.attendee_id = leave_bookings.profile_id
      and b.status in ('held', 'pending_payment', 'confirmed')
      and e.starts_at > now()
    order by b.event_id
  loop
    perform private.cancel_booking(v_id, null);
  end loop;
  delete from public.waiting_entries as w
  where w.person_id = leave_bookings.profile_id;
end;
$$;
comment on function private.leave_bookings(uuid) is
  'Cancels what a person who leaves has ahead: the line for their time, their events, then their own bookings and waiting, '
  'in the order of locks.';

alter function public.export_my_data() rename to export_without_waiting;
alter function public.export_without_waiting() set schema private;
comment on function private.export_without_waiting() is 'What public.export_my_data answers, but for the waiting list.';

create function public.export_my_data() returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_without_waiting() || jsonb_build_object(
    'waiting_entries', (
      select coalesce(jsonb_agg(w order by w.created_at), '[]')
      from public.waiting_list as w
      where w.person_id = (select auth.uid())
    )
  );
$$;
comment on function public.export_my_data() is
  'Everything that is kept about the signed-in person, as one document. Raises SIGN_IN_REQUIRED (401).';
grant execute on function public.export_my_data() to authenticated;
