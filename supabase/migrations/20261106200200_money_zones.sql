-- Receipts and earnings have the years and days of the zone that the provider named, wherever they named it.

create function private.seller_zone(provider public.providers) returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    provider.timezone,
    (
      select s.timezone
      from public.availability_schedules as s
      where s.provider_id = provider.id
        and s.is_active
    ),
    (
      select f.timezone
      from public.profiles as f
      where f.id = provider.id
    ),
    'UTC'
  );
$$;
comment on function private.seller_zone(public.providers) is
  'The zone of a seller''s receipts and earnings: what provider_zone tells everybody, and before UTC that of their profile, '
  'which is theirs to see.';
grant execute on function private.seller_zone(public.providers) to authenticated;

create function private.receipt_year(provider public.providers, paid_at timestamptz) returns integer
language sql
stable
set search_path = ''
as $$
  select extract(year from receipt_year.paid_at at time zone private.seller_zone(provider))::integer;
$$;
comment on function private.receipt_year(public.providers, timestamptz) is
  'The year of a receipt''s number: that of the seller''s zone when it was paid.';

create or replace function private.take_receipt_number(provider_id uuid) returns table (year integer, serial integer)
language sql
set search_path = ''
as $$
  insert into private.receipt_counters as c (provider_id, year, last_serial)
  select p.id, private.receipt_year(p, now()), 1
  from public.providers as p
  where p.id = take_receipt_number.provider_id
  on conflict on constraint receipt_counters_pkey do update
  set last_serial = c.last_serial + 1
  returning c.year, c.last_serial;
$$;

create or replace function private.read_receipt(booking_id uuid) returns public.receipt
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_actor_id constant uuid := private.acting_user();
  v_booking public.bookings;
  v_occasion public.events;
  v_payment public.payments;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = read_receipt.booking_id
    and v_actor_id in (b.attendee_id, b.provider_id);
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  select p.*
  into v_payment
  from public.payments as p
  where p.booking_id = v_booking.id
    and p.status = 'succeeded'
  order by p.paid_at
  limit 1;
  if not found then
    raise sqlstate 'PT404' using message = 'RECEIPT_NOT_FOUND';
  end if;
  v_occasion := private.occasion(v_booking);
  return (
    v_payment.id, v_booking.id, private.receipt_number(v_payment), v_payment.paid_at,
    (select private.seller_zone(v) from public.providers as v where v.id = v_payment.provider_id),
    private.person(v_payment.provider_id) ->> 'name',
    private.person(v_payment.payer_id) ->> 'name',
    v_occasion.title, v_occasion.starts_at, v_occasion.ends_at,
    v_payment.amount_minor, v_payment.tax_minor, v_payment.refunded_minor, v_payment.currency,
    private.refunds_of(v_payment)
  )::public.receipt;
end;
$$;

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
    (p.paid_at at time zone private.seller_zone(v))::date,
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
  where p.provider_id = earned.provider_id
    and p.status = 'succeeded'
    and p.paid_at >= lower(asked.period)
    and p.paid_at < upper(asked.period)
    and p.refunded_minor < p.amount_minor;
$$;
