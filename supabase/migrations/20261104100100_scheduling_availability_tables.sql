-- Availability: when a provider can be booked one to one. A schedule, its windows, and dates that differ.

alter table public.providers
  add column hourly_rate_minor bigint not null default 0,
  add constraint providers_hourly_rate_range check (hourly_rate_minor between 0 and 100000000);
comment on column public.providers.hourly_rate_minor is
  'What an hour with them costs in minor units of currency; 0: free of charge.';
grant update (hourly_rate_minor, currency) on public.providers to authenticated;

create table public.availability_schedules (
  id uuid not null default gen_random_uuid(),
  provider_id uuid not null,
  kind text not null,
  timezone text not null,
  is_active boolean not null default true,
  min_notice_minutes integer not null default 1440,
  max_advance_days integer not null default 90,
  cancellation_deadline_minutes integer,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  slot_step_minutes integer,
  daily_limit integer,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint availability_schedules_pkey primary key (id),
  constraint availability_schedules_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint availability_schedules_kind_known check (kind in ('weekly', 'monthly', 'custom')),
  constraint availability_schedules_timezone_known check (private.is_time_zone(timezone)),
  constraint availability_schedules_notice_range check (min_notice_minutes between 0 and 525600),
  constraint availability_schedules_advance_range check (max_advance_days between 1 and 730),
  constraint availability_schedules_deadline_range check (cancellation_deadline_minutes between 0 and 525600),
  constraint availability_schedules_buffer_range check (
    buffer_before_minutes between 0 and 1440
    and buffer_after_minutes between 0 and 1440
  ),
  constraint availability_schedules_step_range check (slot_step_minutes between 5 and 1440),
  constraint availability_schedules_daily_limit_range check (daily_limit between 1 and 288)
);
create index availability_schedules_provider_id_idx on public.availability_schedules (provider_id, created_at desc, id);
create unique index availability_schedules_one_active on public.availability_schedules (provider_id) where is_active;
comment on table public.availability_schedules is
  'When a provider can be booked one to one, in which zone and by which rules. At most one is active per provider.';
comment on column public.availability_schedules.kind is
  'What its windows are set for: days of the week, days of the month, or single dates (custom).';
comment on column public.availability_schedules.timezone is 'IANA zone that its windows and dates are in.';
comment on column public.availability_schedules.min_notice_minutes is 'A time can be booked until so long before it begins.';
comment on column public.availability_schedules.max_advance_days is 'A time can be booked from so many days before it begins.';
comment on column public.availability_schedules.cancellation_deadline_minutes is
  'Cancelling is free until so long before the start; null: as providers.cancellation_deadline_minutes says.';
comment on column public.availability_schedules.buffer_before_minutes is 'Time kept free before each booking.';
comment on column public.availability_schedules.buffer_after_minutes is 'Time kept free after each booking.';
comment on column public.availability_schedules.slot_step_minutes is
  'From the start of one bookable time to the next; null: as long as the time itself.';
comment on column public.availability_schedules.daily_limit is 'Bookings a day at most, in its zone; null: any number.';
comment on column public.availability_schedules.version is 'Rises with every change.';

create trigger touch before update on public.availability_schedules for each row execute function private.touch();

alter table public.availability_schedules enable row level security;
grant select on public.availability_schedules to anon, authenticated, service_role;
create policy availability_schedules_select on public.availability_schedules for select to anon, authenticated
  using (is_active or provider_id = (select auth.uid()));

create table public.availability_windows (
  id bigint generated always as identity,
  schedule_id uuid not null,
  weekday smallint,
  month_day smallint,
  on_date date,
  opens time not null,
  closes time not null,
  slot_minutes integer not null default 60,
  is_enabled boolean not null default true,
  constraint availability_windows_pkey primary key (id),
  constraint availability_windows_schedule_id_fkey
    foreign key (schedule_id) references public.availability_schedules (id) on delete cascade,
  constraint availability_windows_one_kind_of_day check (num_nonnulls(weekday, month_day, on_date) = 1),
  constraint availability_windows_weekday_range check (weekday between 1 and 7),
  constraint availability_windows_month_day_range check (month_day between 1 and 31),
  constraint availability_windows_end_after_start check (closes > opens),
  constraint availability_windows_whole_minutes check (
    extract(second from opens) = 0
    and extract(second from closes) = 0
  ),
  constraint availability_windows_slot_range check (slot_minutes between 5 and 1440),
  constraint availability_windows_no_overlap exclude using gist (
    schedule_id with =,
    (coalesce(weekday, 100 + month_day, 1000 + (on_date - date '2000-01-01'))) with =,
    int4range(
      (extract(epoch from opens) / 60)::integer,
      (extract(epoch from closes) / 60)::integer
    ) with &&
  )
);
create index availability_windows_schedule_id_idx on public.availability_windows (schedule_id);
comment on table public.availability_windows is
  'Stretches of local time in which a schedule is open. None crosses midnight: what does is two windows.';
comment on column public.availability_windows.weekday is 'ISO day of the week, 1 is Monday; of weekly schedules.';
comment on column public.availability_windows.month_day is 'Day of the month, left out where the month has none; of monthly schedules.';
comment on column public.availability_windows.on_date is 'A single date: of custom schedules, and of exceptions in any.';
comment on column public.availability_windows.closes is 'At the latest 24:00.';
comment on column public.availability_windows.slot_minutes is 'How long the bookable times in it are.';
comment on column public.availability_windows.is_enabled is 'False: kept for later, but closed.';

alter table public.availability_windows enable row level security;
grant select on public.availability_windows to anon, authenticated, service_role;
create policy availability_windows_select on public.availability_windows for select to anon, authenticated
  using (schedule_id in (
    select s.id
    from public.availability_schedules as s
    where s.is_active
      or s.provider_id = (select auth.uid())
  ));

create table public.availability_exceptions (
  schedule_id uuid not null,
  on_date date not null,
  constraint availability_exceptions_pkey primary key (schedule_id, on_date),
  constraint availability_exceptions_schedule_id_fkey
    foreign key (schedule_id) references public.availability_schedules (id) on delete cascade
);
comment on table public.availability_exceptions is
  'Dates on which a schedule''s windows for days of the week or month do not count, but only those for the date, if any.';

alter table public.availability_exceptions enable row level security;
grant select on public.availability_exceptions to anon, authenticated, service_role;
create policy availability_exceptions_select on public.availability_exceptions for select to anon, authenticated
  using (schedule_id in (
    select s.id
    from public.availability_schedules as s
    where s.is_active
      or s.provider_id = (select auth.uid())
  ));
