-- Paying a booking: prepared by its attendee, then written by what Stripe says alone.

create function private.prepare_payment(booking_id uuid, amount_minor bigint, currency text) returns public.payments
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
  if v_booking.status not in ('held', 'pending_payment') then
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
comment on function private.prepare_payment(uuid, bigint, text) is 'See public.prepare_payment.';

create function private.check_price(booking public.bookings, amount_minor bigint, currency text) returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if upper(check_price.currency) is distinct from booking.currency then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', 'currency', 'reason', 'must be ' || booking.currency)::text;
  end if;
  if check_price.amount_minor is distinct from booking.price_minor then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "amount", "reason": "must be the price of the booking"}';
  end if;
end;
$$;
comment on function private.check_price(public.bookings, bigint, text) is
  'Raises INVALID_INPUT (400) unless the client meant the price that the booking has. What is charged is the booking''s.';

create function private.insert_payment(booking public.bookings) returns public.payments
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
begin
  insert into public.payments as p (
    booking_id, payer_id, provider_id, amount_minor, currency, fee_minor, payout_minor
  )
  select
    booking.id, booking.attendee_id, booking.provider_id, booking.price_minor, booking.currency, f.minor,
    booking.price_minor - f.minor
  from private.money_settings as s
  cross join lateral (select round(booking.price_minor * s.fee_percent / 100)::bigint as minor) as f
  returning p.* into v_payment;
  return v_payment;
end;
$$;
comment on function private.insert_payment(public.bookings) is 'A payment of a booking''s price; the platform''s fee is rounded half up, here and nowhere else.';

create function public.prepare_payment(booking_id uuid, amount_minor bigint, currency text) returns public.payments
language sql
set search_path = ''
as $$
  select private.prepare_payment(prepare_payment.booking_id, prepare_payment.amount_minor, prepare_payment.currency);
$$;
comment on function public.prepare_payment(uuid, bigint, text) is
  'The payment of a held booking of the signed-in person; the same one when asked again. amount_minor and currency are '
  'compared with the booking''s price, which is what is charged. Raises BOOKING_NOT_FOUND (404), NOT_YOUR_BOOKING (403), '
  'BOOKING_EXPIRED (410), NOTHING_TO_PAY (409), INVALID_INPUT (400).';
grant execute on function private.prepare_payment(uuid, bigint, text) to authenticated;
grant execute on function public.prepare_payment(uuid, bigint, text) to authenticated;

create function private.attach_payment_intent(payment_id uuid, intent_id text) returns public.payments
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_payment public.payments;
begin
  perform private.begin_command('attach_payment_intent', '{}');
  update public.payments as p
  set stripe_payment_intent_id = coalesce(p.stripe_payment_intent_id, attach_payment_intent.intent_id)
  where p.id = attach_payment_intent.payment_id
  returning p.* into v_payment;
  if not found then
    raise sqlstate 'PT404' using message = 'PAYMENT_NOT_FOUND';
  end if;
  return v_payment;
end;
$$;
comment on function private.attach_payment_intent(uuid, text) is 'See public.attach_payment_intent.';

create function public.attach_payment_intent(payment_id uuid, intent_id text) returns public.payments
language sql
set search_path = ''
as $$
  select private.attach_payment_intent(attach_payment_intent.payment_id, attach_payment_intent.intent_id);
$$;
comment on function public.attach_payment_intent(uuid, text) is
  'Names the PaymentIntent of a payment, once; its client secret is kept nowhere. Answers the payment with the intent that '
  'it has. Raises PAYMENT_NOT_FOUND (404). For the service role.';
grant execute on function private.attach_payment_intent(uuid, text) to service_role;
grant execute on function public.attach_payment_intent(uuid, text) to service_role;
