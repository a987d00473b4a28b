-- What a price schedule costs: free-form JSON of the facilitator's, and one price in minor units for bookings.

create function private.currency_decimals(currency text) returns integer
language sql
immutable
parallel safe
set search_path = ''
as $$
  select case
    when currency in (
      'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
    ) then 0
    when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
    else 2
  end;
$$;
comment on function private.currency_decimals(text) is
  'How many decimals a currency has (ISO 4217): 2 for USD, 0 for JPY. functions/_shared/domain/money.ts has the same table.';

create type private.price as (amount_minor bigint, currency text, problem text);
comment on type private.price is
  'A price in minor units of a currency; amount_minor is null where none is named. problem says why a price cannot be '
  'used, and is null otherwise.';

create function private.named_price(schedule jsonb) returns jsonb
language sql
immutable
parallel safe
set search_path = ''
as $$
  select coalesce(
    (
      select jsonb_build_object('amount', n.amount, 'currency', n.currency, 'minor', k.name = 'price_minor')
      from unnest(array[
        'price_minor', 'price', 'amount', 'base_price', 'per_session', 'session', 'single_session', 'single', 'drop_in',
        'per_hour', 'hourly_rate', 'hourly', 'rate'
      ]) with ordinality as k (name, place)
      cross join lateral (
        select
          case when jsonb_typeof(schedule -> k.name) = 'object'
            then coalesce(schedule -> k.name -> 'amount', schedule -> k.name -> 'price')
            else schedule -> k.name
          end as amount,
          coalesce(
            case when jsonb_typeof(schedule -> k.name) = 'object' then schedule -> k.name -> 'currency' end,
            schedule -> 'currency'
          ) as currency
      ) as n
      where jsonb_typeof(n.amount) = 'number'
        or (jsonb_typeof(n.amount) = 'string' and n.amount #>> '{}' ~ '^\s*-?[0-9]{1,15}(\.[0-9]{1,15})?\s*$')
      order by k.place
      limit 1
    ),
    case
      when schedule -> 'free' = 'true' or lower(schedule ->> 'type') = 'free' then '{"amount": 0, "minor": true}'::jsonb
    end
  );
$$;
comment on function private.named_price(jsonb) is
  'The price that an object names by itself: amount as it stands there, its currency, and whether it is in minor units.';

create function private.schedule_price(schedule jsonb, default_currency text) returns private.price
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_named jsonb := private.named_price(schedule);
  v_list jsonb;
  v_scaled numeric;
  v_price private.price;
begin
  if v_named is null then
    foreach v_list in array array[
      schedule -> 'tiers', schedule -> 'options', schedule -> 'packages', schedule -> 'plans', schedule -> 'prices'
    ] loop
      select private.named_price(jsonb_build_object('currency', schedule -> 'currency') || e.entry)
      into v_named
      from jsonb_array_elements(case when jsonb_typeof(v_list) = 'array' then v_list else '[]' end)
        with ordinality as e (entry, place)
      where jsonb_typeof(e.entry) = 'object'
        and private.named_price(e.entry) is not null
      order by e.place
      limit 1;
      exit when v_named is not null;
    end loop;
  end if;

  v_price.currency := upper(trim(coalesce(v_named ->> 'currency', schedule ->> 'currency', default_currency)));
  if v_price.currency !~ '^[A-Z]{3}$' then
    v_price.problem := 'must have an ISO 4217 code as currency';
  elsif v_named is not null then
    v_scaled := (v_named ->> 'amount')::numeric
      * case when v_named -> 'minor' = 'true' then 1 else 10 ^ private.currency_decimals(v_price.currency) end;
    if v_scaled not between 0 and 100000000000 then
      v_price.problem := 'must have a price between 0 and 100000000000 minor units';
    elsif v_scaled <> trunc(v_scaled) then
      v_price.problem := format(
        'must have a price of at most %s decimals, as %s has',
        private.currency_decimals(v_price.currency), v_price.currency
      );
    else
      v_price.amount_minor := v_scaled::bigint;
    end if;
  end if;
  return v_price;
end;
$$;
comment on function private.schedule_price(jsonb, text) is
  'The one price of a free-form price schedule. It is what the first of these names: price_minor (minor units), price, '
  'amount, base_price, per_session, session, single_session, single, drop_in, per_hour, hourly_rate, hourly, rate, as a '
  'number or a numeric text of major units, or as an object with amount or price and currency; else 0 for free: true or '
  'type: free; else the first entry with such a price in the list tiers, options, packages, plans or prices. Null where '
  'none is named: the price is on request. The currency is the price''s, else the schedule''s, else the default.';
