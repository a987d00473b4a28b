-- Holds of seats and of one-to-one time: their limits, and how they lapse.

create or replace function private.prepare_hold(event public.events, attendee_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_held integer;
  v_held_here integer;
  v_lapsed integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('holds of ' || prepare_hold.attendee_id, 0));
  select
    count(*) filter (where b.expires_at > now()),
    count(*) filter (where b.expires_at > now() and b.provider_id = event.provider_id),
    count(*) filter (where b.status = 'expired' or b.expires_at <= now())
  into v_held, v_held_here, v_lapsed
  from public.bookings as b
  where b.attendee_id = prepare_hold.attendee_id
    and b.created_at > now() - interval '1 day'
    and (b.expires_at > now() and (event.id is null or b.event_id is distinct from event.id)
      or b.expires_at <= now()
      or b.status = 'expired');
  if v_held >= 3 or v_held_here >= 1 or v_lapsed >= 10 then
    raise sqlstate 'PT429' using message = 'TOO_MANY_HOLDS';
  end if;
end;
$$;
comment on function private.prepare_hold(public.events, uuid) is
  'Before an unpaid seat or time is held: at most 3 such holds per person, 1 per provider, 10 lapsed ones a day, those of '
  'this event left out. For one-to-one time the event has a provider and no id. Makes one person''s holds take turns. '
  'Raises TOO_MANY_HOLDS (429).';

drop function private.expire_holds(public.events);

create function private.expire_booking(booking public.bookings) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  update public.bookings as b
  set status = 'expired', expires_at = null, payment_status = 'none', version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  perform private.tell('booking.expired', v_booking);
  perform private.drop_open_payment(v_booking);
end;
$$;
comment on function private.expire_booking(public.bookings) is
  'Frees what a lapsed hold takes, and has its PaymentIntent cancelled. The caller holds the root''s lock.';

create function private.must_wait_for_stripe(booking public.bookings) returns boolean
language sql
stable
set search_path = ''
as $$
  select booking.status = 'pending_payment'
    and booking.expires_at > now() - interval '1 hour'
    and exists (
      select
      from public.payments as p
      where p.booking_id = booking.id
        and p.status in ('pending', 'failed')
    );
$$;
comment on function private.must_wait_for_stripe(public.bookings) is
  'Whether the sweep leaves a lapsed hold until Stripe has cancelled its PaymentIntent, or said that it was paid; for an '
  'hour at most. Who wants the time meanwhile gets it.';

create function private.expire_holds(event public.events, waits boolean default false) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
  v_expired integer := 0;
begin
  for v_booking in
    select b.*
    from public.bookings as b
    where b.event_id = event.id
      and b.expires_at <= now()
    order by b.id
    for no key update
  loop
    if waits and private.must_wait_for_stripe(v_booking) then
      perform private.drop_open_payment(v_booking);
    else
      perform private.expire_booking(v_booking);
      v_expired := v_expired + 1;
    end if;
  end loop;
  return v_expired;
end;
$$;
comment on function private.expire_holds(public.events, boolean) is
  'Frees the seats of an event''s lapsed holds; when it waits, those whose payment is open only once Stripe cancelled it. '
  'The caller holds the event''s lock. Answers how many.';

create function private.expire_time_holds(provider_id uuid, waits boolean default false) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
  v_expired integer := 0;
begin
  for v_booking in
    select b.*
    from public.bookings as b
    where b.provider_id = expire_time_holds.provider_id
      and b.during is not null
      and b.expires_at <= now()
    order by b.id
    for no key update
  loop
    if waits and private.must_wait_for_stripe(v_booking) then
      perform private.drop_open_payment(v_booking);
    else
      perform private.expire_booking(v_booking);
      v_expired := v_expired + 1;
    end if;
  end loop;
  return v_expired;
end;
$$;
comment on function private.expire_time_holds(uuid, boolean) is
  'The same for a provider''s one-to-one time. The caller holds the provider''s lock.';

create or replace function private.sweep_holds(max_events integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_provider_id uuid;
  v_event public.events;
  v_expired integer := 0;
begin
  for v_provider_id in
    select p.id
    from public.providers as p
    where p.id in (
      select b.provider_id
      from public.bookings as b
      where b.expires_at <= now()
        and b.during is not null
        and not private.is_asked_to_cancel(b)
      order by b.expires_at
      limit sweep_holds.max_events
    )
    order by p.id
    for no key update skip locked
  loop
    v_expired := v_expired + private.expire_time_holds(v_provider_id, waits => true);
  end loop;
  for v_event in
    select e.*
    from public.events as e
    where e.id in (
      select b.event_id
      from public.bookings as b
      where b.expires_at <= now()
        and b.event_id is not null
        and not private.is_asked_to_cancel(b)
      order by b.expires_at
      limit sweep_holds.max_events
    )
    order by e.id
    for no key update skip locked
  loop
    v_expired := v_expired + private.expire_holds(v_event, waits => true);
  end loop;
  return v_expired;
end;
$$;
comment on function private.sweep_holds(integer) is
  'Frees lapsed holds. Takes the roots first, providers before events, and skips locked ones, so it never waits for a '
  'booking nor makes one wait.';

create function private.is_asked_to_cancel(booking public.bookings) returns boolean
language sql
stable
set search_path = ''
as $$
  select booking.expires_at > now() - interval '1 hour' and exists (
    select
    from public.payments as p
    where p.booking_id = booking.id
      and p.cancel_requested_at is not null
      and p.status in ('pending', 'failed')
  );
$$;
comment on function private.is_asked_to_cancel(public.bookings) is
  'Whether nothing is to be done for a lapsed hold but to wait for Stripe.';

create function private.drop_open_payment(booking public.bookings) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
begin
  update public.payments as p
  set cancel_requested_at = now()
  where p.booking_id = booking.id
    and p.status in ('pending', 'failed')
    and p.cancel_requested_at is null
  returning p.* into v_payment;
  if found then
    perform private.tell(
      'payment.cancel_requested', booking, extra => jsonb_build_object('payment_id', v_payment.id)
    );
  end if;
end;
$$;
comment on function private.drop_open_payment(public.bookings) is
  'Has Stripe cancel the PaymentIntent of a booking that is not to be paid any more, once.';
