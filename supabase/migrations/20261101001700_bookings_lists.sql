-- What is read of bookings: the view for both sides, its pages, and the provider's dashboard.

create view public.booking_details with (security_invoker = true) as
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
  c.phone as attendee_phone,
  b.provider_id,
  p.display_name as provider_name,
  b.event_id,
  e.kind as event_kind,
  e.title as event_title,
  e.location as event_location,
  e.starts_at,
  e.ends_at,
  e.timezone
from public.bookings as b
join public.events as e on e.id = b.event_id
join public.providers as p on p.id = b.provider_id
left join public.profiles as a on a.id = b.attendee_id
left join public.contacts as c on c.profile_id = b.attendee_id;
comment on view public.booking_details is
  'Bookings of the caller, as attendee or as provider, with event and people. The attendee''s contact data is there for '
  'both of them.';
grant select on public.booking_details to authenticated, service_role;

create function public.list_my_bookings(
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
          where b.attendee_id = (select auth.uid())
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;
comment on function public.list_my_bookings(integer, integer, boolean) is
  'Bookings that the signed-in person made, latest first, as rows of booking_details.';
grant execute on function public.list_my_bookings(integer, integer, boolean) to authenticated;

create function private.require_own_event(event_id uuid) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_provider_id uuid;
begin
  perform private.acting_provider();
  select e.provider_id
  into v_provider_id
  from public.events as e
  where e.id = require_own_event.event_id;
  if not found then
    raise sqlstate 'PT404' using message = 'EVENT_NOT_FOUND';
  end if;
  if v_provider_id is distinct from (select auth.uid()) then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_EVENT';
  end if;
end;
$$;
comment on function private.require_own_event(uuid) is
  'Raises NOT_A_PROVIDER or NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404) unless the caller holds this event.';
grant execute on function private.require_own_event(uuid) to authenticated;

create function public.list_provider_bookings(
  event_id uuid default null,
  page_size integer default 100,
  page_offset integer default 0,
  with_total boolean default true
) returns public.page
language plpgsql
stable
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_page public.page;
begin
  if list_provider_bookings.event_id is not null then
    perform private.require_own_event(list_provider_bookings.event_id);
  end if;
  if list_provider_bookings.with_total then
    select least(counted.n, 10000), counted.n <= 10000
    into v_page.total, v_page.total_is_exact
    from (
      select count(*) as n
      from (
        select
        from public.bookings as b
        where b.provider_id = v_provider_id
          and (list_provider_bookings.event_id is null or b.event_id = list_provider_bookings.event_id)
        limit 10001
      ) as bounded
    ) as counted;
  end if;
  select coalesce(json_agg(l), '[]')
  into v_page.items
  from (
    select v.*
    from public.booking_details as v
    where v.provider_id = v_provider_id
      and (list_provider_bookings.event_id is null or v.event_id = list_provider_bookings.event_id)
    order by v.created_at desc, v.id
    limit least(list_provider_bookings.page_size, 1000)
    offset list_provider_bookings.page_offset
  ) as l;
  return v_page;
end;
$$;
comment on function public.list_provider_bookings(uuid, integer, integer, boolean) is
  'Bookings that others made with the signed-in provider, of one event or of all, latest first, as rows of '
  'booking_details. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404).';
grant execute on function public.list_provider_bookings(uuid, integer, integer, boolean) to authenticated;

create type public.provider_dashboard as (
  events_total integer,
  events_published integer,
  events_upcoming integer,
  bookings_total integer,
  revenue_minor bigint,
  currency text,
  recent_bookings json
);
comment on type public.provider_dashboard is
  'A provider''s figures. bookings_total and revenue_minor count confirmed and completed bookings, the latter at their '
  'price in minor units of the provider''s currency, whether paid or due.';

create function public.provider_dashboard() returns public.provider_dashboard
language sql
stable
set search_path = ''
as $$
  select
    events.total,
    events.published,
    events.upcoming,
    bookings.total,
    bookings.revenue_minor,
    p.currency,
    (
      select coalesce(json_agg(l), '[]')
      from (
        select v.*
        from public.booking_details as v
        where v.provider_id = me.id
        order by v.created_at desc, v.id
        limit 10
      ) as l
    )
  from private.acting_provider() as me (id)
  join public.providers as p on p.id = me.id
  cross join lateral (
    select
      count(*)::integer as total,
      (count(*) filter (where e.status = 'published'))::integer as published,
      (count(*) filter (where e.status = 'published' and e.starts_at > now()))::integer as upcoming
    from public.events as e
    where e.provider_id = me.id
  ) as events
  cross join lateral (
    select
      count(*)::integer as total,
      coalesce(sum(b.price_minor) filter (where b.currency = p.currency), 0)::bigint as revenue_minor
    from public.bookings as b
    where b.provider_id = me.id
      and b.status in ('confirmed', 'completed')
  ) as bookings;
$$;
comment on function public.provider_dashboard() is
  'Figures and the last ten bookings of the signed-in provider. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403).';
grant execute on function public.provider_dashboard() to authenticated;
