-- What people read of money: their payments, and a provider's earnings.

create view public.payment_details with (security_invoker = true) as
select
  p.id,
  p.booking_id,
  p.payer_id,
  p.provider_id,
  v.display_name as provider_name,
  p.amount_minor,
  p.currency,
  p.fee_minor,
  p.payout_minor,
  p.tax_minor,
  p.refunded_minor,
  case when p.refunded_minor = p.amount_minor then 'refunded' else p.status end as status,
  p.failure_code,
  p.stripe_payment_intent_id,
  p.paid_at,
  p.receipt_year || '-' || lpad(p.receipt_serial::text, 6, '0') as receipt_number,
  p.created_at
from public.payments as p
join public.providers as v on v.id = p.provider_id;
comment on view public.payment_details is
  'Payments of the caller, as payer or as provider. status is refunded once all of it goes back. receipt_number is unique '
  'per provider.';
grant select on public.payment_details to authenticated, service_role;

create function public.list_my_payments(
  statuses text[] default null,
  created_from timestamptz default null,
  created_before timestamptz default null,
  page_size integer default 20,
  page_offset integer default 0
) returns public.page
language sql
stable
set search_path = ''
as $$
  with mine as (
    select v.*
    from public.payment_details as v
    where v.payer_id = (select auth.uid())
      and (list_my_payments.statuses is null or v.status = any (list_my_payments.statuses))
      and (list_my_payments.created_from is null or v.created_at >= list_my_payments.created_from)
      and (list_my_payments.created_before is null or v.created_at < list_my_payments.created_before)
    limit 10001
  )
  select
    least((select count(*) from mine), 10000)::integer,
    (select count(*) from mine) <= 10000,
    (
      select coalesce(json_agg(l), '[]')
      from (
        select m.*
        from mine as m
        order by m.created_at desc, m.id
        limit least(list_my_payments.page_size, 100)
        offset list_my_payments.page_offset
      ) as l
    );
$$;
comment on function public.list_my_payments(text[], timestamptz, timestamptz, integer, integer) is
  'What the signed-in person paid or tried to, latest first, as rows of payment_details; at most 100 a page.';
grant execute on function public.list_my_payments(text[], timestamptz, timestamptz, integer, integer) to authenticated;

create function private.earned(provider_id uuid, paid_from timestamptz, paid_before timestamptz)
returns table (
  payment_id uuid,
  booking_status text,
  service_id uuid,
  service_title text,
  on_date date,
  net_minor bigint
)
language sql
stable
set search_path = ''
as $$
  select
    p.id,
    b.status,
    coalesce(b.offering_id, b.event_id),
    (private.occasion(b)).title,
    (p.paid_at at time zone coalesce(f.timezone, 'UTC'))::date,
    p.payout_minor - coalesce((
      select sum(r.payout_minor)
      from public.refunds as r
      where r.payment_id = p.id
        and r.status <> 'failed'
    ), 0)::bigint
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  join public.providers as v on v.id = p.provider_id and v.currency = p.currency
  join public.profiles as f on f.id = p.provider_id
  where p.provider_id = earned.provider_id
    and p.status = 'succeeded'
    and p.paid_at >= earned.paid_from
    and p.paid_at < earned.paid_before
    and p.refunded_minor < p.amount_minor;
$$;
comment on function private.earned(uuid, timestamptz, timestamptz) is
  'What a provider keeps of payments in their currency: their share without what was refunded; wholly refunded ones are '
  'left out. on_date is the day of payment in their zone.';
grant execute on function private.earned(uuid, timestamptz, timestamptz) to authenticated;

create function private.my_pending_payouts() returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(-sum(l.amount_minor), 0)::bigint
  from private.ledger_entries as l
  join public.providers as v on v.id = l.provider_id and v.currency = l.currency
  where l.provider_id = (select auth.uid())
    and l.account = 'provider_payable';
$$;
comment on function private.my_pending_payouts() is 'What the ledger owes the signed-in provider, in their currency.';
grant execute on function private.my_pending_payouts() to authenticated;

create function public.my_earnings(paid_from timestamptz default '-infinity', paid_before timestamptz default 'infinity')
returns jsonb
language sql
stable
set search_path = ''
as $$
  with earned as materialized (
    select e.*
    from private.acting_provider() as me (id)
    cross join private.earned(me.id, my_earnings.paid_from, my_earnings.paid_before) as e
  )
  select jsonb_build_object(
    'currency', v.currency,
    'earned_minor', (select coalesce(sum(e.net_minor), 0) from earned as e),
    'bookings', (select count(*) from earned),
    'completed', (select count(*) from earned as e where e.booking_status = 'completed'),
    'pending_payouts_minor', private.my_pending_payouts(),
    'by_service', (
      select coalesce(jsonb_agg(s order by s.earned_minor desc, s.service_title), '[]')
      from (
        select e.service_id, e.service_title, count(*) as bookings, sum(e.net_minor) as earned_minor
        from earned as e
        group by e.service_id, e.service_title
      ) as s
    ),
    'by_day', (
      select coalesce(jsonb_agg(d order by d.on_date), '[]')
      from (
        select e.on_date, count(*) as bookings, sum(e.net_minor) as earned_minor
        from earned as e
        group by e.on_date
      ) as d
    )
  )
  from private.acting_provider() as me (id)
  join public.providers as v on v.id = me.id;
$$;
comment on function public.my_earnings(timestamptz, timestamptz) is
  'What the signed-in provider earned by payments of a period, after the platform''s fee and refunds, in minor units of '
  'their currency: {currency, earned_minor, bookings, completed, pending_payouts_minor (whenever paid), by_service '
  '[{service_id: offering or event, service_title, bookings, earned_minor}], by_day [{on_date, bookings, earned_minor}]}. '
  'Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403).';
grant execute on function public.my_earnings(timestamptz, timestamptz) to authenticated;
