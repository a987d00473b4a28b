-- The waiting list: who wants a seat or a time that others have, in the order in which they asked.

create table public.waiting_entries (
  id uuid not null default gen_random_uuid(),
  place bigint not null generated always as identity,
  person_id uuid not null,
  provider_id uuid not null,
  event_id uuid,
  during tstzrange,
  offering_id uuid,
  status text not null default 'waiting',
  booking_id uuid,
  checked_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint waiting_entries_pkey primary key (id),
  constraint waiting_entries_person_id_fkey foreign key (person_id) references public.profiles (id),
  constraint waiting_entries_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint waiting_entries_event_id_fkey foreign key (event_id) references public.events (id),
  constraint waiting_entries_offering_id_fkey foreign key (offering_id) references public.offerings (id),
  constraint waiting_entries_booking_id_fkey foreign key (booking_id) references public.bookings (id),
  constraint waiting_entries_for_event_or_time check (num_nonnulls(event_id, during) = 1),
  constraint waiting_entries_offering_of_time check (during is not null or offering_id is null),
  constraint waiting_entries_status_known check (
    status in ('waiting', 'offered', 'taken', 'declined', 'lapsed', 'left', 'closed')
  ),
  constraint waiting_entries_offer_is_booking check (
    (status in ('offered', 'declined', 'lapsed')) <= (booking_id is not null)
    and (booking_id is not null) <= (status in ('offered', 'taken', 'declined', 'lapsed'))
  )
);
create unique index waiting_entries_once_per_event on public.waiting_entries (event_id, person_id)
  where status in ('waiting', 'offered') and event_id is not null;
create unique index waiting_entries_once_per_time on public.waiting_entries (provider_id, person_id, during)
  where status in ('waiting', 'offered') and during is not null;
create index waiting_entries_event_line_idx on public.waiting_entries (event_id, place) where status = 'waiting';
create index waiting_entries_time_line_idx on public.waiting_entries (provider_id, place)
  where status = 'waiting' and during is not null;
create index waiting_entries_checked_at_idx on public.waiting_entries (checked_at) where status = 'waiting';
create index waiting_entries_person_id_idx on public.waiting_entries (person_id, place desc);
create index waiting_entries_provider_id_idx on public.waiting_entries (provider_id, place desc);
create index waiting_entries_event_id_idx on public.waiting_entries (event_id) where event_id is not null;
create index waiting_entries_offering_id_idx on public.waiting_entries (offering_id) where offering_id is not null;
create unique index waiting_entries_booking_id_idx on public.waiting_entries (booking_id) where booking_id is not null;
comment on table public.waiting_entries is
  'Who waits for a seat at a full event, or for one-to-one time that somebody has. What becomes free is offered to the '
  'first in line as a held booking.';
comment on column public.waiting_entries.place is 'The order of the line; taken under the lock of the event or provider.';
comment on column public.waiting_entries.provider_id is 'Of the event or the time.';
comment on column public.waiting_entries.during is 'The one-to-one time that is wanted; null for a seat at an event.';
comment on column public.waiting_entries.status is
  'waiting; offered while a booking is held for this person; then taken, declined or lapsed. left: by the person; '
  'closed: it began, or there is nothing to wait for any more.';
comment on column public.waiting_entries.booking_id is 'The booking that was offered, or made otherwise.';
comment on column public.waiting_entries.checked_at is 'When it was last looked whether what is wanted is free.';
create trigger touch before update on public.waiting_entries for each row execute function private.touch();

alter table public.waiting_entries enable row level security;
grant select on public.waiting_entries to authenticated, service_role;
create policy waiting_entries_select on public.waiting_entries for select to authenticated
  using (person_id = (select auth.uid()) or provider_id = (select auth.uid()));

create function private.people_ahead(entry_id uuid) returns integer
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when w.event_id is null then (
      select count(*)
      from public.waiting_entries as o
      where o.provider_id = w.provider_id
        and o.during && w.during
        and o.status = 'waiting'
        and o.place < w.place
    )
    else (
      select count(*)
      from public.waiting_entries as o
      where o.event_id = w.event_id
        and o.status = 'waiting'
        and o.place < w.place
    )
  end::integer
  from public.waiting_entries as w
  where w.id = people_ahead.entry_id;
$$;
comment on function private.people_ahead(uuid) is
  'How many wait before this entry for the same event, or for time that overlaps. Counts rows that the caller may not see.';
grant execute on function private.people_ahead(uuid) to authenticated, service_role;

create view public.waiting_list with (security_invoker = true) as
select
  w.id,
  w.person_id,
  w.provider_id,
  p.display_name as provider_name,
  w.event_id,
  coalesce(e.title, o.title) as title,
  coalesce(e.starts_at, lower(w.during)) as starts_at,
  coalesce(e.ends_at, upper(w.during)) as ends_at,
  w.offering_id,
  w.status,
  case when w.status = 'waiting' then private.people_ahead(w.id) + 1 end as position,
  w.booking_id,
  b.expires_at as offer_expires_at,
  w.created_at
from public.waiting_entries as w
join public.providers as p on p.id = w.provider_id
left join public.events as e on e.id = w.event_id
left join public.offerings as o on o.id = w.offering_id
left join public.bookings as b on b.id = w.booking_id and w.status = 'offered';
comment on view public.waiting_list is
  'What the signed-in person waits for, or others of them, with the position in line from 1. While an entry is offered, '
  'its booking is held until offer_expires_at.';
grant select on public.waiting_list to authenticated, service_role;
