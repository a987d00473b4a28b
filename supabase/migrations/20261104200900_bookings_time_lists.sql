-- What is read of one-to-one bookings; and lists of events' bookings, which leave them out.

create or replace function private.move_bookings(event public.events, before public.events) returns void
language plpgsql
set search_path = ''
as $$
begin
  with moved as (
    update public.bookings as b
    set free_cancellation_until = event.starts_at, version = b.version + 1
    where b.event_id = event.id
      and b.is_live
    returning b as booking
  )
  insert into private.outbox (event, key, version, payload)
  select
    'booking.rescheduled',
    (m.booking).id,
    (m.booking).version,
    private.booking_payload(
      m.booking,
      event,
      cause => 'event_moved',
      extra => jsonb_build_object('previous_starts_at', before.starts_at, 'previous_ends_at', before.ends_at)
    )
  from moved as m;
end;
$$;

create function private.meeting_of(booking public.bookings) returns jsonb
language sql
stable
set search_path = ''
as $$
  select null::jsonb;
$$;
comment on function private.meeting_of(public.bookings) is
  'The meeting of a booking as its people see it now: {id, join_url, started_at, ended_at, recording_url}; null while '
  'there is none. Whoever holds meetings replaces it.';
grant execute on function private.meeting_of(public.bookings) to authenticated, service_role;

create function private.feedback_of(booking public.bookings) returns jsonb
language sql
stable
set search_path = ''
as $$
  select null::jsonb;
$$;
comment on function private.feedback_of(public.bookings) is
  'The attendee''s review of a booking: {rating, text}; null while there is none. Whoever holds reviews replaces it.';
grant execute on function private.feedback_of(public.bookings) to authenticated, service_role;

create view public.time_bookings with (security_invoker = true) as
select
  b.id,
  case when b.expires_at <= now() then 'expired' else b.status end as status,
  b.payment_status,
  b.price_minor,
  b.currency,
  b.slot_id,
  b.offering_id,
  o.title as offering_title,
  lower(b.during) as starts_at,
  upper(b.during) as ends_at,
  b.timezone,
  to_char(lower(b.during) at time zone b.timezone, 'YYYY-MM-DD') as local_date,
  to_char(lower(b.during) at time zone b.timezone, 'HH24:MI') as local_time,
  b.notes,
  n.notes as provider_notes,
  b.expires_at,
  b.free_cancellation_until,
  b.late_refund_percent,
  b.cancelled_at,
  b.cancelled_by,
  b.cancellation_reason,
  b.version,
  b.created_at,
  b.updated_at,
  b.attendee_id,
  a.name as attendee_name,
  b.provider_id,
  p.display_name as provider_name,
  p.specialization as provider_specialization,
  private.meeting_of(b) as meeting,
  private.feedback_of(b) as feedback
from public.bookings as b
join public.providers as p on p.id = b.provider_id
left join public.offerings as o on o.id = b.offering_id
left join public.profiles as a on a.id = b.attendee_id
left join public.provider_notes as n on n.booking_id = b.id
where b.during is not null;
comment on view public.time_bookings is
  'One-to-one bookings of the caller, as attendee or as provider. local_date and local_time are of the start, in timezone. '
  'A hold that lapsed shows as expired at once; provider_notes are there for the provider.';
grant select on public.time_bookings to authenticated, service_role;

create function public.list_time_bookings(
  statuses text[] default null,
  provider_id uuid default null,
  specialization text default null,
  starts_from timestamptz default null,
  starts_before timestamptz default null,
  page_size integer default 20,
  page_offset integer default 0
) returns public.page
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_me constant uuid := (select auth.uid());
  v_ids uuid[];
  v_page public.page;
begin
  select array_agg(f.id order by f.starts_at desc, f.id)
  into v_ids
  from (
    select b.id, lower(b.during) as starts_at
    from public.bookings as b
    join public.providers as p on p.id = b.provider_id
    where b.during is not null
      and v_me in (b.attendee_id, b.provider_id)
      and (
        list_time_bookings.statuses is null
        or case when b.expires_at <= now() then 'expired' else b.status end = any (list_time_bookings.statuses)
      )
      and (list_time_bookings.provider_id is null or b.provider_id = list_time_bookings.provider_id)
      and (
        list_time_bookings.specialization is null
        or position(lower(list_time_bookings.specialization) in lower(p.specialization)) > 0
      )
      and (list_time_bookings.starts_from is null or lower(b.during) >= list_time_bookings.starts_from)
      and (list_time_bookings.starts_before is null or lower(b.during) < list_time_bookings.starts_before)
    limit 10001
  ) as f;
  v_page.total := least(coalesce(cardinality(v_ids), 0), 10000);
  v_page.total_is_exact := coalesce(cardinality(v_ids), 0) <= 10000;
  select coalesce(json_agg(v order by w.position), '[]')
  into v_page.items
  from unnest(
    v_ids[list_time_bookings.page_offset + 1:list_time_bookings.page_offset + least(list_time_bookings.page_size, 100)]
  ) with ordinality as w (id, position)
  join public.time_bookings as v on v.id = w.id;
  return v_page;
end;
$$;
comment on function public.list_time_bookings(text[], uuid, text, timestamptz, timestamptz, integer, integer) is
  'One-to-one bookings of the signed-in person on either side, latest time first, as rows of time_bookings; at most 100 a '
  'page. specialization is a part of what the provider is known for.';
grant execute on function public.list_time_bookings(text[], uuid, text, timestamptz, timestamptz, integer, integer)
  to authenticated;

create or replace function public.list_provider_bookings(
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
          and b.event_id is not null
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
  'Bookings of events that others made with the signed-in provider, of one event or of all, latest first, as rows of '
  'booking_details. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404).';
comment on view public.booking_details is
  'Bookings of events of the caller, as attendee or as provider, with event and people. The attendee''s contact data is '
  'there for both of them. One-to-one bookings are in time_bookings.';

create or replace function public.provider_dashboard() returns public.provider_dashboard
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
      and b.event_id is not null
      and b.status in ('confirmed', 'completed')
  ) as bookings;
$$;
comment on type public.provider_dashboard is
  'A provider''s figures of events. bookings_total and revenue_minor count confirmed and completed bookings, the latter at '
  'their price in minor units of the provider''s currency, whether paid or due.';
