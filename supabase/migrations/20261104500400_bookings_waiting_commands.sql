-- Commands of the waiting list: wait for a seat or a time, and leave.

create function private.join_line(entry public.waiting_entries) returns public.waiting_entries
language plpgsql
set search_path = ''
as $$
declare
  v_entry public.waiting_entries;
begin
  perform pg_advisory_xact_lock(hashtextextended('waiting of ' || entry.person_id, 0));
  if (
    select count(*) >= 20
    from public.waiting_entries as w
    where w.person_id = entry.person_id
      and w.status in ('waiting', 'offered')
  ) then
    raise sqlstate 'PT409' using message = 'TOO_MANY_WAITING';
  end if;
  insert into public.waiting_entries as w (person_id, provider_id, event_id, during, offering_id)
  values (entry.person_id, entry.provider_id, entry.event_id, entry.during, entry.offering_id)
  returning w.* into v_entry;
  return v_entry;
end;
$$;
comment on function private.join_line(public.waiting_entries) is
  'Puts a person at the end of a line whose root is locked; at most 20 lines at once. Raises TOO_MANY_WAITING (409).';

create function private.shown(entry public.waiting_entries) returns public.waiting_list
language sql
set search_path = ''
as $$
  select l.*
  from public.waiting_list as l
  where l.id = entry.id;
$$;
comment on function private.shown(public.waiting_entries) is 'An entry as its person sees it, with position and offer.';
grant execute on function private.shown(public.waiting_entries) to authenticated;

create function private.wait_for_event(event_id uuid) returns public.waiting_entries
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_person_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('event_id', event_id);
  v_replay constant jsonb := private.begin_command('wait_for_event', v_request);
  v_event public.events;
  v_entry public.waiting_entries;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.waiting_entries, v_replay);
  end if;
  v_event := private.lock_event(wait_for_event.event_id);
  if v_event.status is distinct from 'published' then
    raise sqlstate 'PT409' using message = 'EVENT_CANCELLED';
  end if;
  if v_event.starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;
  perform private.expire_holds(v_event);
  select w.*
  into v_entry
  from public.waiting_entries as w
  where w.event_id = v_event.id
    and w.person_id = v_person_id
    and w.status in ('waiting', 'offered');
  if v_entry.id is null then
    if exists (
      select
      from public.bookings as b
      where b.event_id = v_event.id
        and b.attendee_id = v_person_id
        and b.is_live
    ) then
      raise sqlstate 'PT409' using message = 'ALREADY_BOOKED';
    end if;
    if exists (select from public.events as e where e.id = v_event.id and e.seats_taken < e.capacity) then
      raise sqlstate 'PT409' using message = 'STILL_AVAILABLE';
    end if;
    v_entry.person_id := v_person_id;
    v_entry.provider_id := v_event.provider_id;
    v_entry.event_id := v_event.id;
    v_entry := private.join_line(v_entry);
  end if;
  perform private.finish_command('wait_for_event', v_request, v_entry.id, to_jsonb(v_entry));
  return v_entry;
end;
$$;
comment on function private.wait_for_event(uuid) is 'See public.wait_for_event.';

create function public.wait_for_event(event_id uuid) returns public.waiting_list
language sql
set search_path = ''
as $$
  select private.shown(private.wait_for_event(wait_for_event.event_id));
$$;
comment on function public.wait_for_event(uuid) is
  'Puts the signed-in person on the waiting list of a full event; answers the entry that they have already, too. Raises '
  'SIGN_IN_REQUIRED (401), EVENT_NOT_FOUND (404), EVENT_CANCELLED, EVENT_STARTED, ALREADY_BOOKED, STILL_AVAILABLE and '
  'TOO_MANY_WAITING (409).';
grant execute on function private.wait_for_event(uuid) to authenticated;
grant execute on function public.wait_for_event(uuid) to authenticated;

create function private.wait_for_time(
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  offering_id uuid
) returns public.waiting_entries
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_person_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'provider_id', provider_id, 'starts_at', starts_at, 'ends_at', ends_at, 'slot_id', slot_id,
    'offering_id', offering_id
  ));
  v_replay constant jsonb := private.begin_command('wait_for_time', v_request);
  v_chosen constant private.chosen_time := private.choose_time(
    wait_for_time.provider_id, wait_for_time.starts_at, wait_for_time.ends_at, wait_for_time.slot_id
  );
  v_booking public.bookings;
  v_entry public.waiting_entries;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.waiting_entries, v_replay);
  end if;
  if v_chosen.starts_at <= now() then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "starts_at", "reason": "must be in the future"}';
  end if;
  -- As it would be booked now: what cannot be bought cannot be waited for.
  v_booking := private.time_booking(
    private.lock_other_provider(v_chosen.provider_id, v_person_id), v_chosen, wait_for_time.offering_id
  );
  perform private.expire_time_holds(v_booking.provider_id);
  select w.*
  into v_entry
  from public.waiting_entries as w
  where w.provider_id = v_booking.provider_id
    and w.person_id = v_person_id
    and w.during = v_booking.during
    and w.status in ('waiting', 'offered');
  if v_entry.id is null then
    perform private.require_waitable(v_booking, v_person_id);
    v_entry.person_id := v_person_id;
    v_entry.provider_id := v_booking.provider_id;
    v_entry.during := v_booking.during;
    v_entry.offering_id := v_booking.offering_id;
    v_entry := private.join_line(v_entry);
  end if;
  perform private.finish_command('wait_for_time', v_request, v_entry.id, to_jsonb(v_entry));
  return v_entry;
end;
$$;
comment on function private.wait_for_time(uuid, timestamptz, timestamptz, uuid, uuid) is 'See public.wait_for_time.';

create function private.require_waitable(wanted public.bookings, person_id uuid) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if private.is_open_time(wanted.provider_id, lower(wanted.during), upper(wanted.during)) then
    raise sqlstate 'PT409' using message = 'STILL_AVAILABLE';
  end if;
  if exists (
    select
    from public.bookings as b
    where b.provider_id = wanted.provider_id
      and b.attendee_id = require_waitable.person_id
      and b.is_live
      and b.during && wanted.during
  ) then
    raise sqlstate 'PT409' using message = 'ALREADY_BOOKED';
  end if;
  if not exists (
    select
    from private.provider_time as t
    where t.provider_id = wanted.provider_id
      and t.live
      and t.kind = 'booking'
      and t.during && wanted.during
  ) then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
  end if;
end;
$$;
comment on function private.require_waitable(public.bookings, uuid) is
  'Raises STILL_AVAILABLE, ALREADY_BOOKED, or SLOT_NOT_AVAILABLE where no booking of somebody else has the time (409).';

create function public.wait_for_time(
  provider_id uuid default null,
  starts_at timestamptz default null,
  ends_at timestamptz default null,
  slot_id uuid default null,
  offering_id uuid default null
) returns public.waiting_list
language sql
set search_path = ''
as $$
  select private.shown(private.wait_for_time(
    wait_for_time.provider_id, wait_for_time.starts_at, wait_for_time.ends_at, wait_for_time.slot_id,
    wait_for_time.offering_id
  ));
$$;
comment on function public.wait_for_time(uuid, timestamptz, timestamptz, uuid, uuid) is
  'Puts the signed-in person on the waiting list of one-to-one time that somebody has, named as for public.book_time; '
  'answers the entry that they have already, too. Raises SIGN_IN_REQUIRED (401), PROVIDER_NOT_FOUND, SLOT_NOT_FOUND and '
  'OFFERING_NOT_FOUND (404), ALREADY_BOOKED, STILL_AVAILABLE, SLOT_NOT_AVAILABLE and TOO_MANY_WAITING (409), '
  'INVALID_INPUT (400).';
grant execute on function private.wait_for_time(uuid, timestamptz, timestamptz, uuid, uuid) to authenticated;
grant execute on function public.wait_for_time(uuid, timestamptz, timestamptz, uuid, uuid) to authenticated;

create function private.leave_waiting_list(entry_id uuid) returns public.waiting_entries
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_person_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('entry_id', entry_id);
  v_replay constant jsonb := private.begin_command('leave_waiting_list', v_request);
  v_entry public.waiting_entries;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.waiting_entries, v_replay);
  end if;
  select w.*
  into v_entry
  from public.waiting_entries as w
  where w.id = leave_waiting_list.entry_id
    and w.person_id = v_person_id;
  if not found then
    raise sqlstate 'PT404' using message = 'WAITING_ENTRY_NOT_FOUND';
  end if;
  if v_entry.event_id is null then
    perform private.lock_provider(v_entry.provider_id);
  else
    perform private.lock_event(v_entry.event_id);
  end if;
  update public.waiting_entries as w
  set status = 'left'
  where w.id = v_entry.id
    and w.status = 'waiting';
  select b.*
  into v_booking
  from public.waiting_entries as w
  join public.bookings as b on b.id = w.booking_id
  where w.id = v_entry.id
    and w.status = 'offered';
  if found then
    perform private.end_booking(v_booking, null, true);
  end if;
  select w.*
  into v_entry
  from public.waiting_entries as w
  where w.id = v_entry.id;
  perform private.finish_command('leave_waiting_list', v_request, v_entry.id, to_jsonb(v_entry));
  return v_entry;
end;
$$;
comment on function private.leave_waiting_list(uuid) is 'See public.leave_waiting_list.';

create function public.leave_waiting_list(entry_id uuid) returns public.waiting_list
language sql
set search_path = ''
as $$
  select private.shown(private.leave_waiting_list(leave_waiting_list.entry_id));
$$;
comment on function public.leave_waiting_list(uuid) is
  'Takes the signed-in person off a waiting list; what is offered to them goes to the next in line. An entry that has '
  'ended stays as it is. Raises SIGN_IN_REQUIRED (401), WAITING_ENTRY_NOT_FOUND (404).';
grant execute on function private.leave_waiting_list(uuid) to authenticated;
grant execute on function public.leave_waiting_list(uuid) to authenticated;
