-- Reminders that are due become domain events, whose e-mails are decided once more when they are sent.

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('booking.reminder', 'email', 'attendee', false, null),
  ('event.reminder', 'email', 'provider', false, null);
comment on column private.outbox.key is
  'The booking (or event) that it happened to; deliveries of one key keep order. A reminder has a key of its own: no '
  'other mail waits for it.';

create function private.is_reminder_timely(starts_at timestamptz, minutes_before integer) returns boolean
language sql
stable
set search_path = ''
as $$
  select now() >= is_reminder_timely.starts_at - make_interval(mins => is_reminder_timely.minutes_before)
    and now() < is_reminder_timely.starts_at - make_interval(mins => is_reminder_timely.minutes_before) / 2;
$$;
comment on function private.is_reminder_timely(timestamptz, integer) is
  'Whether a reminder may be told now: from its moment on until half of its lead has gone by.';

create function private.remind_attendees(reminder private.reminders, event public.events, max_letters integer)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_told integer;
  v_last uuid;
begin
  with next as (
    select b
    from public.bookings as b
    where b.event_id = event.id
      and b.status = 'confirmed'
      and b.created_at <= reminder.due_at
      and b.id > reminder.reminded_to
    order by b.id
    limit remind_attendees.max_letters
  ), told as (
    insert into private.outbox (event, key, version, payload)
    select
      'booking.reminder',
      gen_random_uuid(),
      (n.b).version,
      private.booking_payload(n.b, event, extra => jsonb_build_object('minutes_before', reminder.minutes_before))
    from next as n
    returning (payload ->> 'booking_id')::uuid as booking_id
  )
  select count(*), (array_agg(t.booking_id order by t.booking_id desc))[1]
  into v_told, v_last
  from told as t;
  if v_told > 0 then
    update private.reminders as r
    set reminded_to = v_last
    where r.event_id = reminder.event_id
      and r.minutes_before = reminder.minutes_before;
  end if;
  return v_told;
end;
$$;
comment on function private.remind_attendees(private.reminders, public.events, integer) is
  'Tells the next of those who had booked when the reminder fell due; who books later knows anyway. Answers how many.';

create function private.remind_provider(reminder private.reminders, event public.events) returns integer
language plpgsql
set search_path = ''
as $$
begin
  if not exists (select from public.bookings as b where b.event_id = event.id and b.status = 'confirmed') then
    return 0;
  end if;
  insert into private.outbox (event, key, version, payload)
  values (
    'event.reminder',
    gen_random_uuid(),
    event.version,
    to_jsonb(event) - array['id', 'description']
      || jsonb_build_object('event_id', event.id, 'minutes_before', reminder.minutes_before)
  );
  return 1;
end;
$$;
comment on function private.remind_provider(private.reminders, public.events) is
  'Tells the provider once per event and lead, unless nobody has booked. Answers how many letters that makes.';

create function private.remind(max_letters integer) returns integer
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
    exit when v_told >= remind.max_letters;
    select e.*
    into v_event
    from public.events as e
    where e.id = v_reminder.event_id;
    if v_event.status = 'published' and private.is_reminder_timely(v_event.starts_at, v_reminder.minutes_before) then
      v_told := v_told + private.remind_attendees(v_reminder, v_event, remind.max_letters - v_told);
      continue when v_told >= remind.max_letters;
      v_told := v_told + private.remind_provider(v_reminder, v_event);
    end if;
    delete from private.reminders as r
    where r.event_id = v_reminder.event_id
      and r.minutes_before = v_reminder.minutes_before;
  end loop;
  return v_told;
end;
$$;
comment on function private.remind(integer) is
  'Turns reminders that are due into domain events, in portions. Each row is held by one caller at a time and gone or '
  'advanced with what it told, so nobody is told twice. Answers how many letters.';

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
    'pruned', private.prune()
  );
end;
$$;
comment on function public.sweep() is
  'Expires lapsed holds, completes bookings whose event ended an hour ago, tells reminders that are due, prunes old '
  'records; in bounded portions. Answers the counts {expired, completed, reminded, pruned}. For the service role.';
