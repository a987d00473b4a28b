-- Finding providers for one-to-one bookings: by subject, rating, price, free time and name.

create function private.major_units(amount_minor bigint, currency text) returns numeric
language sql
immutable
set search_path = ''
as $$
  select trim_scale(amount_minor / 10::numeric ^ private.currency_decimals(currency));
$$;
comment on function private.major_units(bigint, text) is 'An amount in major units of its currency: 2550 USD is 25.5.';

-- Whoever changes a provider computes what is generated.
grant execute on function private.major_units(bigint, text) to authenticated, service_role;
grant execute on function private.currency_decimals(text) to authenticated, service_role;

alter table public.providers
  add column hourly_rate numeric not null generated always as (private.major_units(hourly_rate_minor, currency)) stored,
  add column specialty_terms text[] not null generated always as (private.fold_words(specialties)) stored;
comment on column public.providers.hourly_rate is 'hourly_rate_minor in major units of the currency, to be filtered by.';
comment on column public.providers.specialty_terms is 'The specialties without case and accents, to be found by.';
-- With what lists filter by: a thousand matches, counted for the total, are read from the index alone.
create index providers_rating_idx on public.providers (rating_average desc nulls last, rating_count desc, id)
  include (hourly_rate, currency, next_open_at, is_accepting)
  where retired_at is null;
create index providers_specialty_terms_idx on public.providers using gin (specialty_terms) where retired_at is null;
create index providers_hourly_rate_idx on public.providers (hourly_rate) where retired_at is null;

create function private.matching_providers(
  search text,
  specialty text,
  min_rating numeric,
  max_rate numeric,
  currency text,
  available_only boolean,
  max_matches integer,
  skipped integer
) returns setof uuid
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_name constant text := nullif(trim(private.fold(private.search_terms(search))), '');
  v_prefix constant text := regexp_replace(v_name, '([%_\\])', '\\\1', 'g') || '%';
  v_specialties constant text[] := private.fold_words(array[trim(specialty)]);
  v_now constant timestamptz := now();
  v_soon constant timestamptz := now() + private.soon();
begin
  -- What is not asked for is gone from the plan; without a name the rows come best rated first out of their index.
  return query
  select p.id
  from public.providers as p
  where p.retired_at is null
    and (specialty is null or p.specialty_terms @> v_specialties)
    and (min_rating is null or p.rating_average >= min_rating)
    and (max_rate is null or p.hourly_rate <= max_rate)
    and (matching_providers.currency is null or p.currency = matching_providers.currency)
    and (not available_only or (p.is_accepting and p.next_open_at > v_now and p.next_open_at <= v_soon))
    and (
      v_name is null
      or private.fold(p.display_name) like v_prefix
      or private.fold(p.display_name) like '% ' || v_prefix
      or private.fold(p.display_name) operator(extensions.%>) v_name
    )
  order by
    case when v_name is null then p.rating_average end desc nulls last,
    case when v_name is null then p.rating_count end desc,
    case when v_name is null then p.id end
  limit max_matches
  offset skipped;
end;
$$;
comment on function private.matching_providers(text, text, numeric, numeric, text, boolean, integer, integer) is
  'Active providers that a filter leaves, best rated first, or in any order when a name is searched. Sees what everybody '
  'may read: under Row Level Security the text operators could not use their index.';

create function private.provider_listings(ids uuid[]) returns json
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(json_agg(
    json_build_object(
      'id', p.id,
      'display_name', p.display_name,
      'headline', coalesce(p.headline, p.specialization),
      'bio', p.bio,
      'image_url', p.image_url,
      'specialties', p.specialties,
      'rating_average', p.rating_average,
      'rating_count', p.rating_count,
      'hourly_rate_minor', p.hourly_rate_minor,
      'currency', p.currency,
      'is_accepting', p.is_accepting,
      'next_open_at', private.announced_opening(p)
    )
    order by i.place
  ), '[]')
  from unnest(provider_listings.ids) with ordinality as i (id, place)
  join public.providers as p on p.id = i.id;
$$;
comment on function private.provider_listings(uuid[]) is 'Providers as public.find_providers lists them, in this order.';

create function private.rank_by_name(ids uuid[], search text) returns uuid[]
language sql
stable
security definer
set search_path = ''
as $$
  select array_agg(m.id order by
    m.name = m.term desc,
    starts_with(m.name, m.term) desc,
    extensions.word_similarity(m.term, m.name) desc,
    m.rating_average desc nulls last,
    m.rating_count desc,
    m.name,
    m.id
  )
  from (
    select p.id, private.fold(p.display_name) as name, trim(private.fold(rank_by_name.search)) as term, p.rating_average,
      p.rating_count
    from public.providers as p
    where p.id = any (rank_by_name.ids)
    -- Folds each name once, not once per key of the order.
    offset 0
  ) as m;
$$;
comment on function private.rank_by_name(uuid[], text) is
  'Providers by how well their name matches: equal, beginning with it, written alike; then by rating.';

create function private.find_providers(
  search text,
  specialty text,
  min_rating numeric,
  max_rate numeric,
  currency text,
  available_only boolean,
  page_size integer,
  page_offset integer
) returns public.page
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_size constant integer := least(page_size, 100);
  v_max constant integer := private.search_candidates();
  v_is_search constant boolean := private.search_terms(search) is not null;
  v_matches uuid[];
  v_page public.page;
begin
  select array_agg(m.id)
  into v_matches
  from private.matching_providers(
    search, specialty, min_rating, max_rate, find_providers.currency, available_only, v_max + 1, 0
  ) as m (id);
  v_page.total := least(coalesce(cardinality(v_matches), 0), v_max);
  v_page.total_is_exact := coalesce(cardinality(v_matches), 0) <= v_max;
  if v_is_search then
    v_matches := private.rank_by_name(v_matches, search);
  elsif page_offset + v_size > v_max then
    select array_agg(m.id)
    into v_matches
    from private.matching_providers(
      search, specialty, min_rating, max_rate, find_providers.currency, available_only, v_size, page_offset
    ) as m (id);
    v_page.items := private.provider_listings(v_matches);
    return v_page;
  end if;
  v_page.items := private.provider_listings(v_matches[page_offset + 1:page_offset + v_size]);
  return v_page;
end;
$$;
comment on function private.find_providers(text, text, numeric, numeric, text, boolean, integer, integer) is
  'See public.find_providers.';

create function public.find_providers(
  search text default null,
  specialty text default null,
  min_rating numeric default null,
  max_rate numeric default null,
  currency text default null,
  available_only boolean default false,
  page_size integer default 20,
  page_offset integer default 0
) returns public.page
language sql
stable
set search_path = ''
as $$
  select private.find_providers(
    find_providers.search, find_providers.specialty, find_providers.min_rating, find_providers.max_rate,
    find_providers.currency, find_providers.available_only, find_providers.page_size, find_providers.page_offset
  );
$$;
comment on function public.find_providers(text, text, numeric, numeric, text, boolean, integer, integer) is
  'Active providers, best rated first, or best match first when a name is searched; at most 100 a page. total counts up '
  'to 1,000; a search looks at so many, the list goes on. specialty is a whole one, whatever case and accents; max_rate is '
  'in major units of each one''s own currency; available_only: those with an open time within 30 days that is known. '
  'Raises INVALID_INPUT (400).';
grant execute on function private.find_providers(text, text, numeric, numeric, text, boolean, integer, integer)
  to anon, authenticated, service_role;
grant execute on function public.find_providers(text, text, numeric, numeric, text, boolean, integer, integer)
  to anon, authenticated, service_role;
