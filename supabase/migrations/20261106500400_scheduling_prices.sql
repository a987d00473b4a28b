-- A client that writes prices as people do need not know the currency of the event that it writes of.

create function private.minor_units(amount numeric, currency text, field text, highest_minor bigint default null)
returns bigint
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_decimals constant integer := private.currency_decimals(currency);
  v_scaled constant numeric := amount * 10::numeric ^ v_decimals;
  v_reason text;
begin
  if amount is null then
    return null;
  end if;
  v_reason := case
    when v_scaled not between 0 and highest_minor
      then format('must be between 0 and %s', trunc(highest_minor / 10::numeric ^ v_decimals))
    when abs(v_scaled - round(v_scaled)) > 0.000001 * greatest(1, v_scaled)
      then format('must have at most %s decimals, as %s has', v_decimals, currency)
  end;
  if v_reason is not null then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', minor_units.field, 'reason', v_reason)::text;
  end if;
  return least(round(v_scaled), 9e18)::bigint;
end;
$$;
comment on function private.minor_units(numeric, text, text, bigint) is
  'An amount of major units in minor ones; null for null. Raises INVALID_INPUT (400) for the field when there are more '
  'decimals than the currency has, apart from what floating point leaves, or when it is not between 0 and the highest.';
grant execute on function private.minor_units(numeric, text, text, bigint) to authenticated;

create or replace function private.rate_in_minor_units(rate numeric, currency text) returns bigint
language sql
immutable
set search_path = ''
as $$
  select private.minor_units(rate_in_minor_units.rate, rate_in_minor_units.currency, 'hourly_rate');
$$;

create function private.event_price(price numeric, currency text) returns bigint
language sql
immutable
set search_path = ''
as $$
  select private.minor_units(event_price.price, event_price.currency, 'price', 100000000);
$$;
comment on function private.event_price(numeric, text) is
  'The price of an event in minor units, as high as events may cost. Raises INVALID_INPUT (400).';
grant execute on function private.event_price(numeric, text) to authenticated;

drop function public.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text
);
create function public.publish_event(
  kind text,
  title text,
  starts_at timestamptz,
  ends_at timestamptz,
  description text default null,
  capacity integer default null,
  price_minor bigint default null,
  currency text default null,
  timezone text default null,
  payment_mode text default null,
  location text default null,
  price numeric default null
) returns public.events
language sql
set search_path = ''
as $$
  select private.publish_event(
    publish_event.kind, publish_event.title, publish_event.starts_at, publish_event.ends_at,
    publish_event.description, publish_event.capacity,
    coalesce(
      publish_event.price_minor,
      private.event_price(publish_event.price, coalesce(publish_event.currency, (
        select p.currency
        from public.providers as p
        where p.id = (select auth.uid())
      )))
    ),
    publish_event.currency, publish_event.timezone, publish_event.payment_mode, publish_event.location
  );
$$;
comment on function public.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text, numeric
) is
  'Publishes an event of the signed-in provider. Defaults: capacity 1, price_minor 0 (minor units; price is the same in '
  'major ones, in its place), the provider''s currency, UTC, on_site. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), '
  'INVALID_INPUT (400), PROVIDER_NOT_FREE (409) when a one-to-one booking has the time.';
grant execute on function public.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text, numeric
) to authenticated;

drop function public.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text
);
create function public.update_event(
  event_id uuid,
  kind text default null,
  title text default null,
  starts_at timestamptz default null,
  ends_at timestamptz default null,
  description text default null,
  capacity integer default null,
  price_minor bigint default null,
  timezone text default null,
  location text default null,
  price numeric default null
) returns public.events
language sql
set search_path = ''
as $$
  select private.update_event(
    update_event.event_id, update_event.kind, update_event.title, update_event.starts_at, update_event.ends_at,
    update_event.description, update_event.capacity,
    coalesce(
      update_event.price_minor,
      private.event_price(update_event.price, (
        select e.currency
        from public.events as e
        where e.id = update_event.event_id
      ))
    ),
    update_event.timezone, update_event.location
  );
$$;
comment on function public.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text, numeric
) is
  'Changes what is given of an event of the signed-in provider; null leaves it. price is price_minor in major units of '
  'the event''s currency. New times tell everybody booked and let them cancel freely; a new price holds for new '
  'bookings. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404), '
  'INVALID_INPUT (400), EVENT_CANCELLED, EVENT_STARTED, CAPACITY_BELOW_BOOKINGS and PROVIDER_NOT_FREE (409).';
grant execute on function public.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text, numeric
) to authenticated;
