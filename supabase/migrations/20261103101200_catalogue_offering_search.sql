-- Search of offerings, for everybody.

create type private.text_match as (text text, mode text, query tsquery, pattern text);
comment on type private.text_match is
  'How a text is searched for: by words (query), by similarity (text) where no words are found, literally (pattern) where '
  'it has neither letters nor digits; mode any when it is not given.';

create function private.text_match(given text) returns private.text_match
language sql
immutable
set search_path = ''
as $$
  select row(
    t.text,
    case
      when coalesce(t.text, '') = '' then 'any'
      when t.text !~ '[[:alnum:]]' then 'literal'
      when numnode(plainto_tsquery('pg_catalog.english', t.text)) = 0 then 'similar'
      else 'words'
    end,
    plainto_tsquery('pg_catalog.english', t.text),
    '%' || regexp_replace(t.text, '([%_\\])', '\\\1', 'g') || '%'
  )::private.text_match
  from (select trim(private.fold(given)) as text) as t;
$$;
comment on function private.text_match(text) is 'How this text is first searched for.';

create function private.search_offerings(
  title text,
  description text,
  category text,
  page_size integer,
  page_offset integer
) returns public.page
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
  v_title private.text_match := private.text_match(title);
  v_description private.text_match := private.text_match(description);
  v_categories constant text[] := private.category_terms_of(category);
  v_page public.page;
begin
  perform private.check_length('title', title, 200);
  perform private.check_length('description', description, 200);
  perform private.check_length('category', category, 200);
  if v_title.mode = 'any' and v_description.mode = 'any' then
    return private.browse_offerings(v_categories, page_size, page_offset);
  end if;
  if v_title.mode = 'words' and not exists (
    select from private.offering_index as i where i.title_vector @@ v_title.query
  ) then
    v_title.mode := 'similar';
  end if;
  if v_description.mode = 'words' and not exists (
    select from private.offering_index as i where i.description_vector @@ v_description.query
  ) then
    v_description.mode := 'similar';
  end if;

  with candidates as materialized (
    select
      i.offering_id,
      i.created_at,
      case v_title.mode
        when 'words' then ts_rank(i.title_vector, v_title.query)
        when 'similar' then extensions.word_similarity(v_title.text, i.title_text)
        else 0
      end + case v_description.mode
        when 'words' then ts_rank(i.description_vector, v_description.query)
        when 'similar' then extensions.word_similarity(v_description.text, i.description_text)
        else 0
      end as score
    from private.offering_index as i
    where (
        v_title.mode = 'any'
        or (v_title.mode = 'words' and i.title_vector @@ v_title.query)
        or (v_title.mode = 'similar' and i.title_text operator(extensions.%>) v_title.text)
        or (v_title.mode = 'literal' and i.title_text like v_title.pattern)
      )
      and (
        v_description.mode = 'any'
        or (v_description.mode = 'words' and i.description_vector @@ v_description.query)
        or (v_description.mode = 'similar' and i.description_text operator(extensions.%>) v_description.text)
        or (v_description.mode = 'literal' and i.description_text like v_description.pattern)
      )
      and (v_categories is null or i.categories && v_categories)
    limit 1001
  ), page as (
    select c.offering_id, c.created_at, c.score
    from candidates as c
    order by c.score desc, c.created_at desc, c.offering_id
    limit least(search_offerings.page_size, 100)
    offset search_offerings.page_offset
  )
  select
    (select least(count(*), 1000)::integer from candidates),
    (select count(*) <= 1000 from candidates),
    (
      select coalesce(json_agg(v order by p.score desc, p.created_at desc, p.offering_id), '[]')
      from page as p
      join public.offering_listings as v on v.id = p.offering_id
    )
  into v_page;
  return v_page;
end;
$$;
comment on function private.search_offerings(text, text, text, integer, integer) is
  'See public.search_offerings. Runs as its owner, because under Row Level Security no index serves operators that are '
  'not leakproof; it reads listed offerings only. Each call is planned for what it asks, and by indexes: a scan that '
  'hopes to meet its few rows early would read the whole table when they come late.';

create function private.category_terms_of(given text) returns text[]
language sql
stable
set search_path = ''
as $$
  select nullif(array_remove(array[
    nullif(private.category_term(given), ''),
    coalesce(
      (select s.slug from public.subcategories as s where s.id = m.subcategory_id),
      (select c.slug from public.categories as c where c.id = m.category_id)
    )
  ], null), case when trim(given) = '' then '{}'::text[] end)
  from private.match_category(left(given, 200)) as m
  where given is not null;
$$;
comment on function private.category_terms_of(text) is
  'The terms of which a listed offering must have one to be of this category: as given, and the one that it is matched '
  'to. Null when none is given.';

create function private.browse_offerings(categories text[], page_size integer, page_offset integer)
returns public.page
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
  v_page public.page;
begin
  select
    least(counted.n, 10000)::integer,
    counted.n <= 10000,
    (
      select coalesce(json_agg(v order by p.created_at desc, p.offering_id), '[]')
      from (
        select i.offering_id, i.created_at
        from private.offering_index as i
        where browse_offerings.categories is null
          or i.categories && browse_offerings.categories
        order by i.created_at desc, i.offering_id
        limit least(browse_offerings.page_size, 100)
        offset browse_offerings.page_offset
      ) as p
      join public.offering_listings as v on v.id = p.offering_id
    )
  into v_page
  from (
    select count(*) as n
    from (
      select
      from private.offering_index as i
      where browse_offerings.categories is null
        or i.categories && browse_offerings.categories
      limit 10001
    ) as bounded
  ) as counted;
  return v_page;
end;
$$;
comment on function private.browse_offerings(text[], integer, integer) is
  'Listed offerings of a category or of all, latest first. For search_offerings, which runs as its owner.';

create function public.search_offerings(
  title text default null,
  description text default null,
  category text default null,
  page_size integer default 20,
  page_offset integer default 0
)
returns public.page
language sql
stable
set search_path = ''
as $$
  select (p).total, (p).total_is_exact, (p).items
  from private.search_offerings(
    search_offerings.title, search_offerings.description, search_offerings.category,
    search_offerings.page_size, search_offerings.page_offset
  ) as p;
$$;
comment on function public.search_offerings(text, text, text, integer, integer) is
  'Listed offerings by words of the title and of the description, best first, at most 100 a page as rows of '
  'offering_listings. All words must be there, in whatever form; where no offering has them, those with similar ones are '
  'found, so that a typo does no harm. The category may be a name, a slug or free text. Of what is found by text 1,000 are '
  'ranked; total_is_exact is false when there are more. Without a text: the latest. Raises INVALID_INPUT (400) above 200 '
  'characters.';
grant execute on function private.search_offerings(text, text, text, integer, integer) to anon, authenticated, service_role;
grant execute on function public.search_offerings(text, text, text, integer, integer) to anon, authenticated, service_role;
