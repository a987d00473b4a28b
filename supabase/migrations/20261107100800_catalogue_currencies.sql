-- Nobody can pay in a currency that does not exist.

create function private.is_currency(code text) returns boolean
language sql
immutable
parallel safe
set search_path = ''
as $$
  select code in (
    'AED', 'AFN', 'ALL', 'AMD', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BHD', 'BIF', 'BMD', 'BND',
    'BOB', 'BRL', 'BSD', 'BTN', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHF', 'CLP', 'CNY', 'COP', 'CRC', 'CUP', 'CVE',
    'CZK', 'DJF', 'DKK', 'DOP', 'DZD', 'EGP', 'ERN', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GHS', 'GIP', 'GMD',
    'GNF', 'GTQ', 'GYD', 'HKD', 'HNL', 'HTG', 'HUF', 'IDR', 'ILS', 'INR', 'IQD', 'IRR', 'ISK', 'JMD', 'JOD', 'JPY',
    'KES', 'KGS', 'KHR', 'KMF', 'KPW', 'KRW', 'KWD', 'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'LYD', 'MAD',
    'MDL', 'MGA', 'MKD', 'MMK', 'MNT', 'MOP', 'MRU', 'MUR', 'MVR', 'MWK', 'MXN', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO',
    'NOK', 'NPR', 'NZD', 'OMR', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR', 'PLN', 'PYG', 'QAR', 'RON', 'RSD', 'RUB', 'RWF',
    'SAR', 'SBD', 'SCR', 'SDG', 'SEK', 'SGD', 'SHP', 'SLE', 'SOS', 'SRD', 'SSP', 'STN', 'SVC', 'SYP', 'SZL', 'THB',
    'TJS', 'TMT', 'TND', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD', 'UYU', 'UZS', 'VES', 'VND', 'VUV',
    'WST', 'XAF', 'XCD', 'XCG', 'XOF', 'XPF', 'YER', 'ZAR', 'ZMW', 'ZWG'
  );
$$;
comment on function private.is_currency(text) is
  'Whether people pay with this currency: the national ones of ISO 4217, as published in January 2026.';
grant execute on function private.is_currency(text) to authenticated, service_role;

create or replace function private.schedule_price(schedule jsonb, default_currency text) returns private.price
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
  if not private.is_currency(v_price.currency) then
    v_price.problem := 'must have an ISO 4217 code as currency';
  elsif v_named is not null then
    v_scaled := (v_named ->> 'amount')::numeric
      * case when v_named -> 'minor' = 'true' then 1 else 10::numeric ^ private.currency_decimals(v_price.currency) end;
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

create or replace function private.check_provider(provider public.providers) returns void
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_field text;
  v_reason text;
begin
  select c.field, c.reason
  into v_field, v_reason
  from (values
    ('display_name', char_length(provider.display_name) between 1 and 200, 'must have 1 to 200 characters'),
    ('bio', char_length(provider.bio) <= 10000, 'must have at most 10000 characters'),
    ('headline', char_length(provider.headline) <= 200, 'must have at most 200 characters'),
    ('specialties', private.are_words(provider.specialties, 30, 100), 'must be at most 30 texts of 1 to 100 characters'),
    ('languages', private.are_words(provider.languages, 30, 100), 'must be at most 30 texts of 1 to 100 characters'),
    (
      'certifications',
      private.are_words(provider.certifications, 50, 200),
      'must be at most 50 texts of 1 to 200 characters'
    ),
    ('years_of_experience', provider.years_of_experience between 0 and 80, 'must be between 0 and 80'),
    ('timezone', provider.timezone is null or private.is_time_zone(provider.timezone), 'must be an IANA time zone'),
    ('currency', private.is_currency(provider.currency), 'must be an ISO 4217 code'),
    ('hourly_rate', provider.hourly_rate_minor between 0 and 100000000, 'must be between 0 and 100000000 minor units'),
    (
      'image_url',
      provider.image_url ~ '^https://[^\s"''<>\\]+$' and char_length(provider.image_url) <= 2000,
      'must be an https address of at most 2000 characters'
    )
  ) as c (field, holds, reason)
  where c.holds = false
  limit 1;
  if found then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', v_field, 'reason', v_reason)::text;
  end if;
end;
$$;

create or replace function private.check_event(event public.events) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_field text;
  v_reason text;
begin
  select c.field, c.reason
  into v_field, v_reason
  from (values
    ('kind', event.kind in ('session', 'retreat'), 'must be session or retreat'),
    ('title', char_length(trim(event.title)) between 1 and 200, 'must have 1 to 200 characters'),
    ('description', char_length(event.description) <= 10000, 'must have at most 10000 characters'),
    ('location', char_length(event.location) <= 500, 'must have at most 500 characters'),
    ('starts_at', event.starts_at > now(), 'must be in the future'),
    ('starts_at', event.starts_at < now() + interval '10 years', 'must be within 10 years'),
    ('ends_at', event.ends_at > event.starts_at, 'must be after the start'),
    ('ends_at', event.ends_at <= event.starts_at + interval '366 days', 'must be within 366 days of the start'),
    ('timezone', private.is_time_zone(event.timezone), 'must be an IANA time zone'),
    ('capacity', event.capacity between 1 and 100000, 'must be between 1 and 100000'),
    ('price_minor', event.price_minor between 0 and 100000000, 'must be between 0 and 100000000'),
    ('currency', private.is_currency(event.currency), 'must be an ISO 4217 code'),
    ('payment_mode', event.payment_mode in ('on_site', 'prepaid'), 'must be on_site or prepaid')
  ) as c (field, holds, reason)
  where c.holds is not true
  limit 1;
  if found then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', v_field, 'reason', v_reason)::text;
  end if;
end;
$$;

-- Rate and currency belong together, and a provider has a name: private.check_provider sees to it.
revoke update (display_name, hourly_rate_minor, currency) on public.providers from authenticated;
