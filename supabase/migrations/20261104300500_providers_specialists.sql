-- What a provider says of themselves for one-to-one bookings, and the command that changes it.

create function private.are_words(words text[], max_words integer, max_length integer) returns boolean
language sql
immutable
set search_path = ''
as $$
  select cardinality(are_words.words) <= are_words.max_words
    and coalesce(
      (
        select bool_and(w.word is not null and char_length(trim(w.word)) between 1 and are_words.max_length)
        from unnest(are_words.words) as w (word)
      ),
      true
    );
$$;
comment on function private.are_words(text[], integer, integer) is
  'Whether a list has at most so many words or phrases, none of them empty or longer than max_length characters.';
grant execute on function private.are_words(text[], integer, integer) to authenticated, service_role;

create function private.fold_words(words text[]) returns text[]
language sql
immutable
set search_path = ''
as $$
  select coalesce(array_agg(private.fold(trim(w.word)) order by w.place), '{}')
  from unnest(fold_words.words) with ordinality as w (word, place);
$$;
comment on function private.fold_words(text[]) is 'Words without case and accents, for comparison.';
grant execute on function private.fold_words(text[]) to authenticated, service_role;

alter table public.providers
  add column headline text,
  add column specialties text[] not null default '{}',
  add column languages text[] not null default '{}',
  add column certifications text[] not null default '{}',
  add column years_of_experience smallint,
  add column timezone text,
  add column is_accepting boolean not null default true,
  add column image_url text,
  add constraint providers_headline_length check (char_length(headline) <= 200),
  add constraint providers_specialties_form check (private.are_words(specialties, 30, 100)),
  add constraint providers_languages_form check (private.are_words(languages, 30, 100)),
  add constraint providers_certifications_form check (private.are_words(certifications, 50, 200)),
  add constraint providers_experience_range check (years_of_experience between 0 and 80),
  add constraint providers_timezone_known check (timezone is null or private.is_time_zone(timezone)),
  add constraint providers_image_url_https check (image_url ~ '^https://[^\s"''<>\\]+$' and char_length(image_url) <= 2000);
comment on column public.providers.headline is 'What they offer, in one line.';
comment on column public.providers.specialties is 'Subjects by which they are found, in their own spelling.';
comment on column public.providers.languages is 'Languages that they speak, in words.';
comment on column public.providers.certifications is 'What they were certified in; nobody has verified it.';
comment on column public.providers.timezone is
  'IANA zone that they work in, for those who read their profile; times are computed in their schedule''s own.';
comment on column public.providers.is_accepting is 'False: they take no one-to-one bookings for now; private.open_times has none.';
comment on column public.providers.image_url is 'Their picture, by https only.';

create function private.check_provider(provider public.providers) returns void
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
    ('currency', provider.currency ~ '^[A-Z]{3}$', 'must be an ISO 4217 code'),
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
comment on function private.check_provider(public.providers) is
  'Raises INVALID_INPUT (400) with field and reason when a profile breaks a rule that its provider can mend; what is '
  'null was not said.';

create function private.lock_own_provider(provider_id uuid) returns public.providers
language plpgsql
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_provider();
begin
  if not exists (
    select
    from public.providers as p
    where p.id = lock_own_provider.provider_id
      and p.retired_at is null
  ) then
    raise sqlstate 'PT404' using message = 'PROVIDER_NOT_FOUND';
  end if;
  if lock_own_provider.provider_id is distinct from v_user_id then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_PROFILE';
  end if;
  return private.lock_provider(v_user_id);
end;
$$;
comment on function private.lock_own_provider(uuid) is
  'Locks the signed-in provider for a change of their profile. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and '
  'NOT_YOUR_PROFILE (403), PROVIDER_NOT_FOUND (404).';

create function private.rate_in_minor_units(rate numeric, currency text) returns bigint
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_scaled constant numeric := rate * 10 ^ private.currency_decimals(currency);
begin
  if v_scaled <> trunc(v_scaled) then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object(
        'field', 'hourly_rate',
        'reason', format('must have at most %s decimals, as %s has', private.currency_decimals(currency), currency)
      )::text;
  end if;
  return least(v_scaled, 9e18)::bigint;
end;
$$;
comment on function private.rate_in_minor_units(numeric, text) is
  'An amount of major units in minor ones. Raises INVALID_INPUT (400) for more decimals than the currency has.';
