-- Cancelling and what it returns: one policy, frozen on the booking, for preview, cancellation and refund.

create function private.policy_refund(booking public.bookings, payment public.payments) returns bigint
language sql
stable
set search_path = ''
as $$
  select case
    when booking.status in ('completed', 'no_show') then 0
    when decided.by_whom is distinct from 'attendee' then payment.amount_minor
    when decided.at <= booking.free_cancellation_until then payment.amount_minor
    else round(payment.amount_minor * booking.late_refund_percent / 100.0)::bigint
  end
  from (
    select
      coalesce(booking.cancelled_by, private.canceller(booking.provider_id)) as by_whom,
      coalesce(booking.cancelled_at, now()) as at
  ) as decided;
$$;
comment on function private.policy_refund(public.bookings, public.payments) is
  'What the booking''s policy returns of its payment when the caller cancels now, or returned when it was cancelled: all '
  'before the deadline or when it is not the attendee who cancels, later the frozen share (rounded half up), nothing once '
  'it took place. In minor units, whatever was refunded already.';

create function private.paid_payment(booking_id uuid) returns public.payments
language sql
set search_path = ''
as $$
  select p
  from public.payments as p
  where p.booking_id = paid_payment.booking_id
    and p.status = 'succeeded'
  for no key update;
$$;
comment on function private.paid_payment(uuid) is 'Locks and answers the payment that paid a booking; null when none did.';

create function private.return_payment(booking public.bookings, wanted boolean) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_due bigint;
begin
  perform private.drop_open_payment(booking);
  v_payment := private.paid_payment(booking.id);
  v_due := private.policy_refund(booking, v_payment) - v_payment.refunded_minor;
  if wanted and v_due > 0 then
    perform private.create_refund(v_payment, v_due, 'cancellation', booking.cancellation_reason);
  end if;
end;
$$;
comment on function private.return_payment(public.bookings, boolean) is
  'After a cancellation: has an open PaymentIntent cancelled, and refunds by the policy unless that is not wanted.';

create function private.create_refund(payment public.payments, amount_minor bigint, cause text, reason text default null)
returns public.refunds
language plpgsql
set search_path = ''
as $$
declare
  v_fee_minor bigint;
  v_refund public.refunds;
  v_booking public.bookings;
begin
  v_fee_minor := private.refund_fee(payment, create_refund.amount_minor);
  update public.payments as p
  set refunded_minor = p.refunded_minor + create_refund.amount_minor
  where p.id = payment.id;
  insert into public.refunds as r (payment_id, amount_minor, fee_minor, payout_minor, cause, reason, requested_by)
  values (
    payment.id, create_refund.amount_minor, v_fee_minor, create_refund.amount_minor - v_fee_minor,
    create_refund.cause, create_refund.reason, (private.actor()).id
  )
  returning r.* into v_refund;
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = payment.booking_id;
  perform private.tell(
    'refund.requested', v_booking, create_refund.cause,
    jsonb_build_object('refund_id', v_refund.id, 'refund_minor', v_refund.amount_minor)
  );
  return v_refund;
exception
  when check_violation then
    raise sqlstate 'PT409' using message = 'REFUND_NOT_ALLOWED';
end;
$$;
comment on function private.create_refund(public.payments, bigint, text, text) is
  'Orders a refund. The caller holds the lock of the payment; payments_refunded_within_amount decides. Raises '
  'REFUND_NOT_ALLOWED (409) above what is left.';

create function private.refund_fee(payment public.payments, amount_minor bigint) returns bigint
language sql
stable
set search_path = ''
as $$
  select least(refund_fee.amount_minor, greatest(0,
    round(payment.fee_minor * (payment.refunded_minor + refund_fee.amount_minor) / payment.amount_minor::numeric)
      - coalesce((
        select sum(r.fee_minor)
        from public.refunds as r
        where r.payment_id = payment.id
          and r.status <> 'failed'
      ), 0)
  ))::bigint;
$$;
comment on function private.refund_fee(public.payments, bigint) is
  'The platform''s part of a further refund: all refunds together are rounded once, so a full one returns the whole fee.';

create function private.is_refund_wanted(booking public.bookings) returns boolean
language sql
stable
set search_path = ''
as $$
  select booking.payment_status in ('paid', 'partly_refunded') or booking.status = 'pending_payment';
$$;
comment on function private.is_refund_wanted(public.bookings) is 'Whether a booking has a payment to return or to stop.';

create type public.refund_preview as (
  booking_id uuid,
  paid_minor bigint,
  refunded_minor bigint,
  refund_minor bigint,
  currency text,
  free_cancellation_until timestamptz,
  late_refund_percent smallint
);
comment on type public.refund_preview is
  'What cancelling would return to the attendee, in minor units: refund_minor beyond refunded_minor.';

create function public.refund_preview(booking_id uuid) returns public.refund_preview
language plpgsql
stable
set search_path = ''
as $$
declare
  v_booking public.bookings;
  v_payment public.payments;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = refund_preview.booking_id;
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  select p.*
  into v_payment
  from public.payments as p
  where p.booking_id = v_booking.id
    and p.status = 'succeeded';
  return (
    v_booking.id,
    coalesce(v_payment.amount_minor, 0),
    coalesce(v_payment.refunded_minor, 0),
    greatest(0, coalesce(private.policy_refund(v_booking, v_payment) - v_payment.refunded_minor, 0)),
    v_booking.currency,
    v_booking.free_cancellation_until,
    v_booking.late_refund_percent
  );
end;
$$;
comment on function public.refund_preview(uuid) is
  'What cancelling a booking now would return, to the signed-in attendee or provider who asks. Raises BOOKING_NOT_FOUND '
  '(404).';
grant execute on function private.policy_refund(public.bookings, public.payments) to authenticated, service_role;
grant execute on function private.canceller(uuid) to authenticated, service_role;
grant execute on function public.refund_preview(uuid) to authenticated, service_role;
