-- Refunds: requested by either side within their rights, executed by the worker, settled by what Stripe says.

create function private.request_refund(payment_id uuid, amount_minor bigint, reason text) returns public.refunds
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb :=
    jsonb_build_object('payment_id', payment_id, 'amount_minor', amount_minor, 'reason', reason);
  v_replay constant jsonb := private.begin_command('request_refund', v_request);
  v_booking public.bookings;
  v_payment public.payments;
  v_refund public.refunds;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.refunds, v_replay);
  end if;
  perform private.check_length('reason', request_refund.reason, 2000);
  select b.*
  into v_booking
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  where p.id = request_refund.payment_id
    and (
      (select auth.uid()) in (p.payer_id, p.provider_id)
      or (private.actor()).kind in ('administrator', 'service')
    );
  if not found then
    raise sqlstate 'PT404' using message = 'PAYMENT_NOT_FOUND';
  end if;
  v_booking := private.lock_booking(v_booking.id);
  v_payment := private.paid_payment(v_booking.id);
  if v_payment.id is distinct from request_refund.payment_id then
    raise sqlstate 'PT409' using message = 'REFUND_NOT_ALLOWED';
  end if;
  if private.canceller(v_booking.provider_id) = 'attendee' then
    v_refund := private.claim_refund(v_booking, v_payment, request_refund.amount_minor, request_refund.reason);
  else
    v_refund := private.create_refund(
      v_payment,
      private.refund_amount(request_refund.amount_minor, v_payment.amount_minor - v_payment.refunded_minor),
      'provider',
      request_refund.reason
    );
  end if;
  perform private.finish_command('request_refund', v_request, v_booking.id, to_jsonb(v_refund), v_request);
  return v_refund;
end;
$$;
comment on function private.request_refund(uuid, bigint, text) is 'See public.request_refund.';

create function private.refund_amount(wanted_minor bigint, most_minor bigint) returns bigint
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_amount_minor constant bigint := coalesce(wanted_minor, most_minor);
begin
  if v_amount_minor <= 0 and wanted_minor is not null then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "amount", "reason": "must be more than nothing"}';
  end if;
  if v_amount_minor not between 1 and most_minor then
    raise sqlstate 'PT409' using message = 'REFUND_NOT_ALLOWED';
  end if;
  return v_amount_minor;
end;
$$;
comment on function private.refund_amount(bigint, bigint) is
  'What is asked for, all that can be had when nothing is said. Raises INVALID_INPUT (400), REFUND_NOT_ALLOWED (409) above.';

create function private.claim_refund(
  booking public.bookings,
  payment public.payments,
  amount_minor bigint,
  reason text
) returns public.refunds
language plpgsql
set search_path = ''
as $$
declare
  v_amount_minor constant bigint := private.refund_amount(
    claim_refund.amount_minor, private.policy_refund(booking, payment) - payment.refunded_minor
  );
begin
  if booking.status = 'confirmed' then
    if (private.occasion(booking)).starts_at <= now() then
      raise sqlstate 'PT409' using message = 'REFUND_NOT_ALLOWED';
    end if;
    perform private.end_booking(booking, claim_refund.reason, false);
  end if;
  return private.create_refund(payment, v_amount_minor, 'request', claim_refund.reason);
end;
$$;
comment on function private.claim_refund(public.bookings, public.payments, bigint, text) is
  'A refund that the attendee asks for: no more than cancelling returns, and it cancels a booking that is still ahead. '
  'Raises REFUND_NOT_ALLOWED (409).';

create function public.request_refund(payment_id uuid, amount_minor bigint default null, reason text default null)
returns public.refunds
language sql
set search_path = ''
as $$
  select private.request_refund(request_refund.payment_id, request_refund.amount_minor, request_refund.reason);
$$;
comment on function public.request_refund(uuid, bigint, text) is
  'Refunds a payment, in part when amount_minor says so. Its payer gets no more than cancelling returns, and a booking ahead '
  'is cancelled with it; its provider gives back whatever is left, and the booking stays. Raises PAYMENT_NOT_FOUND (404), '
  'REFUND_NOT_ALLOWED (409), INVALID_INPUT (400).';
grant execute on function private.request_refund(uuid, bigint, text) to authenticated, service_role;
grant execute on function public.request_refund(uuid, bigint, text) to authenticated, service_role;

create function private.record_refund(refund jsonb, event jsonb) returns public.stripe_outcome
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_refund public.refunds;
  v_booking public.bookings;
begin
  perform private.begin_command('record_refund', '{}');
  select p.*
  into v_payment
  from public.payments as p
  where p.id = (
      select r.payment_id
      from public.refunds as r
      where r.stripe_refund_id = refund ->> 'id'
        or r.id = private.uuid_of(refund -> 'metadata' ->> 'refund_id')
    )
    or p.stripe_payment_intent_id = refund ->> 'payment_intent_id';
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
  v_refund := private.known_refund(v_payment, refund);
  perform private.settle_refund(v_refund, v_payment, refund);
  perform private.note_stripe_event(event, refund ->> 'status');
  perform private.finish_command('record_refund', '{}', v_booking.id, '{}', refund - 'metadata');
  return (refund ->> 'status', v_payment.id, v_booking.status)::public.stripe_outcome;
end;
$$;
comment on function private.record_refund(jsonb, jsonb) is 'See public.record_refund.';

create function private.known_refund(payment public.payments, refund jsonb) returns public.refunds
language plpgsql
set search_path = ''
as $$
declare
  v_amount_minor constant bigint := (refund ->> 'amount')::bigint;
  v_fee_minor bigint;
  v_refund public.refunds;
begin
  update public.refunds as r
  set stripe_refund_id = coalesce(r.stripe_refund_id, refund ->> 'id')
  where r.payment_id = payment.id
    and (
      r.stripe_refund_id = refund ->> 'id'
      or (r.stripe_refund_id is null and r.id = private.uuid_of(refund -> 'metadata' ->> 'refund_id'))
    )
  returning r.* into v_refund;
  if found then
    return v_refund;
  end if;
  payment := private.make_room(payment, v_amount_minor);
  v_fee_minor := private.refund_fee(payment, v_amount_minor);
  update public.payments as p
  set refunded_minor = p.refunded_minor + v_amount_minor
  where p.id = payment.id;
  insert into public.refunds as r (payment_id, amount_minor, fee_minor, payout_minor, cause, stripe_refund_id)
  values (payment.id, v_amount_minor, v_fee_minor, v_amount_minor - v_fee_minor, 'external', refund ->> 'id')
  returning r.* into v_refund;
  return v_refund;
exception
  when check_violation then
    raise sqlstate 'PT409' using message = 'REFUND_NOT_ALLOWED';
end;
$$;
comment on function private.known_refund(public.payments, jsonb) is
  'Our refund that one of Stripe is, or a new row for one that was made at Stripe itself; ours that are only ordered make '
  'room for it. Raises REFUND_NOT_ALLOWED (409) where there is none: Stripe tells it again.';

create function private.make_room(payment public.payments, amount_minor bigint) returns public.payments
language plpgsql
set search_path = ''
as $$
declare
  v_over bigint := payment.refunded_minor + make_room.amount_minor - payment.amount_minor;
  v_cut bigint;
  v_refund public.refunds;
  v_payment public.payments;
begin
  for v_refund in
    select r.*
    from public.refunds as r
    where r.payment_id = payment.id
      and r.status = 'pending'
      and r.stripe_refund_id is null
    order by r.created_at desc
  loop
    exit when v_over <= 0;
    v_cut := least(v_over, v_refund.amount_minor);
    v_over := v_over - v_cut;
    if v_cut = v_refund.amount_minor then
      perform private.settle_refund(v_refund, payment, '{"status": "failed", "failure_code": "refunded_otherwise"}');
    else
      update public.refunds as r
      set
        amount_minor = r.amount_minor - v_cut,
        fee_minor = f.minor,
        payout_minor = r.amount_minor - v_cut - f.minor
      from (select round(v_refund.fee_minor * (1 - v_cut / v_refund.amount_minor::numeric))::bigint as minor) as f
      where r.id = v_refund.id;
      update public.payments as p
      set refunded_minor = p.refunded_minor - v_cut
      where p.id = payment.id;
    end if;
  end loop;
  select p.*
  into v_payment
  from public.payments as p
  where p.id = payment.id;
  return v_payment;
end;
$$;
comment on function private.make_room(public.payments, bigint) is
  'Lowers refunds that Stripe has not taken on yet by what went back otherwise, latest first: together no more than was '
  'paid. Answers the payment after that.';

create function private.settle_refund(refund public.refunds, payment public.payments, said jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_status constant text := case
    when said ->> 'status' = 'succeeded' then 'succeeded'
    when said ->> 'status' in ('failed', 'canceled') then 'failed'
    else 'pending'
  end;
  v_parts constant jsonb := jsonb_build_object(
    'provider_payable', refund.payout_minor,
    'platform_fees', refund.fee_minor,
    'stripe_balance', -refund.amount_minor
  );
  v_is_booked constant boolean := exists (
    select from private.ledger_entries as l where l.entry = 'refund' and l.source_id = refund.id
  );
begin
  if refund.status = 'failed' or (refund.status = 'succeeded' and v_status = 'pending') then
    return;
  end if;
  if v_status <> 'failed' and not v_is_booked then
    perform private.post('refund', refund.id, payment, v_parts);
    perform private.reverse_transfer(refund);
  end if;
  if v_status = refund.status then
    return;
  end if;
  update public.refunds as r
  set status = v_status, settled_at = now(), failure_code = left(said ->> 'failure_code', 100)
  where r.id = refund.id;
  if v_status = 'failed' then
    update public.payments as p
    set refunded_minor = p.refunded_minor - refund.amount_minor
    where p.id = refund.payment_id;
    if v_is_booked then
      perform private.post('refund_failed', refund.id, payment, (
        select jsonb_object_agg(v.key, -v.value::bigint) from jsonb_each_text(v_parts) as v
      ));
    end if;
  end if;
  perform private.follow_refunds(refund.payment_id, refund.id, v_status);
end;
$$;
comment on function private.settle_refund(public.refunds, public.payments, jsonb) is
  'Brings a refund to what Stripe says. Money leaves when Stripe takes the refund on, so it is booked then and the '
  'provider''s part is taken back; failed, also after it succeeded, books it back and frees what it had reserved. One that '
  'failed stays so.';

create function private.follow_refunds(payment_id uuid, refund_id uuid, status text) returns void
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
    extra => jsonb_build_object('refund_id', follow_refunds.refund_id, 'refund_minor', (
      select r.amount_minor from public.refunds as r where r.id = follow_refunds.refund_id
    ))
  );
end;
$$;
comment on function private.follow_refunds(uuid, uuid, text) is
  'Lets the booking''s payment_status follow what was refunded, and tells of a refund that settled.';

create function public.record_refund(refund jsonb, event jsonb default '{}') returns public.stripe_outcome
language sql
set search_path = ''
as $$
  select private.record_refund(record_refund.refund, record_refund.event);
$$;
comment on function public.record_refund(jsonb, jsonb) is
  'Writes what a refund has come to. refund is {id, status, amount, payment_intent_id, failure_code, metadata}, read from '
  'Stripe just now; event as in record_payment_intent. For the service role.';
grant execute on function private.record_refund(jsonb, jsonb) to service_role;
grant execute on function public.record_refund(jsonb, jsonb) to service_role;

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('payment.refunded', 'notification', 'attendee', false, null),
  ('payment.refunded', 'email', 'attendee', false, null),
  ('refund.failed', 'notification', 'attendee', false, null);
