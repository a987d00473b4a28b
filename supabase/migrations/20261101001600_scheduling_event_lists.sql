-- What is read of events: the view that everybody lists, and its pages with bounded totals.

create function private.lapsed_seats(event_id uuid) returns integer
language sql
stable
security definer
set search_path = ''
as $$
  select count(*)::integer
  from public.bookings as b
  where b.event_id = lapsed_seats.event_id
    and b.expires_at <= now();
$$;
comment on function private.lapsed_seats(uuid) is
  'Seats of holds that lapsed and were not swept yet. Counts rows that the caller may not see.';
grant execute on function private.lapsed_seats(uuid) to anon, authenticated, service_role;

create view public.event_listings with (security_invoker = true) as
select
  e.id,
  e.provider_id,
  p.display_name as provider_name,
  e.kind,
  e.title,
  e.description,
  e.location,
  e.starts_at,
  e.ends_at,
  e.timezone,
  e.capacity,
  taken.seats as seats_taken,
  e.capacity - taken.seats as seats_left,
  e.price_minor,
  e.currency,
  e.payment_mode,
  e.status,
  e.version,
  e.created_at
from public.events as e
join public.providers as p on p.id = e.provider_id
cross join lateral (
  select e.seats_taken - case when e.payment_mode = 'prepaid' then private.lapsed_seats(e.id) else 0 end as seats
) as taken;
comment on view public.event_listings is
  'Events with their provider''s name and the seats that are really free at this moment.';
grant select on public.event_listings to anon, authenticated, service_role;

create type public.page as (total integer, total_is_exact boolean, items json);
comment on type public.page is
  'One page of a list. total counts up to 10,000; beyond that total_is_exact is false. Both are null without total.';

create function public.list_open_events(
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
        select v.*
        from public.event_listings as v
        where v.status = 'published'
          and v.starts_at > now()
        order by v.starts_at, v.id
        limit least(list_open_events.page_size, 1000)
        offset list_open_events.page_offset
      ) as l
    )
  from (
    select case
      when list_open_events.with_total then (
        select count(*)
        from (
          select
          from public.events as e
          where e.status = 'published'
            and e.starts_at > now()
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_open_events(integer, integer, boolean) is
  'Published events that have not begun, soonest first, as rows of event_listings; at most 1,000 a page.';
grant execute on function public.list_open_events(integer, integer, boolean) to anon, authenticated, service_role;

create function public.list_my_events(
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
        select v.*
        from public.event_listings as v
        where v.provider_id = me.id
        order by v.starts_at desc, v.id
        limit least(list_my_events.page_size, 1000)
        offset list_my_events.page_offset
      ) as l
    )
  from private.acting_provider() as me (id)
  cross join lateral (
    select case
      when list_my_events.with_total then (
        select count(*)
        from (
          select
          from public.events as e
          where e.provider_id = me.id
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_my_events(integer, integer, boolean) is
  'All events of the signed-in provider, latest first, as rows of event_listings. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403).';
grant execute on function public.list_my_events(integer, integer, boolean) to authenticated;
