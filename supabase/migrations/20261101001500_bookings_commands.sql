-- Commands of bookings: book, cancel, mark as no-show.

create function private.prepare_hold(event public.events, attendee_id uuid) returns void
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
    count(*) filter (where b.expires_at > now() and b.event_id <> event.id),
    count(*) filter (where b.expires_at > now() and b.event_id <> event.id and b.provider_id = event.provider_id),
    count(*) filter (where b.status = 'expired' or b.expires_at <= now())
  into v_held, v_held_here, v_lapsed
  from public.bookings as b
  where b.attendee_id = prepare_hold.attendee_id
    and b.created_at > now() - interval '1 day'
    and (b.expires_at is not null or b.status = 'expired');
  if v_held >= 3 or v_held_here >= 1 or v_lapsed >= 10 then
    raise sqlstate 'PT429' using message = 'TOO_MANY_HOLDS';
  end if;
end;
$$;
comment on function private.prepare_hold(public.events, uuid) is
  'Before an unpaid seat is held: at most 3 such holds per person, 1 per provider, 10 lapsed ones a day. Makes one '
  'person''s holds take turns. Raises TOO_MANY_HOLDS (429).';

create function private.book_event(event_id uuid, notes text, allow_hold boolean) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_attendee_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('event_id', event_id, 'notes', notes, 'allow_hold', allow_hold);
  v_replay constant jsonb := private.begin_command('book_event', v_request);
  v_event public.events;
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
  if v_event.payment_mode = 'prepaid' and v_event.price_minor > 0 then
    if not book_event.allow_hold then
      raise sqlstate 'PT409' using message = 'PREPAYMENT_REQUIRED';
    end if;
    perform private.prepare_hold(v_event, v_attendee_id);
    perform private.expire_holds(v_event);
  end if;

  v_booking := private.seat(v_event, v_attendee_id, book_event.notes);
  insert into private.outbox (event, key, version, payload)
  values ('booking.created', v_booking.id, v_booking.version, private.booking_payload(v_booking, v_event));
  perform private.finish_command('book_event', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.book_event(uuid, text, boolean) is 'See public.book_event.';

create function private.seat(event public.events, attendee_id uuid, notes text) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_must_pay constant boolean := event.payment_mode = 'prepaid' and event.price_minor > 0;
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
    case when v_must_pay then 'held' else 'confirmed' end,
    case when event.price_minor > 0 then 'due' else 'none' end,
    event.price_minor,
    event.currency,
    seat.notes,
    case when v_must_pay then now() + interval '15 minutes' end,
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
comment on function private.seat(public.events, uuid, text) is
  'Inserts the booking; the constraints decide. The caller holds the event''s lock. Raises ALREADY_BOOKED, EVENT_FULL '
  '(409): the only check that its values can break is the event''s capacity.';

create function public.book_event(event_id uuid, notes text default null, allow_hold boolean default true)
returns public.bookings
language sql
set search_path = ''
as $$
  select private.book_event(book_event.event_id, book_event.notes, book_event.allow_hold);
$$;
comment on function public.book_event(uuid, text, boolean) is
  'Books a seat for the signed-in person: confirmed at once on_site, held for 15 minutes when it must be paid first '
  '(refused when allow_hold is false). Raises SIGN_IN_REQUIRED (401), EVENT_NOT_FOUND (404), EVENT_CANCELLED, '
  'EVENT_STARTED, EVENT_FULL, ALREADY_BOOKED, PREPAYMENT_REQUIRED (409), TOO_MANY_HOLDS (429), INVALID_INPUT (400).';
grant execute on function private.book_event(uuid, text, boolean) to authenticated;
grant execute on function public.book_event(uuid, text, boolean) to authenticated;

create function private.lock_booking(booking_id uuid) returns public.bookings
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
  perform private.lock_event(v_booking.event_id);
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = lock_booking.booking_id
  for no key update;
  return v_booking;
end;
$$;
comment on function private.lock_booking(uuid) is
  'Locks event and booking for one of its people, the service or an administrator. Raises SIGN_IN_REQUIRED (401) after '
  'signing out, BOOKING_NOT_FOUND (404) for everybody else as well.';

create function private.cancel_booking(booking_id uuid, reason text) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id, 'reason', reason);
  v_replay constant jsonb := private.begin_command('cancel_booking', v_request);
  v_booking public.bookings;
  v_event public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('reason', cancel_booking.reason, 2000);
  v_booking := private.lock_booking(cancel_booking.booking_id);
  if v_booking.status not in ('held', 'pending_payment', 'confirmed') then
    raise sqlstate 'PT409' using
      message = 'BOOKING_NOT_CANCELLABLE',
      detail = json_build_object('status', v_booking.status)::text;
  end if;
  select e.*
  into v_event
  from public.events as e
  where e.id = v_booking.event_id;
  if v_event.starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;

  update public.bookings as b
  set
    status = 'cancelled',
    cancelled_at = now(),
    cancelled_by = private.canceller(b.provider_id),
    cancellation_reason = cancel_booking.reason,
    expires_at = null,
    payment_status = case when b.payment_status = 'due' then 'none' else b.payment_status end,
    version = b.version + 1
  where b.id = v_booking.id
  returning b.* into v_booking;
  insert into private.outbox (event, key, version, payload)
  values ('booking.cancelled', v_booking.id, v_booking.version, private.booking_payload(v_booking, v_event));
  perform private.finish_command('cancel_booking', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.cancel_booking(uuid, text) is 'See public.cancel_booking.';

create function public.cancel_booking(booking_id uuid, reason text default null) returns public.bookings
language sql
set search_path = ''
as $$
  select private.cancel_booking(cancel_booking.booking_id, cancel_booking.reason);
$$;
comment on function public.cancel_booking(uuid, text) is
  'Cancels a booking of the signed-in person, as attendee or as provider, until the event starts; frees the seat and '
  'tells everybody. Raises BOOKING_NOT_FOUND (404), BOOKING_NOT_CANCELLABLE and EVENT_STARTED (409), '
  'INVALID_INPUT (400).';
grant execute on function private.cancel_booking(uuid, text) to authenticated, service_role;
grant execute on function public.cancel_booking(uuid, text) to authenticated, service_role;

create function private.mark_no_show(booking_id uuid) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id);
  v_replay constant jsonb := private.begin_command('mark_no_show', v_request);
  v_booking public.bookings;
  v_event public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  v_booking := private.lock_booking(mark_no_show.booking_id);
  if private.canceller(v_booking.provider_id) = 'attendee' then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_EVENT';
  end if;
  select e.*
  into v_event
  from public.events as e
  where e.id = v_booking.event_id;
  if v_booking.status not in ('confirmed', 'completed')
    or now() not between v_event.starts_at and v_event.ends_at + interval '48 hours'
  then
    raise sqlstate 'PT409' using
      message = 'NO_SHOW_NOT_ALLOWED',
      detail = json_build_object('status', v_booking.status, 'until', v_event.ends_at + interval '48 hours')::text;
  end if;

  update public.bookings as b
  set status = 'no_show', version = b.version + 1
  where b.id = v_booking.id
  returning b.* into v_booking;
  insert into private.outbox (event, key, version, payload)
  values ('booking.no_show', v_booking.id, v_booking.version, private.booking_payload(v_booking, v_event));
  perform private.finish_command('mark_no_show', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.mark_no_show(uuid) is 'See public.mark_no_show.';

create function public.mark_no_show(booking_id uuid) returns public.bookings
language sql
set search_path = ''
as $$
  select private.mark_no_show(mark_no_show.booking_id);
$$;
comment on function public.mark_no_show(uuid) is
  'The provider says that the attendee did not come: from the start until 48 hours after the end. Raises '
  'BOOKING_NOT_FOUND (404), NOT_YOUR_EVENT (403), NO_SHOW_NOT_ALLOWED (409).';
grant execute on function private.mark_no_show(uuid) to authenticated;
grant execute on function public.mark_no_show(uuid) to authenticated;
