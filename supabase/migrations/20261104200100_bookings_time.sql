-- A booking is a seat at an event or one-to-one time of a provider: never both, never neither.

alter table public.bookings
  alter column event_id drop not null,
  add column during tstzrange,
  add column timezone text,
  add column offering_id uuid,
  add column buffer_before_minutes integer not null default 0,
  add column buffer_after_minutes integer not null default 0,
  add constraint bookings_offering_id_fkey foreign key (offering_id) references public.offerings (id),
  add constraint bookings_for_event_or_time check (num_nonnulls(event_id, during) = 1),
  add constraint bookings_time_bounded check (
    not isempty(during)
    and lower_inc(during)
    and not upper_inc(during)
    and not upper_inf(during)
  ),
  add constraint bookings_time_has_zone check ((during is null) = (timezone is null)),
  add constraint bookings_timezone_known check (timezone is null or private.is_time_zone(timezone)),
  add constraint bookings_choice_of_time check (during is not null or (slot_id is null and offering_id is null)),
  add constraint bookings_buffer_range check (
    buffer_before_minutes between 0 and 1440
    and buffer_after_minutes between 0 and 1440
  );
create index bookings_offering_id_idx on public.bookings (offering_id) where offering_id is not null;
create index bookings_unfinished_time_idx on public.bookings (upper(during)) where status = 'confirmed' and during is not null;
create index bookings_lapsing_time_idx on public.bookings (provider_id, expires_at)
  where expires_at is not null and during is not null;
comment on table public.bookings is
  'A person''s seat at an event, or one-to-one time with a provider; from hold to review. The hold is this row.';
comment on column public.bookings.is_live is 'Whether it takes the seat or the time.';
comment on column public.bookings.event_id is 'The event that it is a seat at; null for one-to-one time.';
comment on column public.bookings.during is 'The one-to-one time, without buffers; null for a seat at an event.';
comment on column public.bookings.timezone is 'IANA zone in which the one-to-one time is shown: the provider''s when it was booked.';
comment on column public.bookings.offering_id is 'What of the provider''s is booked in that time, where it was said.';
comment on column public.bookings.buffer_before_minutes is 'Frozen rule: the provider is taken so long before the time as well.';
comment on column public.bookings.buffer_after_minutes is 'Frozen rule: the provider is taken so long after the time as well.';

create function private.keep_provider_time() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_during constant tstzrange := tstzrange(
    lower(new.during) - make_interval(mins => new.buffer_before_minutes),
    upper(new.during) + make_interval(mins => new.buffer_after_minutes)
  );
begin
  insert into private.provider_time as t (provider_id, kind, during, live, booking_id)
  values (new.provider_id, 'booking', v_during, new.is_live, new.id)
  on conflict on constraint provider_time_booking_once do update
  set during = excluded.during, live = excluded.live;
  return null;
end;
$$;
comment on function private.keep_provider_time() is
  'After a change of a one-to-one booking: the only writer of its row in provider_time. Raises exclusion_violation when '
  'the provider is taken.';
create trigger keep_provider_time_insert after insert on public.bookings
  for each row when (new.during is not null) execute function private.keep_provider_time();
create trigger keep_provider_time_update after update of during, status on public.bookings
  for each row when (new.during is not null) execute function private.keep_provider_time();

create table public.provider_notes (
  booking_id uuid not null,
  provider_id uuid not null,
  notes text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint provider_notes_pkey primary key (booking_id),
  constraint provider_notes_booking_id_fkey foreign key (booking_id) references public.bookings (id) on delete cascade,
  constraint provider_notes_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint provider_notes_length check (char_length(notes) <= 2000)
);
create index provider_notes_provider_id_idx on public.provider_notes (provider_id);
comment on table public.provider_notes is
  'What a provider notes on a booking for themselves. Apart from bookings, because the attendee reads those.';
comment on column public.provider_notes.provider_id is 'The booking''s provider, for the policy.';
create trigger touch before update on public.provider_notes for each row execute function private.touch();
alter table public.provider_notes enable row level security;
grant select on public.provider_notes to authenticated, service_role;
create policy provider_notes_select on public.provider_notes for select to authenticated
  using (provider_id = (select auth.uid()));

create function private.occasion(booking public.bookings) returns public.events
language plpgsql
stable
set search_path = ''
as $$
declare
  v_occasion public.events;
begin
  if booking.event_id is not null then
    select e.*
    into v_occasion
    from public.events as e
    where e.id = booking.event_id;
    return v_occasion;
  end if;
  v_occasion.provider_id := booking.provider_id;
  v_occasion.kind := 'one_to_one';
  v_occasion.title := coalesce(
    (select o.title from public.offerings as o where o.id = booking.offering_id),
    'One-to-one session'
  );
  v_occasion.description := '';
  v_occasion.location := '';
  v_occasion.starts_at := lower(booking.during);
  v_occasion.ends_at := upper(booking.during);
  v_occasion.timezone := booking.timezone;
  v_occasion.capacity := 1;
  v_occasion.seats_taken := booking.is_live::integer;
  v_occasion.price_minor := booking.price_minor;
  v_occasion.currency := booking.currency;
  v_occasion.payment_mode := 'prepaid';
  v_occasion.status := 'published';
  v_occasion.version := 0;
  v_occasion.created_at := booking.created_at;
  v_occasion.updated_at := booking.updated_at;
  return v_occasion;
end;
$$;
comment on function private.occasion(public.bookings) is
  'What a booking is for: its event, or for one-to-one time the same facts as an event without id, of kind one_to_one. '
  'So the steps of a booking are one for both.';
grant execute on function private.occasion(public.bookings) to authenticated, service_role;

create or replace function private.lock_booking(booking_id uuid) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_actor constant private.actor := private.actor();
  v_booking public.bookings;
begin
  if v_actor.kind = 'user' then
    perform private.acting_user();
  end if;
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = lock_booking.booking_id
    and (
      v_actor.kind in ('administrator', 'service')
      or (v_actor.kind = 'user' and v_actor.id in (b.attendee_id, b.provider_id))
    );
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  if v_booking.event_id is null then
    perform private.lock_provider(v_booking.provider_id);
  else
    perform private.lock_event(v_booking.event_id);
  end if;
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = lock_booking.booking_id
  for no key update;
  return v_booking;
end;
$$;
comment on function private.lock_booking(uuid) is
  'Locks a booking''s root (its event, or the provider of one-to-one time) and the booking, for one of its people, the '
  'service or an administrator. Raises SIGN_IN_REQUIRED (401) after signing out, BOOKING_NOT_FOUND (404) for everybody '
  'else as well.';

create function private.tell(
  what text,
  booking public.bookings,
  cause text default null,
  extra jsonb default '{}'
) returns void
language sql
set search_path = ''
as $$
  insert into private.outbox (event, key, version, payload)
  values (
    tell.what,
    booking.id,
    booking.version,
    private.booking_payload(booking, private.occasion(booking), tell.cause, tell.extra)
  );
$$;
comment on function private.tell(text, public.bookings, text, jsonb) is 'Writes the domain event of a change to a booking.';
