-- How a booking ends: cancelled by one of its people or with its event, marked as a no-show, completed by time.

drop function public.cancel_booking(uuid, text);
drop function private.cancel_booking(uuid, text);

create function private.cancel_booking(booking_id uuid, reason text, request_refund boolean default true)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb :=
    jsonb_build_object('booking_id', booking_id, 'reason', reason, 'request_refund', request_refund);
  v_replay constant jsonb := private.begin_command('cancel_booking', v_request);
  v_booking public.bookings;
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
  if (private.occasion(v_booking)).starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;
  v_booking := private.end_booking(
    v_booking, cancel_booking.reason, cancel_booking.request_refund is distinct from false
  );
  perform private.finish_command('cancel_booking', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.cancel_booking(uuid, text, boolean) is 'See public.cancel_booking.';

create function private.end_booking(booking public.bookings, reason text, request_refund boolean) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  update public.bookings as b
  set
    status = 'cancelled',
    cancelled_at = now(),
    cancelled_by = private.canceller(b.provider_id),
    cancellation_reason = end_booking.reason,
    expires_at = null,
    payment_status = case when b.payment_status = 'due' then 'none' else b.payment_status end,
    version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  perform private.tell('booking.cancelled', v_booking);
  if private.is_refund_wanted(booking) then
    perform private.return_payment(v_booking, request_refund);
  end if;
  return v_booking;
end;
$$;
comment on function private.end_booking(public.bookings, text, boolean) is
  'Cancels a booking whose lock is held: frees its seat or time, tells everybody, returns what the policy returns.';

create function public.cancel_booking(booking_id uuid, reason text default null, request_refund boolean default true)
returns public.bookings
language sql
set search_path = ''
as $$
  select private.cancel_booking(cancel_booking.booking_id, cancel_booking.reason, cancel_booking.request_refund);
$$;
comment on function public.cancel_booking(uuid, text, boolean) is
  'Cancels a booking of the signed-in person, as attendee or as provider, until it starts; frees the seat or the time, '
  'tells everybody and refunds by the frozen policy unless request_refund is false. Raises BOOKING_NOT_FOUND (404), '
  'BOOKING_NOT_CANCELLABLE and EVENT_STARTED (409), INVALID_INPUT (400).';
grant execute on function private.cancel_booking(uuid, text, boolean) to authenticated, service_role;
grant execute on function public.cancel_booking(uuid, text, boolean) to authenticated, service_role;

create or replace function private.cancel_bookings(event public.events, reason text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_by constant text := private.canceller(event.provider_id);
  v_booking public.bookings;
begin
  perform private.expire_holds(event);
  for v_booking in
    with cancelled as (
      update public.bookings as b
      set
        status = 'cancelled',
        cancelled_at = now(),
        cancelled_by = v_by,
        cancellation_reason = cancel_bookings.reason,
        expires_at = null,
        payment_status = case when b.payment_status = 'due' then 'none' else b.payment_status end,
        version = b.version + 1
      where b.event_id = event.id
        and b.is_live
      returning b as booking
    ), told as (
      insert into private.outbox (event, key, version, payload)
      select
        'booking.cancelled',
        (c.booking).id,
        (c.booking).version,
        private.booking_payload(c.booking, event, cause => 'event_cancelled')
      from cancelled as c
      returning key
    )
    select (c.booking).*
    from cancelled as c
    join told as t on t.key = (c.booking).id
    where event.payment_mode = 'prepaid'
    order by (c.booking).id
  loop
    perform private.return_payment(v_booking, true);
  end loop;
end;
$$;

create or replace function private.mark_no_show(booking_id uuid) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id);
  v_replay constant jsonb := private.begin_command('mark_no_show', v_request);
  v_booking public.bookings;
  v_occasion public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  v_booking := private.lock_booking(mark_no_show.booking_id);
  if private.canceller(v_booking.provider_id) = 'attendee' then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_EVENT';
  end if;
  v_occasion := private.occasion(v_booking);
  if v_booking.status not in ('confirmed', 'completed')
    or now() not between v_occasion.starts_at and v_occasion.ends_at + interval '48 hours'
  then
    raise sqlstate 'PT409' using
      message = 'NO_SHOW_NOT_ALLOWED',
      detail = json_build_object('status', v_booking.status, 'until', v_occasion.ends_at + interval '48 hours')::text;
  end if;

  update public.bookings as b
  set status = 'no_show', version = b.version + 1
  where b.id = v_booking.id
  returning b.* into v_booking;
  perform private.tell('booking.no_show', v_booking);
  perform private.finish_command('mark_no_show', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;

create function private.finish_times(max_providers integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_provider_id uuid;
  v_booking public.bookings;
  v_completed integer := 0;
begin
  for v_provider_id in
    select p.id
    from public.providers as p
    where p.id in (
      select b.provider_id
      from public.bookings as b
      where b.status = 'confirmed'
        and b.during is not null
        and upper(b.during) <= now() - interval '1 hour'
      order by upper(b.during)
      limit finish_times.max_providers
    )
    order by p.id
    for no key update skip locked
  loop
    for v_booking in
      update public.bookings as b
      set status = 'completed', version = b.version + 1
      where b.provider_id = v_provider_id
        and b.status = 'confirmed'
        and b.during is not null
        and upper(b.during) <= now() - interval '1 hour'
      returning b.*
    loop
      perform private.tell('booking.completed', v_booking);
      v_completed := v_completed + 1;
    end loop;
  end loop;
  return v_completed;
end;
$$;
comment on function private.finish_times(integer) is
  'Completes one-to-one bookings that ended an hour ago, provider by provider. Answers how many.';

create function private.finish_seats(max_events integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_event public.events;
  v_count integer;
  v_completed integer := 0;
begin
  for v_event in
    select e.*
    from public.events as e
    where e.status = 'published'
      and e.finished_at is null
      and e.ends_at <= now() - interval '1 hour'
    order by e.ends_at
    limit finish_seats.max_events
    for no key update skip locked
  loop
    update public.events as e
    set finished_at = now()
    where e.id = v_event.id;
    with completed as (
      update public.bookings as b
      set status = 'completed', version = b.version + 1
      where b.event_id = v_event.id
        and b.status = 'confirmed'
      returning b as booking
    ), told as (
      insert into private.outbox (event, key, version, payload)
      select 'booking.completed', (c.booking).id, (c.booking).version, private.booking_payload(c.booking, v_event)
      from completed as c
      returning id
    )
    select count(*) into v_count from told;
    v_completed := v_completed + v_count;
  end loop;
  return v_completed;
end;
$$;
comment on function private.finish_seats(integer) is
  'Completes the confirmed bookings of events that ended an hour ago. Answers how many.';

create or replace function private.finish_events(max_events integer) returns integer
language sql
set search_path = ''
as $$
  select private.finish_seats(finish_events.max_events) + private.finish_times(finish_events.max_events);
$$;
comment on function private.finish_events(integer) is
  'Completes the confirmed bookings of what ended an hour ago: events and one-to-one time. Answers how many bookings.';
