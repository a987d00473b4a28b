-- What one-to-one time costs: the provider's hourly rate, or the offering that is chosen.

create function private.price_of_time(
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  offering_id uuid default null
) returns private.price
language plpgsql
stable
set search_path = ''
as $$
declare
  v_minutes constant numeric := extract(epoch from price_of_time.ends_at - price_of_time.starts_at) / 60;
  v_duration_minutes integer;
  v_price private.price;
begin
  if price_of_time.offering_id is null then
    select round(p.hourly_rate_minor * v_minutes / 60), p.currency
    into v_price.amount_minor, v_price.currency
    from public.providers as p
    where p.id = price_of_time.provider_id;
    return v_price;
  end if;

  select o.price_minor, o.currency, o.duration_minutes
  into v_price.amount_minor, v_price.currency, v_duration_minutes
  from public.offerings as o
  where o.id = price_of_time.offering_id
    and o.provider_id = price_of_time.provider_id
    and o.is_active;
  if not found then
    raise sqlstate 'PT404' using message = 'OFFERING_NOT_FOUND';
  end if;
  if v_duration_minutes <> v_minutes then
    v_price.problem := format('takes %s minutes', v_duration_minutes);
  elsif v_price.amount_minor is null then
    v_price.problem := 'has its price on request';
  end if;
  return v_price;
end;
$$;
comment on function private.price_of_time(uuid, timestamptz, timestamptz, uuid) is
  'The price of one-to-one time in minor units: of the chosen offering, else the hourly rate by the time''s length, rounded '
  'half up once. problem says why the offering cannot be booked for this time. Slots show it and bookings pay it. Raises '
  'OFFERING_NOT_FOUND (404) for another provider''s or an inactive one.';
