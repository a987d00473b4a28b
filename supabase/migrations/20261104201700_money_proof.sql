-- The proof that ledger, payments, refunds, transfers, disputes and bookings tell the same.

create type private.ledger_difference as (problem text, payment_id uuid, expected bigint, found bigint);
comment on type private.ledger_difference is 'Where two records of money disagree, in minor units of the payment''s currency.';

create function private.expected_balances(payment public.payments)
returns table (account text, minor bigint)
language sql
stable
set search_path = ''
as $$
  select e.account, e.minor::bigint
  from (
    select
      coalesce(sum(r.amount_minor) filter (where r.cause <> 'dispute'), 0) as refunded,
      coalesce(sum(r.fee_minor) filter (where r.cause <> 'dispute'), 0) as refunded_fee,
      coalesce(sum(r.payout_minor), 0) as refunded_payout,
      coalesce(sum(r.payout_minor) filter (where r.cause = 'dispute'), 0) as disputed_payout
    from public.refunds as r
    where r.payment_id = payment.id
      and (r.status = 'succeeded' or (r.status = 'pending' and r.stripe_refund_id is not null))
  ) as r
  cross join lateral (
    select coalesce(sum(t.amount_minor - coalesce(back.minor, 0)), 0) as sent
    from public.transfers as t
    left join lateral (
      select sum(v.amount_minor) as minor
      from private.transfer_reversals as v
      where v.transfer_id = t.id
        and v.status = 'succeeded'
    ) as back on true
    where t.payment_id = payment.id
      and t.status = 'succeeded'
  ) as t
  cross join lateral (
    select
      coalesce(sum(d.amount_minor) filter (where d.outcome = 'open'), 0) as open,
      coalesce(sum(d.amount_minor) filter (where d.outcome = 'lost'), 0) as lost
    from private.disputes as d
    where d.payment_id = payment.id
      and exists (select from private.ledger_entries as l where l.entry = 'dispute' and l.source_id = d.id)
  ) as d
  cross join lateral (values
    ('stripe_balance', payment.amount_minor - payment.stripe_fee_minor - r.refunded - t.sent - d.open - d.lost),
    ('provider_payable', -payment.payout_minor + r.refunded_payout + t.sent),
    ('platform_fees', -payment.fee_minor + r.refunded_fee + d.lost - r.disputed_payout),
    ('tax', -payment.tax_minor),
    ('stripe_fees', payment.stripe_fee_minor),
    ('disputed', d.open)
  ) as e (account, minor)
  where payment.status = 'succeeded';
$$;
comment on function private.expected_balances(public.payments) is
  'What the ledger must hold of a payment per account, by the other records.';

create function private.check_ledger() returns setof private.ledger_difference
language sql
stable
set search_path = ''
as $$
  select 'ledger: ' || coalesce(x.account, l.account), coalesce(x.payment_id, l.payment_id), x.minor, l.minor
  from (
    select p.id as payment_id, e.account, e.minor
    from public.payments as p
    cross join private.expected_balances(p) as e
  ) as x
  full join (
    select l.payment_id, l.account, sum(l.amount_minor)::bigint as minor
    from private.ledger_entries as l
    group by l.payment_id, l.account
  ) as l on l.payment_id = x.payment_id and l.account = x.account
  where coalesce(x.minor, 0) <> coalesce(l.minor, 0)
  union all
  select 'entries do not sum to zero', l.payment_id, 0, sum(l.amount_minor)::bigint
  from private.ledger_entries as l
  group by l.payment_id
  having sum(l.amount_minor) <> 0
  union all
  select 'refunds of the payment', p.id, r.minor, p.refunded_minor
  from public.payments as p
  cross join lateral (
    select coalesce(sum(r.amount_minor), 0)::bigint as minor
    from public.refunds as r
    where r.payment_id = p.id
      and r.status <> 'failed'
  ) as r
  where p.refunded_minor <> r.minor
  union all
  select 'paid, but neither booked nor returned', p.id, p.amount_minor, p.refunded_minor
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  where p.status = 'succeeded'
    and b.status in ('held', 'pending_payment', 'expired')
    and p.refunded_minor < p.amount_minor
  union all
  select 'booked in advance without money', null, b.price_minor, 0
  from public.bookings as b
  left join public.events as e on e.id = b.event_id
  where b.status in ('confirmed', 'completed', 'no_show')
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
  where p.status = 'succeeded'
    and b.payment_status is distinct from case
      when returned.minor = p.amount_minor then 'refunded'
      when returned.minor > 0 then 'partly_refunded'
      else 'paid'
    end;
$$;
comment on function private.check_ledger() is
  'Every place where ledger, payments, refunds, transfers, disputes and bookings disagree; no row when all is right.';

create function private.ledger_differences() returns setof private.ledger_difference
language sql
stable
security definer
set search_path = ''
as $$
  select d.problem, d.payment_id, d.expected, d.found from private.check_ledger() as d;
$$;
comment on function private.ledger_differences() is 'See public.check_ledger.';

create function public.check_ledger()
returns table (problem text, payment_id uuid, expected bigint, found bigint)
language sql
stable
set search_path = ''
as $$
  select d.problem, d.payment_id, d.expected, d.found
  from private.ledger_differences() as d;
$$;
comment on function public.check_ledger() is
  'Proves that ledger, payments, refunds, transfers, disputes and bookings agree: answers the differences, none when all is '
  'right. For the service role.';
grant execute on function private.ledger_differences() to service_role;
grant execute on function public.check_ledger() to service_role;
