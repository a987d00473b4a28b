-- Commands of one-to-one bookings: book a time, move it, note something on it.

create type private.chosen_time as (
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid
);
comment on type private.chosen_time is 'The time that a caller wants, by a slot''s id or by its bounds.';

create function private.choose_time(
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid
) returns private.chosen_time
language plpgsql
stable
set search_path = ''
as $$
declare
  v_chosen private.chosen_time;
  v_problem text;
begin
  if choose_time.slot_id is null then
    v_chosen := (choose_time.provider_id, choose_time.starts_at, choose_time.ends_at, null);
  else
    select s.provider_id, s.starts_at, s.ends_at, s.id
    into v_chosen
    from public.slots as s
    where s.id = choose_time.slot_id;
    if not found then
      raise sqlstate 'PT404' using message = 'SLOT_NOT_FOUND';
    end if;
  end if;
  v_problem := case
    when v_chosen.provider_id is distinct from coalesce(choose_time.provider_id, v_chosen.provider_id)
      then '{"field": "provider_id", "reason": "must be the slot''s"}'
    when v_chosen.provider_id is null then '{"field": "provider_id", "reason": "is required without a slot"}'
    when v_chosen.starts_at is null or v_chosen.ends_at is null
      then '{"field": "starts_at", "reason": "and ends_at are required without a slot"}'
    when v_chosen.ends_at <= v_chosen.starts_at then '{"field": "ends_at", "reason": "must be after the start"}'
    when v_chosen.ends_at > v_chosen.starts_at + interval '1 day'
      then '{"field": "ends_at", "reason": "must be within a day of the start"}'
  end;
  if v_problem is not null then
    raise sqlstate 'PT400' using message = 'INVALID_INPUT', detail = v_problem;
  end if;
  return v_chosen;
end;
$$;
comment on function private.choose_time(uuid, timestamptz, timestamptz, uuid) is
  'The time that a slot has, or the one that is given. Raises SLOT_NOT_FOUND (404), INVALID_INPUT (400).';

create function private.require_open_time(chosen private.chosen_time, ignoring_booking uuid default null) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.is_open_time(chosen.provider_id, chosen.starts_at, chosen.ends_at, ignoring_booking)
    or exists (select from public.slots as s where s.id = chosen.slot_id and s.status <> 'open')
  then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
  end if;
end;
$$;
comment on function private.require_open_time(private.chosen_time, uuid) is
  'Raises SLOT_NOT_AVAILABLE (409) unless the provider can be booked at this time now. The caller holds their lock.';

create function private.book_time(
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
  if v_chosen.provider_id = v_attendee_id then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "provider_id", "reason": "must be somebody else"}';
  end if;
  v_provider := private.lock_provider(v_chosen.provider_id);
  if v_provider.id is null or v_provider.retired_at is not null then
    raise sqlstate 'PT404' using message = 'PROVIDER_NOT_FOUND';
  end if;
  v_booking := private.time_booking(v_provider, v_chosen, book_time.offering_id);
  v_booking.attendee_id := v_attendee_id;
  v_booking.notes := book_time.notes;
  if v_booking.price_minor > 0 then
    perform private.prepare_hold(
      jsonb_populate_record(null::public.events, jsonb_build_object('provider_id', v_provider.id)), v_attendee_id
    );
  end if;
  perform private.expire_time_holds(v_provider.id);
  perform private.require_open_time(v_chosen);

  v_booking := private.take_time(v_booking);
  perform private.tell('booking.created', v_booking, case when v_booking.status = 'held' then 'held' end);
  perform private.finish_command('book_time', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.book_time(uuid, timestamptz, timestamptz, uuid, uuid, text) is 'See public.book_time.';

create function private.time_booking(provider public.providers, chosen private.chosen_time, offering_id uuid)
returns public.bookings
language plpgsql
stable
set search_path = ''
as $$
declare
  v_price constant private.price :=
    private.price_of_time(provider.id, chosen.starts_at, chosen.ends_at, time_booking.offering_id);
  v_booking public.bookings;
begin
  if v_price.problem is not null then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', 'offering_id', 'reason', v_price.problem)::text;
  end if;
  v_booking.provider_id := provider.id;
  v_booking.during := tstzrange(chosen.starts_at, chosen.ends_at);
  v_booking.slot_id := chosen.slot_id;
  v_booking.offering_id := time_booking.offering_id;
  v_booking.price_minor := v_price.amount_minor;
  v_booking.currency := v_price.currency;
  v_booking.late_refund_percent := provider.late_refund_percent;
  select
    s.timezone,
    s.buffer_before_minutes,
    s.buffer_after_minutes,
    chosen.starts_at
      - make_interval(mins => coalesce(s.cancellation_deadline_minutes, provider.cancellation_deadline_minutes))
  into
    v_booking.timezone,
    v_booking.buffer_before_minutes,
    v_booking.buffer_after_minutes,
    v_booking.free_cancellation_until
  from public.availability_schedules as s
  where s.provider_id = provider.id
    and s.is_active;
  if not found then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
  end if;
  return v_booking;
end;
$$;
comment on function private.time_booking(public.providers, private.chosen_time, uuid) is
  'A booking of this time as it would be made now: price, and the schedule''s zone, buffers and deadline, all frozen. '
  'Raises SLOT_NOT_AVAILABLE (409) without an active schedule, OFFERING_NOT_FOUND (404), INVALID_INPUT (400).';

create function private.take_time(booking public.bookings) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_must_pay constant boolean := booking.price_minor > 0;
  v_booking public.bookings;
begin
  insert into public.bookings as b (
    attendee_id, provider_id, during, timezone, slot_id, offering_id, status, payment_status, price_minor, currency,
    notes, expires_at, free_cancellation_until, late_refund_percent, buffer_before_minutes, buffer_after_minutes
  )
  values (
    booking.attendee_id, booking.provider_id, booking.during, booking.timezone, booking.slot_id, booking.offering_id,
    case when v_must_pay then 'held' else 'confirmed' end,
    case when v_must_pay then 'due' else 'none' end,
    booking.price_minor, booking.currency, booking.notes,
    case when v_must_pay then now() + interval '15 minutes' end,
    booking.free_cancellation_until, booking.late_refund_percent, booking.buffer_before_minutes,
    booking.buffer_after_minutes
  )
  returning b.* into v_booking;
  return v_booking;
exception
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
end;
$$;
comment on function private.take_time(public.bookings) is
  'Inserts a one-to-one booking; the constraints of provider_time decide. Raises SLOT_NOT_AVAILABLE (409).';

create function public.book_time(
  provider_id uuid default null,
  starts_at timestamptz default null,
  ends_at timestamptz default null,
  slot_id uuid default null,
  offering_id uuid default null,
  notes text default null
) returns public.bookings
language sql
set search_path = ''
as $$
  select private.book_time(
    book_time.provider_id, book_time.starts_at, book_time.ends_at, book_time.slot_id, book_time.offering_id,
    book_time.notes
  );
$$;
comment on function public.book_time(uuid, timestamptz, timestamptz, uuid, uuid, text) is
  'Books one-to-one time for the signed-in person: a slot, or any time that private.open_times has. Free of charge it is '
  'confirmed at once, else held for 15 minutes until it is paid. Raises SIGN_IN_REQUIRED (401), PROVIDER_NOT_FOUND, '
  'SLOT_NOT_FOUND and OFFERING_NOT_FOUND (404), SLOT_NOT_AVAILABLE (409), TOO_MANY_HOLDS (429), INVALID_INPUT (400).';
grant execute on function private.book_time(uuid, timestamptz, timestamptz, uuid, uuid, text) to authenticated;
grant execute on function public.book_time(uuid, timestamptz, timestamptz, uuid, uuid, text) to authenticated;

-- A hold is nobody's seat yet: people hear of it when it is paid.
update private.outbox_routes as r
set skip_cause = 'held'
where r.event = 'booking.created';
insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('booking.confirmed', 'notification', 'attendee', false, null),
  ('booking.confirmed', 'notification', 'provider', false, null),
  ('booking.confirmed', 'email', 'attendee', false, null),
  ('booking.confirmed', 'email', 'provider', false, null),
  ('booking.confirmed', 'crm', '', false, null),
  ('booking.rescheduled', 'notification', 'provider', true, 'event_moved'),
  ('booking.rescheduled', 'email', 'provider', true, 'event_moved');
