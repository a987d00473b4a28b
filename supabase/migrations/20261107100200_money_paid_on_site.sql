-- What is paid on site is paid there: an offered seat of such an event is held, and could be paid before all the same.

create or replace function private.prepare_payment(booking_id uuid, amount_minor bigint, currency text) returns public.payments
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb :=
    jsonb_build_object('booking_id', booking_id, 'amount_minor', amount_minor, 'currency', currency);
  v_replay constant jsonb := private.begin_command('prepare_payment', v_request);
  v_booking public.bookings;
  v_payment public.payments;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.payments, v_replay);
  end if;
  v_booking := private.lock_booking(prepare_payment.booking_id);
  if private.canceller(v_booking.provider_id) is distinct from 'attendee' then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_BOOKING';
  end if;
  if v_booking.status = 'expired' or v_booking.expires_at <= now() then
    raise sqlstate 'PT410' using message = 'BOOKING_EXPIRED';
  end if;
  if v_booking.status not in ('held', 'pending_payment')
    or v_booking.price_minor = 0
    or (private.occasion(v_booking)).payment_mode <> 'prepaid'
  then
    raise sqlstate 'PT409' using
      message = 'NOTHING_TO_PAY',
      detail = json_build_object('status', v_booking.status)::text;
  end if;
  perform private.check_price(v_booking, prepare_payment.amount_minor, prepare_payment.currency);

  select p.*
  into v_payment
  from public.payments as p
  where p.booking_id = v_booking.id
    and p.status <> 'cancelled';
  if not found then
    v_payment := private.insert_payment(v_booking);
    update public.bookings as b
    set status = 'pending_payment', version = b.version + 1
    where b.id = v_booking.id
      and b.status = 'held';
  end if;
  perform private.finish_command('prepare_payment', v_request, v_booking.id, to_jsonb(v_payment));
  return v_payment;
end;
$$;

-- By what was paid, not by how the event is paid: offers were, until now.
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
    with held as (
      select b.id
      from public.bookings as b
      where b.event_id = event.id
        and b.expires_at is not null
    ), cancelled as (
      update public.bookings as b
      set
        status = 'cancelled',
        cancelled_at = now(),
        cancelled_by = v_by,
        cancellation_reason = nullif(btrim(cancel_bookings.reason), ''),
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
        private.booking_payload(
          c.booking,
          event,
          cause => case when (c.booking).id in (select h.id from held as h) then 'held' else 'event_cancelled' end
        )
      from cancelled as c
      returning key
    )
    select (c.booking).*
    from cancelled as c
    join told as t on t.key = (c.booking).id
    where exists (select from public.payments as p where p.booking_id = (c.booking).id)
    order by (c.booking).id
  loop
    perform private.return_payment(v_booking, true);
  end loop;
end;
$$;
