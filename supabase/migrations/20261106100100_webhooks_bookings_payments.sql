-- Webhooks tell the whole way of a booking, also of one that is held until it is paid, and of the money that moved.

create or replace function private.webhook_events() returns text[]
language sql
immutable
set search_path = ''
as $$
  select array[
    'booking.created', 'booking.cancelled', 'booking.rescheduled', 'booking.completed', 'event.updated',
    'event.cancelled', 'payment.succeeded', 'payment.refunded', 'booking.confirmed', 'booking.expired',
    'booking.no_show'
  ];
$$;

create or replace function private.webhook_data(occurrence private.outbox) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('version', occurrence.version) || coalesce(jsonb_object_agg(f.key, f.value), '{}')
  from jsonb_each(occurrence.payload) as f
  where f.key in (
    'booking_id', 'attendee_id', 'provider_id', 'event_id', 'offering_id', 'endpoint_id', 'payment_id', 'refund_id',
    'status', 'payment_status', 'cause', 'cancelled_by', 'price_minor', 'amount_minor', 'refund_minor', 'currency',
    'booked_at', 'kind', 'title', 'location', 'starts_at', 'ends_at', 'timezone', 'capacity', 'previous_starts_at',
    'previous_ends_at'
  );
$$;

create or replace function private.booking_payload(
  booking public.bookings,
  event public.events,
  cause text default null,
  extra jsonb default '{}'
) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'booking_id', booking.id,
    'attendee_id', booking.attendee_id,
    'provider_id', booking.provider_id,
    'status', booking.status,
    'payment_status', booking.payment_status,
    'price_minor', booking.price_minor,
    'currency', booking.currency,
    'booked_at', booking.created_at,
    'actor_id', (private.actor()).id,
    'cause', cause,
    'cancelled_by', booking.cancelled_by,
    'event_id', event.id,
    'offering_id', booking.offering_id,
    'kind', event.kind,
    'title', event.title,
    'location', event.location,
    'starts_at', event.starts_at,
    'ends_at', event.ends_at,
    'timezone', event.timezone
  )) || extra;
$$;

create or replace function private.take_payment(payment public.payments, booking public.bookings, intent jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_booking public.bookings;
  v_is_seated boolean;
begin
  update public.payments as p
  set
    status = 'succeeded',
    failure_code = null,
    paid_at = now(),
    stripe_charge_id = intent ->> 'charge_id',
    stripe_fee_minor = coalesce((intent ->> 'fee_minor')::bigint, 0),
    receipt_year = r.year,
    receipt_serial = r.serial
  from private.take_receipt_number(payment.provider_id) as r
  where p.id = payment.id
  returning p.* into v_payment;
  perform private.post('payment', v_payment.id, v_payment, jsonb_build_object(
    'stripe_balance', v_payment.amount_minor,
    'provider_payable', -v_payment.payout_minor,
    'platform_fees', -v_payment.fee_minor,
    'tax', -v_payment.tax_minor
  ));
  perform private.post('stripe_fee', v_payment.id, v_payment, jsonb_build_object(
    'stripe_fees', v_payment.stripe_fee_minor,
    'stripe_balance', -v_payment.stripe_fee_minor
  ));
  v_is_seated := private.seat_paid(booking);
  if v_is_seated then
    select b.*
    into v_booking
    from public.bookings as b
    where b.id = booking.id;
  else
    update public.bookings as b
    set payment_status = 'paid', version = b.version + 1
    where b.id = booking.id
    returning b.* into v_booking;
  end if;
  perform private.tell(
    'payment.succeeded',
    v_booking,
    extra => jsonb_build_object('payment_id', v_payment.id, 'amount_minor', v_payment.amount_minor)
  );
  if v_is_seated then
    return 'succeeded';
  end if;
  perform private.create_refund(v_payment, v_payment.amount_minor, 'late_payment');
  perform private.tell('payment.returned', v_booking, extra => jsonb_build_object('payment_id', v_payment.id));
  return 'returned';
end;
$$;
comment on function private.take_payment(public.payments, public.bookings, jsonb) is
  'Marks a payment as paid, with its receipt and ledger entries, confirms its booking and tells of both; where that has '
  'lost its seat or time to somebody else, everything is refunded and both people are told.';

create or replace function private.follow_refunds(payment_id uuid, refund_id uuid, status text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_payment_status text;
  v_booking public.bookings;
begin
  select case
    when returned.minor = 0 then 'paid'
    when returned.minor < p.amount_minor then 'partly_refunded'
    else 'refunded'
  end
  into v_payment_status
  from public.payments as p
  cross join lateral (
    select coalesce(sum(r.amount_minor), 0) as minor
    from public.refunds as r
    where r.payment_id = p.id
      and r.status = 'succeeded'
  ) as returned
  where p.id = follow_refunds.payment_id;
  update public.bookings as b
  set payment_status = v_payment_status, version = b.version + 1
  from public.payments as p
  where p.id = follow_refunds.payment_id
    and b.id = p.booking_id
  returning b.* into v_booking;
  perform private.tell(
    case follow_refunds.status when 'succeeded' then 'payment.refunded' else 'refund.failed' end,
    v_booking,
    extra => jsonb_build_object(
      'payment_id', follow_refunds.payment_id,
      'refund_id', follow_refunds.refund_id,
      'refund_minor', (
        select r.amount_minor
        from public.refunds as r
        where r.id = follow_refunds.refund_id
      )
    )
  );
end;
$$;
