-- Reminders of one-to-one time that are due become domain events, and are decided once more when they are sent.

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('time.reminder', 'email', 'attendee', false, null),
  ('time.reminder', 'email', 'provider', false, null);

create function private.remind_of_times(max_letters integer) returns integer
language sql
set search_path = ''
as $$
  with due as (
    select r.booking_id, r.minutes_before
    from private.time_reminders as r
    where r.due_at <= now()
    order by r.due_at, r.booking_id
    limit greatest(remind_of_times.max_letters / 2, 1)
    for update skip locked
  ), gone as (
    delete from private.time_reminders as r
    using due as d
    where r.booking_id = d.booking_id
      and r.minutes_before = d.minutes_before
    returning r.booking_id, r.minutes_before
  ), told as (
    insert into private.outbox (event, key, version, payload)
    select
      'time.reminder',
      gen_random_uuid(),
      b.version,
      private.booking_payload(
        b, private.occasion(b), extra => jsonb_build_object('minutes_before', g.minutes_before)
      )
    from gone as g
    join public.bookings as b on b.id = g.booking_id
    where b.status = 'confirmed'
      and private.is_reminder_timely(lower(b.during), g.minutes_before)
    returning id
  )
  select 2 * count(*)::integer from told;
$$;
comment on function private.remind_of_times(integer) is
  'Tells the next reminders of one-to-one time, each to both people by one domain event. A row is held by one caller and '
  'gone with what it told. Answers how many letters.';

create function private.remind_of_events(max_letters integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_reminder private.reminders;
  v_event public.events;
  v_told integer := 0;
begin
  for v_reminder in
    select r.*
    from private.reminders as r
    where r.due_at <= now()
    order by r.due_at, r.event_id
    limit 100
    for update skip locked
  loop
    exit when v_told >= remind_of_events.max_letters;
    select e.*
    into v_event
    from public.events as e
    where e.id = v_reminder.event_id;
    if v_event.status = 'published' and private.is_reminder_timely(v_event.starts_at, v_reminder.minutes_before) then
      v_told := v_told + private.remind_attendees(v_reminder, v_event, remind_of_events.max_letters - v_told);
      continue when v_told >= remind_of_events.max_letters;
      v_told := v_told + private.remind_provider(v_reminder, v_event);
    end if;
    delete from private.reminders as r
    where r.event_id = v_reminder.event_id
      and r.minutes_before = v_reminder.minutes_before;
  end loop;
  return v_told;
end;
$$;
comment on function private.remind_of_events(integer) is
  'Turns reminders of events that are due into domain events, in portions. Each row is held by one caller at a time and '
  'gone or advanced with what it told, so nobody is told twice. Answers how many letters.';

create or replace function private.remind(max_letters integer) returns integer
language plpgsql
set search_path = ''
as $$
begin
  return private.remind_of_events(remind.max_letters) + private.remind_of_times(remind.max_letters);
end;
$$;
comment on function private.remind(integer) is
  'Tells reminders that are due, of events and of one-to-one time, at most max_letters of each. Answers how many letters.';

create or replace function private.live_entry(target text, event text, payload jsonb) returns public.calendar_entry
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when live_entry.target = 'provider' then private.event_entry(e)
    when b.id is not null then private.booking_entry(b, e)
  end
  from public.events as e
  left join public.bookings as b on b.id = (live_entry.payload ->> 'booking_id')::uuid
  where e.id = (live_entry.payload ->> 'event_id')::uuid
    and (
      live_entry.event not in ('booking.reminder', 'event.reminder')
      or (
        e.status = 'published'
        and e.starts_at = (live_entry.payload ->> 'starts_at')::timestamptz
        and private.is_reminder_timely(e.starts_at, (live_entry.payload ->> 'minutes_before')::integer)
        and case live_entry.event
          when 'booking.reminder' then b.status = 'confirmed'
          else exists (select from public.bookings as o where o.event_id = e.id and o.status = 'confirmed')
        end
      )
    )
  union all
  select private.time_entry(b)
  from public.bookings as b
  where b.id = (live_entry.payload ->> 'booking_id')::uuid
    and b.during is not null
    and (
      live_entry.event <> 'time.reminder'
      or (
        b.status = 'confirmed'
        and lower(b.during) = (live_entry.payload ->> 'starts_at')::timestamptz
        and private.is_reminder_timely(lower(b.during), (live_entry.payload ->> 'minutes_before')::integer)
      )
    );
$$;
comment on function private.live_entry(text, text, jsonb) is
  'The calendar entry of an e-mail''s recipient as it is now. For a reminder null once it should not be sent any more: '
  'cancelled, moved, begun, too late, or nobody booked any more.';
