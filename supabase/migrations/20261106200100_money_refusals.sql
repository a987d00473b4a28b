-- What Stripe refuses does not get stuck: reversals are ordered anew, failed refunds are somebody's task.

alter table private.transfer_reversals add column failed_at timestamptz;
comment on column private.transfer_reversals.failed_at is
  'When Stripe last refused it; it is ordered anew a day later. Null where it was never refused, or its transfer failed.';
update private.transfer_reversals as v
set failed_at = v.created_at
where v.status = 'failed'
  and v.failure_code is distinct from 'transfer_failed';

create or replace function private.record_reversal(reversal jsonb) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_reversal private.transfer_reversals;
  v_payment public.payments;
begin
  perform private.begin_command('record_reversal', '{}');
  select p.*
  into v_payment
  from private.transfer_reversals as v
  join public.transfers as t on t.id = v.transfer_id
  join public.payments as p on p.id = t.payment_id
  where v.id = (reversal ->> 'reversal_id')::uuid
  for no key update of p;
  update private.transfer_reversals as v
  set
    status = reversal ->> 'status',
    stripe_reversal_id = reversal ->> 'id',
    failure_code = left(reversal ->> 'failure_code', 100),
    failed_at = case when reversal ->> 'status' = 'failed' then now() end
  where v.id = (reversal ->> 'reversal_id')::uuid
    and v.status = 'pending'
  returning v.* into v_reversal;
  if v_reversal.status = 'succeeded' then
    perform private.post('reversal', v_reversal.id, v_payment, jsonb_build_object(
      'stripe_balance', v_reversal.amount_minor,
      'provider_payable', -v_reversal.amount_minor
    ));
  elsif v_reversal.status = 'failed' then
    update public.transfers as t
    set reversed_minor = t.reversed_minor - v_reversal.amount_minor
    where t.id = v_reversal.transfer_id;
  end if;
  perform private.finish_command('record_reversal', '{}', v_payment.booking_id, '{}', reversal);
  return reversal ->> 'status';
end;
$$;

create function private.order_reversal_again(reversal_id uuid) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_booking public.bookings;
  v_reversal private.transfer_reversals;
  v_transfer public.transfers;
  v_amount_minor bigint;
begin
  select p.*
  into v_payment
  from private.transfer_reversals as v
  join public.transfers as t on t.id = v.transfer_id
  join public.payments as p on p.id = t.payment_id
  where v.id = order_reversal_again.reversal_id
  for no key update of p skip locked;
  if not found then
    return false;
  end if;
  select v.*
  into v_reversal
  from private.transfer_reversals as v
  where v.id = order_reversal_again.reversal_id
    and v.status = 'failed'
    and v.failed_at <= now() - interval '1 day';
  if not found then
    return false;
  end if;
  select t.*
  into v_transfer
  from public.transfers as t
  where t.id = v_reversal.transfer_id
  for no key update;
  v_amount_minor := least(
    v_reversal.amount_minor,
    v_transfer.amount_minor - v_transfer.reversed_minor,
    private.overpaid_to_provider(v_payment)
  );
  if v_amount_minor <= 0 then
    return false;
  end if;
  update public.transfers as t
  set reversed_minor = t.reversed_minor + v_amount_minor
  where t.id = v_transfer.id;
  update private.transfer_reversals as v
  set status = 'pending', amount_minor = v_amount_minor
  where v.id = v_reversal.id;
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = v_payment.booking_id;
  perform private.tell(
    'reversal.requested', v_booking, extra => jsonb_build_object('reversal_id', v_reversal.id)
  );
  return true;
end;
$$;
comment on function private.order_reversal_again(uuid) is
  'Orders a reversal again that Stripe refused a day ago, as far as the provider still has too much; skips a payment that '
  'somebody holds. Answers whether it did.';

create function private.overpaid_to_provider(payment public.payments) returns bigint
language sql
stable
set search_path = ''
as $$
  select -private.owed_to_provider(payment) - coalesce(sum(v.amount_minor), 0)::bigint
  from private.transfer_reversals as v
  join public.transfers as t on t.id = v.transfer_id
  where t.payment_id = payment.id
    and v.status = 'pending';
$$;
comment on function private.overpaid_to_provider(public.payments) is
  'How much more was transferred than is left of a payment, without what is already ordered back; not above zero: nothing.';

create function private.schedule_reversals(max_reversals integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_reversal_id uuid;
  v_scheduled integer := 0;
begin
  for v_reversal_id in
    select v.id
    from private.payables as o
    join public.transfers as t on t.payment_id = o.payment_id
    join private.transfer_reversals as v on v.transfer_id = t.id
    where o.owed_minor < 0
      and v.status = 'failed'
      and v.failed_at <= now() - interval '1 day'
    order by v.failed_at
    limit schedule_reversals.max_reversals
  loop
    v_scheduled := v_scheduled + private.order_reversal_again(v_reversal_id)::integer;
  end loop;
  return v_scheduled;
end;
$$;
comment on function private.schedule_reversals(integer) is
  'Orders reversals again that Stripe refused, a day after it last did, until it takes them: the balance of a connected '
  'account grows again. Answers how many.';

create or replace function private.sweep_money(fee_percent numeric, payout_delay_hours integer) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.begin_command('sweep_money', '{}');
  update private.money_settings as s
  set fee_percent = sweep_money.fee_percent, payout_delay_hours = sweep_money.payout_delay_hours
  where (s.fee_percent, s.payout_delay_hours)
    is distinct from (sweep_money.fee_percent, sweep_money.payout_delay_hours);
  return jsonb_build_object(
    'transfers', private.schedule_transfers(100),
    'reversals', private.schedule_reversals(100),
    'differences', private.prove_portion(500)
  );
end;
$$;
comment on function public.sweep_money(numeric, integer) is
  'Sets fee and delay, orders transfers that are due and reversals that Stripe refused a day ago, and once a day proves the '
  'ledger, at most 500 payments a call. Answers {transfers, reversals, differences}: null when nothing was to be proved, [] '
  'when what was proved is right. For the service role.';

create or replace function private.record_refund(refund jsonb, event jsonb) returns public.stripe_outcome
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
  return (
    case when v_refund.status = 'failed' then 'unchanged' else refund ->> 'status' end, v_payment.id, v_booking.status
  )::public.stripe_outcome;
end;
$$;
comment on function public.record_refund(jsonb, jsonb) is
  'Writes what a refund has come to. refund is {id, status, amount, payment_intent_id, failure_code, metadata}, read from '
  'Stripe just now; event as in record_payment_intent. The outcome is Stripe''s status, or unchanged where the refund had '
  'failed before. For the service role.';

create or replace function private.check_portion(after uuid, until uuid) returns setof private.ledger_difference
language sql
stable
set search_path = ''
as $$
  select 'ledger: ' || coalesce(x.account, l.account), coalesce(x.payment_id, l.payment_id), x.minor, l.minor
  from (
    select p.id as payment_id, e.account, e.minor
    from public.payments as p
    cross join private.expected_balances(p) as e
    where p.id > check_portion.after
      and p.id <= check_portion.until
  ) as x
  full join (
    select l.payment_id, l.account, sum(l.amount_minor)::bigint as minor
    from private.ledger_entries as l
    where l.payment_id > check_portion.after
      and l.payment_id <= check_portion.until
    group by l.payment_id, l.account
  ) as l on l.payment_id = x.payment_id and l.account = x.account
  where coalesce(x.minor, 0) <> coalesce(l.minor, 0)
  union all
  select 'entries do not sum to zero', l.payment_id, 0, sum(l.amount_minor)::bigint
  from private.ledger_entries as l
  where l.payment_id > check_portion.after
    and l.payment_id <= check_portion.until
  group by l.payment_id
  having sum(l.amount_minor) <> 0
  union all
  select 'owed to the provider', coalesce(l.payment_id, o.payment_id), l.minor, o.owed_minor
  from (
    select l.payment_id, -sum(l.amount_minor)::bigint as minor
    from private.ledger_entries as l
    where l.payment_id > check_portion.after
      and l.payment_id <= check_portion.until
      and l.account = 'provider_payable'
    group by l.payment_id
  ) as l
  full join (
    select o.payment_id, o.owed_minor
    from private.payables as o
    where o.payment_id > check_portion.after
      and o.payment_id <= check_portion.until
  ) as o on o.payment_id = l.payment_id
  where coalesce(l.minor, 0) <> coalesce(o.owed_minor, 0)
  union all
  select 'refunds of the payment', p.id, r.minor, p.refunded_minor
  from public.payments as p
  cross join lateral (
    select coalesce(sum(r.amount_minor), 0)::bigint as minor
    from public.refunds as r
    where r.payment_id = p.id
      and r.status <> 'failed'
  ) as r
  where p.id > check_portion.after
    and p.id <= check_portion.until
    and p.refunded_minor <> r.minor
  union all
  select 'a refund failed, and none replaced it', r.payment_id, r.amount_minor, 0
  from public.refunds as r
  where r.payment_id > check_portion.after
    and r.payment_id <= check_portion.until
    and r.status = 'failed'
    and not exists (
      select
      from public.refunds as later
      where later.payment_id = r.payment_id
        and later.status <> 'failed'
        and later.created_at > r.created_at
    )
  union all
  select 'paid, but neither booked nor returned', p.id, p.amount_minor, p.refunded_minor
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  where p.id > check_portion.after
    and p.id <= check_portion.until
    and p.status = 'succeeded'
    and b.status in ('held', 'pending_payment', 'expired')
    and p.refunded_minor < p.amount_minor
  union all
  select 'booked in advance without money', null, b.price_minor, 0
  from public.bookings as b
  left join public.events as e on e.id = b.event_id
  where b.id > check_portion.after
    and b.id <= check_portion.until
    and b.status in ('confirmed', 'completed', 'no_show')
    and b.price_minor > 0
    and (b.during is not null or e.payment_mode = 'prepaid' and b.payment_status <> 'due')
    and not exists (
      select
      from public.payments as p
      where p.booking_id = b.id
        and p.status = 'succeeded'
    )
  union all
  select 'the booking''s payment_status', p.id, null, null
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  cross join lateral (
    select coalesce(sum(r.amount_minor), 0) as minor
    from public.refunds as r
    where r.payment_id = p.id
      and r.status = 'succeeded'
  ) as returned
  where p.id > check_portion.after
    and p.id <= check_portion.until
    and p.status = 'succeeded'
    and b.payment_status is distinct from case
      when returned.minor = p.amount_minor then 'refunded'
      when returned.minor > 0 then 'partly_refunded'
      else 'paid'
    end;
$$;
comment on function private.check_portion(uuid, uuid) is
  'Where ledger, payments, refunds, transfers, disputes and bookings disagree, of the payments and bookings whose ids come '
  'after the first and not after the second; and refunds that failed for good, for which somebody has to care.';

comment on type public.stripe_outcome is
  'What came of an object of Stripe. outcome: succeeded, failed, cancelled, pending, returned (paid too late and refunded), '
  'unknown (not ours), mismatch (ours, but of another amount or currency); of refunds and disputes Stripe''s own word, or '
  'unchanged.';
