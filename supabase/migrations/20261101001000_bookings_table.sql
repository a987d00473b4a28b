-- Bookings: one row from hold to review. Its status says whether the seat is taken, payment_status whether money came.

create table public.bookings (
  id uuid not null default gen_random_uuid(),
  attendee_id uuid not null,
  provider_id uuid not null,
  event_id uuid not null,
  status text not null,
  is_live boolean not null generated always as (status not in ('cancelled', 'expired')) stored,
  payment_status text not null default 'none',
  price_minor bigint not null,
  currency text not null,
  notes text,
  expires_at timestamptz,
  free_cancellation_until timestamptz not null,
  late_refund_percent smallint not null,
  cancelled_at timestamptz,
  cancelled_by text,
  cancellation_reason text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint bookings_pkey primary key (id),
  constraint bookings_attendee_id_fkey foreign key (attendee_id) references public.profiles (id),
  constraint bookings_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint bookings_event_id_fkey foreign key (event_id) references public.events (id),
  constraint bookings_status_known check (
    status in ('held', 'pending_payment', 'confirmed', 'completed', 'cancelled', 'no_show', 'expired')
  ),
  constraint bookings_payment_status_known check (
    payment_status in ('none', 'due', 'paid', 'partly_refunded', 'refunded')
  ),
  constraint bookings_price_range check (price_minor >= 0),
  constraint bookings_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint bookings_notes_length check (char_length(notes) <= 2000),
  constraint bookings_reason_length check (char_length(cancellation_reason) <= 2000),
  constraint bookings_expire_while_unpaid check ((expires_at is not null) = (status in ('held', 'pending_payment'))),
  constraint bookings_cancelled_by check (
    (status = 'cancelled') = (cancelled_at is not null)
    and (cancelled_at is not null) = (cancelled_by is not null)
    and cancelled_by in ('attendee', 'provider', 'administrator', 'service')
  ),
  constraint bookings_late_refund_range check (late_refund_percent between 0 and 100)
);
create unique index bookings_one_live_per_person_and_event on public.bookings (event_id, attendee_id) where is_live;
create index bookings_event_id_idx on public.bookings (event_id, created_at desc, id);
create index bookings_attendee_id_idx on public.bookings (attendee_id, created_at desc, id);
create index bookings_provider_id_idx on public.bookings (provider_id, created_at desc, id);
create index bookings_provider_attendee_idx on public.bookings (provider_id, attendee_id);
create index bookings_holds_idx on public.bookings (event_id, expires_at) where expires_at is not null;
create index bookings_expires_at_idx on public.bookings (expires_at) where expires_at is not null;
comment on table public.bookings is 'A person''s seat at an event, from hold to review. The hold is this row.';
comment on column public.bookings.is_live is 'Whether it takes the seat.';
comment on column public.bookings.price_minor is 'Price at booking in minor units of currency.';
comment on column public.bookings.notes is 'The attendee''s words to the provider.';
comment on column public.bookings.expires_at is 'Until when an unpaid seat is held; set exactly while held or pending_payment.';
comment on column public.bookings.free_cancellation_until is 'Frozen policy: cancelling before this returns everything.';
comment on column public.bookings.late_refund_percent is 'Frozen policy: share of the price returned later than that.';
comment on column public.bookings.version is 'Rises with every change; receivers of events ignore older ones.';

create trigger touch before update on public.bookings for each row execute function private.touch();
create trigger require_command before update of status on public.bookings
  for each row when (old.status is distinct from new.status) execute function private.require_command();

alter table public.bookings enable row level security;
grant select on public.bookings to authenticated, service_role;
create policy bookings_select on public.bookings for select to authenticated
  using (attendee_id = (select auth.uid()) or provider_id = (select auth.uid()));

create function private.count_seats() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    update public.events as e
    set seats_taken = e.seats_taken + change.seats
    from (select n.event_id, count(*) as seats from new_rows as n where n.is_live group by n.event_id) as change
    where e.id = change.event_id;
  elsif tg_op = 'DELETE' then
    update public.events as e
    set seats_taken = e.seats_taken - change.seats
    from (select o.event_id, count(*) as seats from old_rows as o where o.is_live group by o.event_id) as change
    where e.id = change.event_id;
  else
    update public.events as e
    set seats_taken = e.seats_taken + change.seats
    from (
      select n.event_id, sum(n.is_live::integer - o.is_live::integer) as seats
      from new_rows as n
      join old_rows as o on o.id = n.id
      where n.is_live is distinct from o.is_live
      group by n.event_id
    ) as change
    where e.id = change.event_id;
  end if;
  return null;
end;
$$;
comment on function private.count_seats() is
  'After a change of bookings: the only writer of events.seats_taken. Commands hold the event''s lock by then. Raises '
  'check_violation of events_seats_within_capacity when the event is full.';
create trigger count_seats_insert after insert on public.bookings
  referencing new table as new_rows for each statement execute function private.count_seats();
create trigger count_seats_update after update on public.bookings
  referencing old table as old_rows new table as new_rows for each statement execute function private.count_seats();
create trigger count_seats_delete after delete on public.bookings
  referencing old table as old_rows for each statement execute function private.count_seats();
