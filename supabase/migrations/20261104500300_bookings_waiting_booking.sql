-- Booking what was offered: the same commands as ever, by the person whom it is held for.

create function private.is_offer(booking_id uuid) returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select
    from public.waiting_entries as w
    where w.booking_id = is_offer.booking_id
      and w.status = 'offered'
  );
$$;
comment on function private.is_offer(uuid) is 'Whether a booking is held for somebody who waited, and not taken yet.';

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
    count(*) filter (where b.expires_at > now() and not private.is_offer(b.id)),
    count(*) filter (
      where b.expires_at > now() and b.provider_id = event.provider_id and not private.is_offer(b.id)
    ),
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
  'Before an unpaid seat or time is held: at most 3 such holds per person, 1 per provider, 10 lapsed ones a day; those of '
  'this event and offers of the waiting list are left out. For one-to-one time the event has a provider and no id. Makes '
  'one person''s holds take turns. Raises TOO_MANY_HOLDS (429).';

create function private.accept_offer(booking public.bookings, notes text) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_must_pay constant boolean :=
    booking.price_minor > 0 and (private.occasion(booking)).payment_mode = 'prepaid';
  v_booking public.bookings;
begin
  update public.bookings as b
  set
    notes = coalesce(accept_offer.notes, b.notes),
    status = case when v_must_pay then b.status else 'confirmed' end,
    expires_at = case when v_must_pay then b.expires_at end,
    version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  if not v_must_pay then
    perform private.tell('booking.confirmed', v_booking);
  end if;
  return v_booking;
end;
$$;
comment on function private.accept_offer(public.bookings, text) is
  'What booking an offered seat or time does: confirms it, or leaves it held until it is paid. The caller holds the '
  'root''s lock.';

create function private.offer_for(person_id uuid, event_id uuid, chosen private.chosen_time default null)
returns public.bookings
language sql
stable
set search_path = ''
as $$
  select b
  from public.waiting_entries as w
  join public.bookings as b on b.id = w.booking_id
  where w.person_id = offer_for.person_id
    and w.status = 'offered'
    and b.expires_at > now()
    and (
      w.event_id = offer_for.event_id
      or (w.provider_id = chosen.provider_id and w.during = tstzrange(chosen.starts_at, chosen.ends_at))
    );
$$;
comment on function private.offer_for(uuid, uuid, private.chosen_time) is
  'The booking that is held for a person who waited for this event or time; null without one.';

create function private.seat(event public.events, attendee_id uuid, notes text, held_until timestamptz)
returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  insert into public.bookings as b (
    attendee_id, provider_id, event_id, status, payment_status, price_minor, currency, notes, expires_at,
    free_cancellation_until, late_refund_percent
  )
  select
    seat.attendee_id,
    event.provider_id,
    event.id,
    case when seat.held_until is null then 'confirmed' else 'held' end,
    case when event.price_minor > 0 then 'due' else 'none' end,
    event.price_minor,
    event.currency,
    seat.notes,
    seat.held_until,
    event.starts_at - make_interval(mins => p.cancellation_deadline_minutes),
    p.late_refund_percent
  from public.providers as p
  where p.id = event.provider_id
  returning b.* into v_booking;
  return v_booking;
exception
  when unique_violation then
    raise sqlstate 'PT409' using message = 'ALREADY_BOOKED';
  when check_violation then
    raise sqlstate 'PT409' using message = 'EVENT_FULL';
end;
$$;
comment on function private.seat(public.events, uuid, text, timestamptz) is
  'Inserts the booking, held until then or confirmed; the constraints decide. The caller holds the event''s lock. Raises '
  'ALREADY_BOOKED, EVENT_FULL (409): the only check that its values can break is the event''s capacity.';

create or replace function private.book_event(event_id uuid, notes text, allow_hold boolean) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_attendee_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('event_id', event_id, 'notes', notes, 'allow_hold', allow_hold);
  v_replay constant jsonb := private.begin_command('book_event', v_request);
  v_event public.events;
  v_must_pay boolean;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('notes', book_event.notes, 2000);
  v_event := private.lock_event(book_event.event_id);
  if v_event.status is distinct from 'published' then
    raise sqlstate 'PT409' using message = 'EVENT_CANCELLED';
  end if;
  if v_event.starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;
  v_must_pay := v_event.payment_mode = 'prepaid' and v_event.price_minor > 0;
  if v_must_pay and not book_event.allow_hold then
    raise sqlstate 'PT409' using message = 'PREPAYMENT_REQUIRED';
  end if;
  if exists (select from public.bookings as b where b.event_id = v_event.id and b.expires_at is not null) then
    perform private.expire_holds(v_event);
    v_booking := private.offer_for(v_attendee_id, v_event.id);
  end if;
  if v_booking.id is not null then
    v_booking := private.accept_offer(v_booking, book_event.notes);
  else
    if v_must_pay then
      perform private.prepare_hold(v_event, v_attendee_id);
    end if;
    v_booking := private.seat(
      v_event, v_attendee_id, book_event.notes, case when v_must_pay then now() + interval '15 minutes' end
    );
    insert into private.outbox (event, key, version, payload)
    values (
      'booking.created',
      v_booking.id,
      v_booking.version,
      private.booking_payload(v_booking, v_event, case when v_must_pay then 'held' end)
    );
    perform private.stop_waiting(v_booking);
  end if;
  perform private.finish_command('book_event', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
drop function private.seat(public.events, uuid, text);
comment on function public.book_event(uuid, text, boolean) is
  'Books a seat for the signed-in person: confirmed at once on_site, held for 15 minutes when it must be paid first '
  '(refused when allow_hold is false); a seat that the waiting list offered is taken so. Raises SIGN_IN_REQUIRED (401), '
  'EVENT_NOT_FOUND (404), EVENT_CANCELLED, EVENT_STARTED, EVENT_FULL, ALREADY_BOOKED, PREPAYMENT_REQUIRED (409), '
  'TOO_MANY_HOLDS (429), INVALID_INPUT (400).';

create function private.stop_waiting(booking public.bookings) returns void
language sql
set search_path = ''
as $$
  update public.waiting_entries as w
  set status = 'taken', booking_id = booking.id
  where w.person_id = booking.attendee_id
    and w.status = 'waiting'
    and (w.event_id = booking.event_id or (w.provider_id = booking.provider_id and w.during = booking.during));
$$;
comment on function private.stop_waiting(public.bookings) is 'Ends the waiting of a person who booked it otherwise.';

create or replace function private.take_time(booking public.bookings) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_held_until constant timestamptz := coalesce(
    booking.expires_at,
    case when booking.price_minor > 0 then now() + interval '15 minutes' end
  );
  v_booking public.bookings;
begin
  insert into public.bookings as b (
    attendee_id, provider_id, during, timezone, slot_id, offering_id, status, payment_status, price_minor, currency,
    notes, expires_at, free_cancellation_until, late_refund_percent, buffer_before_minutes, buffer_after_minutes
  )
  values (
    booking.attendee_id, booking.provider_id, booking.during, booking.timezone, booking.slot_id, booking.offering_id,
    case when v_held_until is null then 'confirmed' else 'held' end,
    case when booking.price_minor > 0 then 'due' else 'none' end,
    booking.price_minor, booking.currency, booking.notes, v_held_until, booking.free_cancellation_until,
    booking.late_refund_percent, booking.buffer_before_minutes, booking.buffer_after_minutes
  )
  returning b.* into v_booking;
  return v_booking;
exception
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
end;
$$;
comment on function private.take_time(public.bookings) is
  'Inserts a one-to-one booking, held until its expires_at where it has one; the constraints of provider_time decide. '
  'Raises SLOT_NOT_AVAILABLE (409).';

create or replace function private.book_time(
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  offering_id uuid,
  notes text
) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_attendee_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'provider_id', provider_id, 'starts_at', starts_at, 'ends_at', ends_at, 'slot_id', slot_id,
    'offering_id', offering_id, 'notes', notes
  ));
  v_replay constant jsonb := private.begin_command('book_time', v_request);
  v_chosen private.chosen_time;
  v_provider public.providers;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('notes', book_time.notes, 2000);
  v_chosen := private.choose_time(
    book_time.provider_id, book_time.starts_at, book_time.ends_at, book_time.slot_id
  );
  v_provider := private.lock_other_provider(v_chosen.provider_id, v_attendee_id);
  perform private.expire_time_holds(v_provider.id);
  v_booking := private.offer_for(v_attendee_id, null, v_chosen);
  if v_booking.id is not null then
    v_booking := private.accept_offer(v_booking, book_time.notes);
  else
    v_booking := private.time_booking(v_provider, v_chosen, book_time.offering_id);
    v_booking.attendee_id := v_attendee_id;
    v_booking.notes := book_time.notes;
    if v_booking.price_minor > 0 then
      perform private.prepare_hold(
        jsonb_populate_record(null::public.events, jsonb_build_object('provider_id', v_provider.id)), v_attendee_id
      );
    end if;
    perform private.require_open_time(v_chosen);
    v_booking := private.take_time(v_booking);
    perform private.tell('booking.created', v_booking, case when v_booking.status = 'held' then 'held' end);
    perform private.stop_waiting(v_booking);
  end if;
  perform private.finish_command('book_time', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;

create function private.lock_other_provider(provider_id uuid, caller_id uuid) returns public.providers
language plpgsql
set search_path = ''
as $$
declare
  v_provider public.providers;
begin
  if lock_other_provider.provider_id = lock_other_provider.caller_id then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "provider_id", "reason": "must be somebody else"}';
  end if;
  v_provider := private.lock_provider(lock_other_provider.provider_id);
  if v_provider.id is null or v_provider.retired_at is not null then
    raise sqlstate 'PT404' using message = 'PROVIDER_NOT_FOUND';
  end if;
  return v_provider;
end;
$$;
comment on function private.lock_other_provider(uuid, uuid) is
  'Locks a provider whom the caller wants time of. Raises PROVIDER_NOT_FOUND (404), INVALID_INPUT (400) for oneself.';
comment on function public.book_time(uuid, timestamptz, timestamptz, uuid, uuid, text) is
  'Books one-to-one time for the signed-in person: a slot, or any time that private.open_times has. Free of charge it is '
  'confirmed at once, else held for 15 minutes until it is paid; time that the waiting list offered is taken so. Raises '
  'SIGN_IN_REQUIRED (401), PROVIDER_NOT_FOUND, SLOT_NOT_FOUND and OFFERING_NOT_FOUND (404), SLOT_NOT_AVAILABLE (409), '
  'TOO_MANY_HOLDS (429), INVALID_INPUT (400).';
