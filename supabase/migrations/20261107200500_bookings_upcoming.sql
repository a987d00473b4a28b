-- An event that is cancelled is not to come any more.

create or replace function public.list_my_bookings(
  statuses text[] default null,
  upcoming_only boolean default false,
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
        from public.booking_details as v
        where v.attendee_id = (select auth.uid())
          and (list_my_bookings.statuses is null or v.status = any (list_my_bookings.statuses))
          and (
            not list_my_bookings.upcoming_only
            or (
              v.starts_at > now()
              and exists (select from public.events as e where e.id = v.event_id and e.status = 'published')
            )
          )
        order by v.created_at desc, v.id
        limit least(list_my_bookings.page_size, 1000)
        offset list_my_bookings.page_offset
      ) as l
    )
  from (
    select case
      when list_my_bookings.with_total then (
        select count(*)
        from (
          select
          from public.bookings as b
          join public.events as e on e.id = b.event_id
          where b.attendee_id = (select auth.uid())
            and (
              list_my_bookings.statuses is null
              or case when b.expires_at <= now() then 'expired' else b.status end = any (list_my_bookings.statuses)
            )
            and (not list_my_bookings.upcoming_only or (e.starts_at > now() and e.status = 'published'))
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_my_bookings(text[], boolean, integer, integer, boolean) is
  'Bookings that the signed-in person made, latest first, as rows of booking_details; of all statuses or of some, of all '
  'events or of those that are to come: not cancelled, and not begun.';
