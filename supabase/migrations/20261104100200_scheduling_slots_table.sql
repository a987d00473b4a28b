-- Slots: bookable times with an id, the stored form of what private.schedule_times computes.

create table public.slots (
  id uuid not null default gen_random_uuid(),
  provider_id uuid not null,
  schedule_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'open',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint slots_pkey primary key (id),
  constraint slots_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint slots_schedule_id_fkey foreign key (schedule_id) references public.availability_schedules (id),
  constraint slots_once_per_time unique (provider_id, starts_at, ends_at),
  constraint slots_end_after_start check (ends_at > starts_at),
  constraint slots_status_known check (status in ('open', 'withdrawn'))
);
create index slots_schedule_id_idx on public.slots (schedule_id);
create index slots_open_idx on public.slots (starts_at, id) where status = 'open';
comment on table public.slots is
  'Times of a provider that can be booked by id. A slot is offered while it is open and private.open_times has its time: '
  'whether it is booked or blocked is told by private.provider_time alone.';
comment on column public.slots.schedule_id is 'The schedule that it was generated from last.';
comment on column public.slots.status is 'open; withdrawn: generated away, but kept because a booking names it.';

create trigger touch before update on public.slots for each row execute function private.touch();

alter table public.slots enable row level security;
grant select on public.slots to anon, authenticated, service_role;
create policy slots_select on public.slots for select to anon, authenticated using (true);

alter table public.bookings
  add column slot_id uuid,
  add constraint bookings_slot_id_fkey foreign key (slot_id) references public.slots (id);
create index bookings_slot_id_idx on public.bookings (slot_id) where slot_id is not null;
comment on column public.bookings.slot_id is 'The slot that was chosen, of a one-to-one booking; null where a time was.';
