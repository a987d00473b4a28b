-- When people are to be reminded of one-to-one time: planned once it is confirmed, and anew when it is moved.

create table private.time_reminders (
  booking_id uuid not null,
  minutes_before integer not null,
  due_at timestamptz not null,
  constraint time_reminders_pkey primary key (booking_id, minutes_before),
  constraint time_reminders_booking_id_fkey foreign key (booking_id) references public.bookings (id) on delete cascade
);
create index time_reminders_due_idx on private.time_reminders (due_at);
comment on table private.time_reminders is
  'Reminders of one-to-one time still to be told, one row per confirmed booking and lead; gone once told. None is planned '
  'whose moment has passed.';
alter table private.time_reminders enable row level security;
create policy time_reminders_none on private.time_reminders for all to public using (false);

create index bookings_provider_time_idx on public.bookings (provider_id, upper(during)) where during is not null;
create index bookings_attendee_time_idx on public.bookings (attendee_id, upper(during)) where during is not null;

create function private.plan_time_reminders(booking_ids uuid[]) returns void
language sql
set search_path = ''
as $$
  insert into private.time_reminders (booking_id, minutes_before, due_at)
  select b.id, lead.minutes, lower(b.during) - make_interval(mins => lead.minutes)
  from public.bookings as b
  join public.providers as p on p.id = b.provider_id
  cross join unnest(p.reminder_minutes) as lead (minutes)
  where b.id = any (plan_time_reminders.booking_ids)
    and b.status = 'confirmed'
    and lower(b.during) - make_interval(mins => lead.minutes) > now()
  on conflict on constraint time_reminders_pkey do nothing;
$$;
comment on function private.plan_time_reminders(uuid[]) is
  'Plans the reminders of one-to-one bookings that lie ahead; none of holds, which are nobody''s time yet.';

create function private.plan_booking_reminders() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from private.time_reminders as r where r.booking_id = new.id;
  perform private.plan_time_reminders(array[new.id]);
  return null;
end;
$$;
comment on function private.plan_booking_reminders() is
  'After one-to-one time is confirmed, moved or given up: forgets the reminders of its former time and plans those of its '
  'new.';
create trigger plan_reminders_insert after insert on public.bookings
  for each row when (new.during is not null and new.status = 'confirmed')
  execute function private.plan_booking_reminders();
create trigger plan_reminders_update after update of during, status on public.bookings
  for each row when (
    new.during is not null
    and 'confirmed' in (old.status, new.status)
    and (old.during, old.status) is distinct from (new.during, new.status)
  )
  execute function private.plan_booking_reminders();

create function private.plan_provider_time_reminders() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_ahead constant uuid[] := array(
    select b.id
    from public.bookings as b
    where b.provider_id = new.id
      and b.during is not null
      and upper(b.during) > now()
      and b.status = 'confirmed'
  );
begin
  delete from private.time_reminders as r
  where r.booking_id = any (v_ahead)
    and r.due_at > now();
  perform private.plan_time_reminders(v_ahead);
  return null;
end;
$$;
comment on function private.plan_provider_time_reminders() is
  'After a provider chose other leads: plans what lies ahead of one-to-one time anew. What was due already is still told.';
create trigger plan_time_reminders after update of reminder_minutes on public.providers
  for each row when (old.reminder_minutes is distinct from new.reminder_minutes)
  execute function private.plan_provider_time_reminders();

comment on column public.providers.reminder_minutes is
  'How many minutes before the start of an event or of one-to-one time attendees and provider are reminded by e-mail: at '
  'most five, 10 minutes to 4 weeks.';

select private.plan_time_reminders(array(
  select b.id
  from public.bookings as b
  where b.status = 'confirmed'
    and b.during is not null
    and upper(b.during) > now()
));
