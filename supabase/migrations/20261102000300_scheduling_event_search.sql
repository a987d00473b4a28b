-- Finding events and providers: filters, text search, pages.

alter table public.events
  add column search tsvector not null generated always as (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', description), 'B')
  ) stored;
comment on column public.events.search is 'Words of title and description for full text search.';
create index events_search_idx on public.events using gin (search);
create index events_title_trigram_idx on public.events using gin (title extensions.gin_trgm_ops);
create index events_kind_idx on public.events (kind, starts_at, id) where status = 'published';
create index events_cancelled_idx on public.events (starts_at, id) where status = 'cancelled';

create function private.search_candidates() returns integer
language sql
immutable
set search_path = ''
as $$
  select 1000;
$$;
comment on function private.search_candidates() is
  'How many matching rows a search looks at. They are cut before they are ranked: a word that is in every title costs no '
  'more than a rare one.';
grant execute on function private.search_candidates() to anon, authenticated, service_role;

create function private.search_terms(search text) returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_terms constant text := trim(search_terms.search);
begin
  if char_length(v_terms) > 200 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "search", "reason": "must have at most 200 characters"}';
  end if;
  return nullif(v_terms, '');
end;
$$;
comment on function private.search_terms(text) is
  'What to search for; null when nothing. Raises INVALID_INPUT (400) beyond 200 characters.';
grant execute on function private.search_terms(text) to anon, authenticated, service_role;

create function private.matching_events(
  search text,
  kind text,
  provider_id uuid,
  statuses text[],
  starts_after timestamptz,
  ends_before timestamptz
) returns table (id uuid, starts_at timestamptz, rank real)
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_query constant tsquery := websearch_to_tsquery('english', matching_events.search);
begin
  return query
  select c.id, c.starts_at, ts_rank(c.search, v_query)
  from (
    select e.id, e.starts_at, e.search
    from public.events as e
    where e.search @@ v_query
      and e.status = any (matching_events.statuses)
      and (matching_events.kind is null or e.kind = matching_events.kind)
      and (matching_events.provider_id is null or e.provider_id = matching_events.provider_id)
      and (matching_events.starts_after is null or e.starts_at > matching_events.starts_after)
      and (matching_events.ends_before is null or e.ends_at <= matching_events.ends_before)
    limit private.search_candidates()
  ) as c;
  if found then
    return;
  end if;
  return query
  select c.id, c.starts_at, extensions.word_similarity(matching_events.search, c.title)
  from (
    select e.id, e.starts_at, e.title
    from public.events as e
    where matching_events.search operator(extensions.<%) e.title
      and e.status = any (matching_events.statuses)
      and (matching_events.kind is null or e.kind = matching_events.kind)
      and (matching_events.provider_id is null or e.provider_id = matching_events.provider_id)
      and (matching_events.starts_after is null or e.starts_at > matching_events.starts_after)
      and (matching_events.ends_before is null or e.ends_at <= matching_events.ends_before)
    limit private.search_candidates()
  ) as c;
end;
$$;
comment on function private.matching_events(text, text, uuid, text[], timestamptz, timestamptz) is
  'Events whose words match, ranked; when there are none, those whose title is written alike (pg_trgm word similarity). '
  'Sees all events, which everybody may read: under Row Level Security the text operators could not use their index.';
grant execute on function private.matching_events(text, text, uuid, text[], timestamptz, timestamptz)
  to anon, authenticated, service_role;

create function public.list_events(
  search text default null,
  kind text default null,
  provider_id uuid default null,
  status text default 'open',
  page_size integer default 100,
  page_offset integer default 0,
  with_total boolean default true
)
returns public.page
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_search constant text := private.search_terms(list_events.search);
  v_statuses constant text[] := case list_events.status
    when 'open' then '{published}'
    when 'past' then '{published}'
    when 'cancelled' then '{cancelled}'
    when 'any' then '{published,cancelled}'
  end;
  v_starts_after constant timestamptz := case list_events.status when 'open' then now() end;
  v_ends_before constant timestamptz := case list_events.status when 'past' then now() end;
  v_soonest_first constant boolean := list_events.status = 'open';
  v_page public.page;
begin
  if v_statuses is null then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "status", "reason": "must be open, past, cancelled or any"}';
  end if;
  if v_search is not null then
    with matching as materialized (
      select m.id, m.starts_at, m.rank
      from private.matching_events(
        v_search, list_events.kind, list_events.provider_id, v_statuses, v_starts_after, v_ends_before
      ) as m
    )
    select
      case when list_events.with_total then (select count(*) from matching) end,
      case when list_events.with_total then (select count(*) from matching) < private.search_candidates() end,
      (
        select coalesce(json_agg(v order by best.rank desc, best.starts_at, best.id), '[]')
        from (
          select m.id, m.starts_at, m.rank
          from matching as m
          order by m.rank desc, m.starts_at, m.id
          limit least(list_events.page_size, 1000)
          offset list_events.page_offset
        ) as best
        join public.event_listings as v on v.id = best.id
      )
    into v_page.total, v_page.total_is_exact, v_page.items;
    return v_page;
  end if;

  if list_events.with_total then
    select least(counted.n, 10000), counted.n <= 10000
    into v_page.total, v_page.total_is_exact
    from (
      select count(*) as n
      from (
        select
        from public.events as e
        where e.status = any (v_statuses)
          and (list_events.kind is null or e.kind = list_events.kind)
          and (list_events.provider_id is null or e.provider_id = list_events.provider_id)
          and (v_starts_after is null or e.starts_at > v_starts_after)
          and (v_ends_before is null or e.ends_at <= v_ends_before)
        limit 10001
      ) as bounded
    ) as counted;
  end if;
  select coalesce(json_agg(l), '[]')
  into v_page.items
  from (
    select v.*
    from public.event_listings as v
    where v.status = any (v_statuses)
      and (list_events.kind is null or v.kind = list_events.kind)
      and (list_events.provider_id is null or v.provider_id = list_events.provider_id)
      and (v_starts_after is null or v.starts_at > v_starts_after)
      and (v_ends_before is null or v.ends_at <= v_ends_before)
    order by
      case when v_soonest_first then v.starts_at end,
      case when not v_soonest_first then v.starts_at end desc,
      v.id
    limit least(list_events.page_size, 1000)
    offset list_events.page_offset
  ) as l;
  return v_page;
end;
$$;
comment on function public.list_events(text, text, uuid, text, integer, integer, boolean) is
  'Events as rows of event_listings, at most 1,000 a page. status: open (not begun, soonest first), past, cancelled or any '
  '(latest first). search: words of title and description, best first, looked for among 1,000 matches; where nothing '
  'matches, titles that are written alike. Raises INVALID_INPUT (400).';
grant execute on function public.list_events(text, text, uuid, text, integer, integer, boolean)
  to anon, authenticated, service_role;

create index providers_active_idx on public.providers (display_name, id) where retired_at is null;

create function public.list_providers(
  page_size integer default 100,
  page_offset integer default 0,
  with_total boolean default true
)
returns public.page
language sql
stable
set search_path = ''
as $$
  select
    least(counted.n, 10000)::integer,
    counted.n <= 10000,
    (
      select coalesce(json_agg(l), '[]')
      from (
        select p.id, p.display_name, p.bio, p.specialization, p.created_at
        from public.providers as p
        where p.retired_at is null
        order by p.display_name, p.id
        limit least(list_providers.page_size, 1000)
        offset list_providers.page_offset
      ) as l
    )
  from (
    select case
      when list_providers.with_total then (
        select count(*)
        from (
          select
          from public.providers as p
          where p.retired_at is null
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_providers(integer, integer, boolean) is
  'Active providers by name, as id, display_name, bio, specialization and created_at; at most 1,000 a page.';
grant execute on function public.list_providers(integer, integer, boolean) to anon, authenticated, service_role;
