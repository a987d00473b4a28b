-- A person's bookings by status and time, with the parts of their name.

create or replace view public.booking_details with (security_invoker = true) as
select
  b.id,
  b.status,
  b.payment_status,
  b.price_minor,
  b.currency,
  b.notes,
  b.expires_at,
  b.free_cancellation_until,
  b.cancelled_at,
  b.cancelled_by,
  b.cancellation_reason,
  b.version,
  b.created_at,
  b.attendee_id,
  a.name as attendee_name,
  c.email as attendee_email,
  coalesce(c.phone, c.unverified_phone) as attendee_phone,
  b.provider_id,
  p.display_name as provider_name,
  b.event_id,
  e.kind as event_kind,
  e.title as event_title,
  e.location as event_location,
  e.starts_at,
  e.ends_at,
  e.timezone,
  a.given_name as attendee_given_name,
  a.family_name as attendee_family_name,
  b.updated_at
from public.bookings as b
join public.events as e on e.id = b.event_id
join public.providers as p on p.id = b.provider_id
left join public.profiles as a on a.id = b.attendee_id
left join public.contacts as c on c.profile_id = b.attendee_id;

drop function public.list_my_bookings(integer, integer, boolean);

create function public.list_my_bookings(
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
          and (not list_my_bookings.upcoming_only or v.starts_at > now())
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
            and (list_my_bookings.statuses is null or b.status = any (list_my_bookings.statuses))
            and (not list_my_bookings.upcoming_only or e.starts_at > now())
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_my_bookings(text[], boolean, integer, integer, boolean) is
  'Bookings that the signed-in person made, latest first, as rows of booking_details; of all statuses or of some, of all '
  'events or of those that have not begun.';
grant execute on function public.list_my_bookings(text[], boolean, integer, integer, boolean) to authenticated;
