-- What a provider reads of their own offerings: pages and figures.

create function public.list_my_offerings(
  category text default null,
  only_active boolean default false,
  page_size integer default 100,
  page_offset integer default 0,
  with_total boolean default true
)
returns public.page
language sql
stable
set search_path = ''
as $$
  with mine as (
    select v.*
    from private.acting_provider() as me (id)
    join public.offering_listings as v on v.provider_id = me.id
    where (v.is_active or not list_my_offerings.only_active)
      and (
        list_my_offerings.category is null
        or private.category_term(v.category) = private.category_term(list_my_offerings.category)
        or v.category_id in (
          select c.id
          from public.categories as c
          where private.category_term(list_my_offerings.category)
            in (private.category_term(c.name), private.category_term(c.slug))
        )
        or v.subcategory_id in (
          select s.id
          from public.subcategories as s
          where private.category_term(list_my_offerings.category)
            in (private.category_term(s.name), private.category_term(s.slug))
        )
      )
  )
  select
    least(counted.n, 10000)::integer,
    counted.n <= 10000,
    (
      select coalesce(json_agg(l), '[]')
      from (
        select m.*
        from mine as m
        order by m.created_at desc, m.id
        limit least(list_my_offerings.page_size, 1000)
        offset list_my_offerings.page_offset
      ) as l
    )
  from (
    select case
      when list_my_offerings.with_total then (
        select count(*)
        from (
          select
          from mine
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_my_offerings(text, boolean, integer, integer, boolean) is
  'Offerings of the signed-in provider, latest first, as rows of offering_listings; only active ones when asked, and only '
  'of one category: what they wrote themselves, or the name or slug of one of ours. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403).';
grant execute on function public.list_my_offerings(text, boolean, integer, integer, boolean) to authenticated;

create type public.offering_figures as (
  total integer,
  active integer,
  inactive integer,
  unique_categories integer,
  categories json
);
comment on type public.offering_figures is
  'A provider''s offerings in numbers, without deleted ones. categories: [{category, count}] by what the provider wrote, '
  'case and accents aside, most used first; offerings without one are in none.';

create function public.offering_stats() returns public.offering_figures
language sql
stable
set search_path = ''
as $$
  with mine as (
    select o.category, o.is_active, o.created_at
    from private.acting_provider() as me (id)
    left join public.offerings as o on o.provider_id = me.id and o.deleted_at is null
  ), counted as (
    select (array_agg(m.category order by m.created_at desc))[1] as category, count(*)::integer as count
    from mine as m
    where m.category is not null
    group by private.fold(m.category)
  )
  select
    count(m.is_active)::integer,
    (count(*) filter (where m.is_active))::integer,
    (count(*) filter (where not m.is_active))::integer,
    (select count(*)::integer from counted),
    (select coalesce(json_agg(c order by c.count desc, c.category), '[]') from counted as c)
  from mine as m;
$$;
comment on function public.offering_stats() is
  'Offerings of the signed-in provider in numbers. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403).';
grant execute on function public.offering_stats() to authenticated;
