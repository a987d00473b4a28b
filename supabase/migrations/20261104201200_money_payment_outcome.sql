-- What becomes of a payment: one command for the webhook, for a client that asks, and for the worker.

create type public.stripe_outcome as (outcome text, payment_id uuid, booking_status text);
comment on type public.stripe_outcome is
  'What came of an object of Stripe. outcome: succeeded, failed, cancelled, pending, returned (paid too late and refunded), '
  'unknown (not ours), mismatch (ours, but of another amount or currency).';

create function private.note_stripe_event(event jsonb, outcome text) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if event ->> 'id' is null then
    return true;
  end if;
  insert into private.stripe_events (id, type, object_id, outcome)
  values (event ->> 'id', event ->> 'type', event ->> 'object_id', note_stripe_event.outcome)
  on conflict on constraint stripe_events_pkey do nothing;
  return found;
end;
$$;
comment on function private.note_stripe_event(jsonb, text) is
  'Notes an event {id, type, object_id} as taken, in the transaction that acts on it; false when it was before.';

create function private.record_payment_intent(intent jsonb, event jsonb) returns public.stripe_outcome
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_booking public.bookings;
  v_outcome text;
begin
  perform private.begin_command('record_payment_intent', '{}');
  select p.*
  into v_payment
  from public.payments as p
  where p.stripe_payment_intent_id = intent ->> 'id'
    or (p.stripe_payment_intent_id is null and p.id = private.uuid_of(intent -> 'metadata' ->> 'payment_id'));
  if not found then
    perform private.note_stripe_event(event, 'unknown');
    return ('unknown', null, null)::public.stripe_outcome;
  end if;
  v_booking := private.lock_booking(v_payment.booking_id);
  select p.*
  into v_payment
  from public.payments as p
  where p.id = v_payment.id
  for no key update;

  if (intent ->> 'amount')::bigint is distinct from v_payment.amount_minor
    or upper(intent ->> 'currency') is distinct from v_payment.currency
  then
    v_outcome := 'mismatch';
  elsif v_payment.status in ('succeeded', 'cancelled') then
    v_outcome := private.settled_outcome(v_payment);
  else
    v_outcome := private.apply_payment_intent(v_payment, v_booking, intent);
  end if;
  perform private.note_stripe_event(event, v_outcome);
  select b.status
  into v_booking.status
  from public.bookings as b
  where b.id = v_booking.id;
  perform private.finish_command('record_payment_intent', '{}', v_booking.id, '{}', jsonb_build_object('outcome', v_outcome));
  return (v_outcome, v_payment.id, v_booking.status)::public.stripe_outcome;
end;
$$;
comment on function private.record_payment_intent(jsonb, jsonb) is 'See public.record_payment_intent.';

create function private.uuid_of(text) returns uuid
language sql
immutable
set search_path = ''
as $$
  select case when $1 ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then $1::uuid end;
$$;
comment on function private.uuid_of(text) is 'A text as UUID; null when it is none.';

create function private.settled_outcome(payment public.payments) returns text
language sql
stable
set search_path = ''
as $$
  select case
    when payment.status = 'cancelled' then 'cancelled'
    when exists (
      select
      from public.refunds as r
      where r.payment_id = payment.id
        and r.cause = 'late_payment'
    ) then 'returned'
    else 'succeeded'
  end;
$$;
comment on function private.settled_outcome(public.payments) is 'The outcome of a payment that is settled: it changes no more.';

create function private.apply_payment_intent(payment public.payments, booking public.bookings, intent jsonb) returns text
language plpgsql
set search_path = ''
as $$
begin
  update public.payments as p
  set stripe_payment_intent_id = intent ->> 'id'
  where p.id = payment.id
    and p.stripe_payment_intent_id is null;
  if intent ->> 'status' = 'succeeded' then
    return private.take_payment(payment, booking, intent);
  end if;
  if intent ->> 'status' = 'canceled' then
    update public.payments as p
    set status = 'cancelled'
    where p.id = payment.id;
    perform private.release_unpaid(booking);
    return 'cancelled';
  end if;
  if intent ->> 'status' = 'requires_payment_method' and intent ->> 'failure_code' is not null then
    update public.payments as p
    set status = 'failed', failure_code = left(intent ->> 'failure_code', 100)
    where p.id = payment.id;
    if payment.status <> 'failed' then
      perform private.tell('payment.failed', booking, extra => jsonb_build_object('payment_id', payment.id));
    end if;
    return 'failed';
  end if;
  return 'pending';
end;
$$;
comment on function private.apply_payment_intent(public.payments, public.bookings, jsonb) is
  'Brings a payment that is not settled to what its PaymentIntent says now.';

create function private.release_unpaid(booking public.bookings) returns void
language plpgsql
set search_path = ''
as $$
begin
  if booking.status = 'pending_payment' and booking.expires_at <= now() then
    perform private.expire_booking(booking);
  elsif booking.status = 'pending_payment' then
    update public.bookings as b
    set status = 'held', version = b.version + 1
    where b.id = booking.id;
  end if;
end;
$$;
comment on function private.release_unpaid(public.bookings) is
  'After a PaymentIntent was cancelled: a lapsed hold expires, one that has time left can be paid with another.';

create function private.take_payment(payment public.payments, booking public.bookings, intent jsonb) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
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
  if private.seat_paid(booking) then
    return 'succeeded';
  end if;
  update public.bookings as b
  set payment_status = 'paid', version = b.version + 1
  where b.id = booking.id
  returning b.* into booking;
  perform private.create_refund(v_payment, v_payment.amount_minor, 'late_payment');
  perform private.tell('payment.returned', booking, extra => jsonb_build_object('payment_id', v_payment.id));
  return 'returned';
end;
$$;
comment on function private.take_payment(public.payments, public.bookings, jsonb) is
  'Marks a payment as paid, with its receipt and ledger entries, and confirms its booking; where that has lost its seat or '
  'time to somebody else, everything is refunded and both people are told.';

create function private.take_receipt_number(provider_id uuid) returns table (year integer, serial integer)
language sql
set search_path = ''
as $$
  insert into private.receipt_counters as c (provider_id, year, last_serial)
  select p.id, extract(year from now() at time zone coalesce(f.timezone, 'UTC'))::integer, 1
  from public.providers as p
  join public.profiles as f on f.id = p.id
  where p.id = take_receipt_number.provider_id
  on conflict on constraint receipt_counters_pkey do update
  set last_serial = c.last_serial + 1
  returning c.year, c.last_serial;
$$;
comment on function private.take_receipt_number(uuid) is
  'The next receipt of a provider in the present year of their zone. Locks the counter until the payment is committed, so '
  'no number is lost and none is given twice.';

create function private.seat_paid(booking public.bookings) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_occasion constant public.events := private.occasion(booking);
  v_booking public.bookings;
begin
  if booking.status not in ('held', 'pending_payment', 'expired')
    or v_occasion.status <> 'published'
    or v_occasion.starts_at <= now()
  then
    if booking.status in ('held', 'pending_payment') then
      perform private.expire_booking(booking);
    end if;
    return false;
  end if;
  if booking.status = 'expired' then
    if booking.event_id is null then
      perform private.expire_time_holds(booking.provider_id);
    else
      perform private.expire_holds(v_occasion);
    end if;
  end if;
  update public.bookings as b
  set status = 'confirmed', payment_status = 'paid', expires_at = null, version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  perform private.tell('booking.confirmed', v_booking);
  return true;
exception
  when exclusion_violation or check_violation or unique_violation then
    return false;
end;
$$;
comment on function private.seat_paid(public.bookings) is
  'Confirms a booking that was paid. One that had expired takes its seat or time again if nobody else has it: the '
  'constraints decide. Answers whether it could.';

create function public.record_payment_intent(intent jsonb, event jsonb default '{}') returns public.stripe_outcome
language sql
set search_path = ''
as $$
  select private.record_payment_intent(record_payment_intent.intent, record_payment_intent.event);
$$;
comment on function public.record_payment_intent(jsonb, jsonb) is
  'The only writer of what a payment has come to. intent is {id, status, amount, currency, charge_id, fee_minor, '
  'failure_code, metadata}, read from Stripe just now; event is the {id, type, object_id} that led to it, if one did. Any '
  'order and any number of calls come to the same. For the service role.';
grant execute on function private.record_payment_intent(jsonb, jsonb) to service_role;
grant execute on function public.record_payment_intent(jsonb, jsonb) to service_role;

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('payment.failed', 'notification', 'attendee', false, null),
  ('payment.returned', 'notification', 'attendee', false, null),
  ('payment.returned', 'notification', 'provider', false, null),
  ('payment.returned', 'email', 'attendee', false, null),
  ('payment.returned', 'email', 'provider', false, null);
