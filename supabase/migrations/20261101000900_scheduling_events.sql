-- Events: what a provider holds for several people at a set time. 001's event, 002's session or retreat.

create table public.events (
  id uuid not null default gen_random_uuid(),
  provider_id uuid not null,
  kind text not null,
  title text not null,
  description text not null default '',
  location text not null default '',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  timezone text not null default 'UTC',
  capacity integer not null default 1,
  seats_taken integer not null default 0,
  price_minor bigint not null default 0,
  currency text not null,
  payment_mode text not null default 'on_site',
  status text not null default 'published',
  cancelled_at timestamptz,
  finished_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint events_pkey primary key (id),
  constraint events_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint events_kind_known check (kind in ('session', 'retreat')),
  constraint events_title_length check (char_length(title) between 1 and 200),
  constraint events_description_length check (char_length(description) <= 10000),
  constraint events_location_length check (char_length(location) <= 500),
  constraint events_end_after_start check (ends_at > starts_at),
  constraint events_timezone_known check (private.is_time_zone(timezone)),
  constraint events_capacity_range check (capacity between 1 and 100000),
  constraint events_seats_within_capacity check (seats_taken between 0 and capacity),
  constraint events_price_range check (price_minor between 0 and 100000000),
  constraint events_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint events_payment_mode_known check (payment_mode in ('on_site', 'prepaid')),
  constraint events_status_known check (status in ('published', 'cancelled')),
  constraint events_cancelled_at check ((status = 'cancelled') = (cancelled_at is not null))
);
create index events_provider_id_idx on public.events (provider_id, starts_at desc, id);
create index events_open_idx on public.events (starts_at, id) where status = 'published';
create index events_unfinished_idx on public.events (ends_at) where status = 'published' and finished_at is null;
comment on table public.events is 'A bookable event with a number of seats. Published to everybody.';
comment on column public.events.location is 'Where it takes place, in words; empty when online or unsaid.';
comment on column public.events.timezone is 'IANA zone in which its times are shown.';
comment on column public.events.seats_taken is 'Bookings that hold a seat. Kept by the trigger count_seats on bookings.';
comment on column public.events.price_minor is 'Price of a seat in minor units of currency.';
comment on column public.events.payment_mode is 'on_site: confirmed at once, payment due; prepaid: held until paid.';
comment on column public.events.finished_at is 'When the worker completed its bookings, an hour after the end.';
comment on column public.events.version is 'Rises with every change that attendees should know.';

create trigger touch before update on public.events for each row execute function private.touch();
create trigger require_command before update of status on public.events
  for each row when (old.status is distinct from new.status) execute function private.require_command();

alter table public.events enable row level security;
grant select on public.events to anon, authenticated, service_role;
create policy events_select on public.events for select to anon, authenticated using (true);

create table private.provider_time (
  id bigint generated always as identity,
  provider_id uuid not null,
  kind text not null,
  during tstzrange not null,
  live boolean not null default true,
  event_id uuid,
  booking_id uuid,
  constraint provider_time_pkey primary key (id),
  constraint provider_time_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint provider_time_event_id_fkey foreign key (event_id) references public.events (id),
  constraint provider_time_event_once unique (event_id),
  constraint provider_time_booking_once unique (booking_id),
  constraint provider_time_kind_known check (kind in ('booking', 'event', 'time_off', 'external')),
  constraint provider_time_kind_names_source check (
    (kind = 'event') = (event_id is not null)
    and (kind = 'booking') = (booking_id is not null)
  ),
  constraint provider_time_not_empty check (not isempty(during)),
  constraint provider_time_bookings_exclude_each_other
    exclude using gist (provider_id with =, during with &&) where (live and kind = 'booking'),
  constraint provider_time_bookings_exclude_other_kinds
    exclude using gist (provider_id with =, (kind = 'booking') with <>, during with &&) where (live)
);
comment on table private.provider_time is
  'Every interval in which a provider is taken, buffers included. One-to-one bookings exclude each other and every '
  'other kind; a provider''s events may overlap.';
comment on column private.provider_time.live is 'False once cancelled: the time is free again.';
alter table private.provider_time enable row level security;
create policy provider_time_none on private.provider_time for all to public using (false);
