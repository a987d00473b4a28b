-- Search of offerings, for everybody.

create type private.text_match as (mode text, query tsquery, symbols text[], pattern text);
comment on type private.text_match is
  'How a text is searched for: words (query), literally (symbols, pattern) where it has neither letters nor digits, any '
  'when it is not given.';

create function private.text_match(given text) returns private.text_match
language sql
immutable
set search_path = ''
as $$
  select row(
    case
      when coalesce(t.text, '') = '' then 'any'
      when t.text !~ '[[:alnum:]]' then 'literal'
      else 'words'
    end,
    plainto_tsquery('pg_catalog.english', t.text),
    private.symbols_of(t.text),
    '%' || regexp_replace(t.text, '([%_\\])', '\\\1', 'g') || '%'
  )::private.text_match
  from (select trim(private.fold(given)) as text) as t;
$$;
comment on function private.text_match(text) is 'How this text is first searched for.';

create function private.similar_query(given text) returns tsquery
language sql
stable
set search_path = ''
as $$
  with words as (
    select w.word, numnode(plainto_tsquery('pg_catalog.english', w.word)) > 0 as says_something
    from unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', private.fold(given)))) as w (word)
  ), wanted as (
    select w.word
    from words as w
    where w.says_something
      or not exists (select from words as other where other.says_something)
    order by char_length(w.word) desc, w.word
    limit 10
  ), meant as (
    select
      w.word,
      (
        select string_agg(a.query::text, ' | ')
        from (
          select plainto_tsquery('pg_catalog.english', o.word) as query
          from private.offering_words as o
          where o.word operator(extensions.%>) w.word
            or (o.word operator(extensions.%) w.word and extensions.similarity(o.word, w.word) >= 0.45)
          order by extensions.similarity(o.word, w.word) desc, o.word
          limit 5
        ) as a
        where numnode(a.query) > 0
      ) as query
    from wanted as w
  )
  select string_agg('(' || m.query || ')', ' & ')::tsquery
  from meant as m
  having bool_and(m.query is not null);
$$;
comment on function private.similar_query(text) is
  'A query for what a text may have meant: each of its ten longest words replaced by the five most similar ones of '
  'offering_words: trigram similarity 0.45, or pg_trgm''s word similarity, which also takes the beginning of a word for '
  'it. Null when some word resembles none.';

create function private.refine_match(match private.text_match, given text, is_found boolean) returns private.text_match
language sql
stable
set search_path = ''
as $$
  select case
    when match.mode <> 'words' or is_found then match
    else (
      select row(case when s.query is null then 'none' else 'words' end, s.query, match.symbols, match.pattern)::private.text_match
      from private.similar_query(given) as s (query)
    )
  end;
$$;
comment on function private.refine_match(private.text_match, text, boolean) is
  'The match itself while something is found by it; else one by similar words, whose mode is none when there are none.';

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
set client_min_messages = warning
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
  v_title := private.refine_match(v_title, title, exists (
    select from private.offering_index as i where i.title_vector @@ v_title.query
  ));
  v_description := private.refine_match(v_description, description, exists (
    select from private.offering_index as i where i.description_vector @@ v_description.query
  ));
  if 'none' in (v_title.mode, v_description.mode) then
    return row(0, true, '[]')::public.page;
  end if;

  with candidates as materialized (
    select
      i.offering_id,
      i.created_at,
      case when v_title.mode = 'words' then ts_rank(i.title_vector, v_title.query) else 0 end
        + case when v_description.mode = 'words' then ts_rank(i.description_vector, v_description.query) else 0 end
        as score
    from private.offering_index as i
    where (
        v_title.mode = 'any'
        or (v_title.mode = 'words' and i.title_vector @@ v_title.query)
        or (v_title.mode = 'literal' and i.title_symbols @> v_title.symbols and i.title_text like v_title.pattern)
      )
      and (
        v_description.mode = 'any'
        or (v_description.mode = 'words' and i.description_vector @@ v_description.query)
        or (
          v_description.mode = 'literal'
          and i.description_symbols @> v_description.symbols
          and i.description_text like v_description.pattern
        )
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
