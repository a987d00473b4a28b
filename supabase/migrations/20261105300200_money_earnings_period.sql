-- Earnings are asked for a year at most: their days and services are one answer, without pages.

create function private.earnings_period(paid_from timestamptz, paid_before timestamptz) returns tstzrange
language plpgsql
stable
set search_path = ''
as $$
declare
  v_longest constant interval := interval '366 days';
  v_before constant timestamptz := coalesce(paid_before, 'infinity');
  v_from timestamptz := coalesce(paid_from, '-infinity');
  v_problem text;
begin
  if v_from = '-infinity' and v_before > '-infinity' then
    v_from := case v_before when 'infinity' then now() else v_before end - v_longest;
  end if;
  v_problem := case
    when not isfinite(v_from) then '{"field": "paid_from", "reason": "must be an instant"}'
    when v_before <= v_from then '{"field": "paid_before", "reason": "must be after the start"}'
    when v_before = 'infinity' and now() - v_from > v_longest
      then '{"field": "paid_from", "reason": "must be within 366 days before now, or come with an end"}'
    when v_before < 'infinity' and v_before - v_from > v_longest
      then '{"field": "paid_before", "reason": "must be within 366 days after the start"}'
  end;
  if v_problem is not null then
    raise sqlstate 'PT400' using message = 'INVALID_INPUT', detail = v_problem;
  end if;
  return tstzrange(v_from, v_before);
end;
$$;
comment on function private.earnings_period(timestamptz, timestamptz) is
  'The period of earnings: at most 366 days, by default those before its end or before now. Raises INVALID_INPUT (400).';
grant execute on function private.earnings_period(timestamptz, timestamptz) to authenticated;

create or replace function private.earned(provider_id uuid, paid_from timestamptz, paid_before timestamptz)
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
  from private.earnings_period(earned.paid_from, earned.paid_before) as asked (period)
  cross join public.payments as p
  join public.bookings as b on b.id = p.booking_id
  join public.providers as v on v.id = p.provider_id and v.currency = p.currency
  join public.profiles as f on f.id = p.provider_id
  where p.provider_id = earned.provider_id
    and p.status = 'succeeded'
    and p.paid_at >= lower(asked.period)
    and p.paid_at < upper(asked.period)
    and p.refunded_minor < p.amount_minor;
$$;
comment on function private.earned(uuid, timestamptz, timestamptz) is
  'What a provider keeps of payments in their currency: their share without what was refunded; wholly refunded ones are '
  'left out. on_date is the day of payment in their zone. Raises INVALID_INPUT (400) for a period that is too long.';

comment on function public.my_earnings(timestamptz, timestamptz) is
  'What the signed-in provider earned by payments of a period of at most 366 days, by default the last ones, after the '
  'platform''s fee and refunds, in minor units of their currency: {currency, earned_minor, bookings, completed, '
  'pending_payouts_minor (whenever paid), by_service [{service_id: offering or event, service_title, bookings, '
  'earned_minor}], by_day [{on_date, bookings, earned_minor}]}. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), '
  'INVALID_INPUT (400).';
