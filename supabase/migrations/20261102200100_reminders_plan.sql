-- When people are to be reminded of an event: planned with its time, told by the sweep when due.

alter table public.providers
  add column reminder_minutes integer[] not null default '{1440,60}',
  add constraint providers_reminder_minutes_range check (
    coalesce(array_ndims(reminder_minutes), 1) = 1
    and cardinality(reminder_minutes) <= 5
    and array_position(reminder_minutes, null) is null
    and 10 <= all (reminder_minutes)
    and 40320 >= all (reminder_minutes)
  );
comment on column public.providers.reminder_minutes is
  'How many minutes before the start attendees and provider are reminded by e-mail: at most five, 10 minutes to 4 weeks.';
grant update (reminder_minutes) on public.providers to authenticated;

create table private.reminders (
  event_id uuid not null,
  minutes_before integer not null,
  due_at timestamptz not null,
  reminded_to uuid not null default '00000000-0000-0000-0000-000000000000',
  constraint reminders_pkey primary key (event_id, minutes_before),
  constraint reminders_event_id_fkey foreign key (event_id) references public.events (id) on delete cascade
);
create index reminders_due_idx on private.reminders (due_at);
comment on table private.reminders is
  'Reminders still to be told, one row per published event and lead; gone once told. None is planned whose moment has '
  'passed: a new or moved event reminds only of what lies ahead.';
comment on column private.reminders.reminded_to is 'Bookings up to this id have been told; the sweep goes on after it.';
alter table private.reminders enable row level security;
create policy reminders_none on private.reminders for all to public using (false);

create function private.plan_reminders(event public.events) returns void
language sql
set search_path = ''
as $$
  insert into private.reminders (event_id, minutes_before, due_at)
  select event.id, lead.minutes, event.starts_at - make_interval(mins => lead.minutes)
  from public.providers as p
  cross join unnest(p.reminder_minutes) as lead (minutes)
  where p.id = event.provider_id
    and event.status = 'published'
    and event.starts_at - make_interval(mins => lead.minutes) > now()
  on conflict on constraint reminders_pkey do nothing;
$$;
comment on function private.plan_reminders(public.events) is
  'Plans an event''s reminders that lie ahead. Leads that its provider named twice count once.';

create function private.plan_event_reminders() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from private.reminders as r where r.event_id = new.id;
  perform private.plan_reminders(new);
  return null;
end;
$$;
comment on function private.plan_event_reminders() is
  'After an event is published, moved or cancelled: forgets the reminders of its former time and plans those of its new.';
create trigger plan_reminders_insert after insert on public.events
  for each row execute function private.plan_event_reminders();
create trigger plan_reminders_update after update of starts_at, status on public.events
  for each row when ((old.starts_at, old.status) is distinct from (new.starts_at, new.status))
  execute function private.plan_event_reminders();

create function private.plan_provider_reminders() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from private.reminders as r
  using public.events as e
  where e.id = r.event_id
    and e.provider_id = new.id
    and r.due_at > now();
  perform private.plan_reminders(e)
  from public.events as e
  where e.provider_id = new.id
    and e.starts_at > now();
  return null;
end;
$$;
comment on function private.plan_provider_reminders() is
  'After a provider chose other leads: plans what lies ahead anew. What was due already is still told.';
create trigger plan_reminders after update of reminder_minutes on public.providers
  for each row when (old.reminder_minutes is distinct from new.reminder_minutes)
  execute function private.plan_provider_reminders();

select private.plan_reminders(e)
from public.events as e
where e.starts_at > now();
