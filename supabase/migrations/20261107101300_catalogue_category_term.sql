-- The wanted category is folded once, however long it is, not for each offering and category.

create or replace function public.list_my_offerings(
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
  with wanted as materialized (
    -- No category is so long, and a term that is cut equals none.
    select private.category_term(left(list_my_offerings.category, 201)) as term
  ), mine as (
    select v.*
    from private.acting_provider() as me (id)
    join public.offering_listings as v on v.provider_id = me.id
    where (v.is_active or not list_my_offerings.only_active)
      and (
        list_my_offerings.category is null
        or private.category_term(v.category) = (select w.term from wanted as w)
        or v.category_id in (
          select c.id
          from public.categories as c
          where (select w.term from wanted as w)
            in (private.category_term(c.name), private.category_term(c.slug))
        )
        or v.subcategory_id in (
          select s.id
          from public.subcategories as s
          where (select w.term from wanted as w)
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
