-- Holds that the provider and the CRM never heard of stay untold, and those that lapsed count for nothing at once; what
-- an event says of itself is a change of it.

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
      cause => case when (m.booking).expires_at is null then 'event_moved' else 'held' end,
      extra => jsonb_build_object('previous_starts_at', before.starts_at, 'previous_ends_at', before.ends_at)
    )
  from moved as m;
end;
$$;
comment on function private.move_bookings(public.events, public.events) is
  'After an event moved: everybody booked may cancel freely until the new start, and is told. Of holds the attendee alone '
  'hears; the CRM never heard of them.';

create or replace function private.cancel_bookings(event public.events, reason text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_by constant text := private.canceller(event.provider_id);
  v_booking public.bookings;
begin
  perform private.expire_holds(event);
  for v_booking in
    with held as (
      select b.id
      from public.bookings as b
      where b.event_id = event.id
        and b.expires_at is not null
    ), cancelled as (
      update public.bookings as b
      set
        status = 'cancelled',
        cancelled_at = now(),
        cancelled_by = v_by,
        cancellation_reason = cancel_bookings.reason,
        expires_at = null,
        payment_status = case when b.payment_status = 'due' then 'none' else b.payment_status end,
        version = b.version + 1
      where b.event_id = event.id
        and b.is_live
      returning b as booking
    ), told as (
      insert into private.outbox (event, key, version, payload)
      select
        'booking.cancelled',
        (c.booking).id,
        (c.booking).version,
        private.booking_payload(
          c.booking,
          event,
          cause => case when (c.booking).id in (select h.id from held as h) then 'held' else 'event_cancelled' end
        )
      from cancelled as c
      returning key
    )
    select (c.booking).*
    from cancelled as c
    join told as t on t.key = (c.booking).id
    where event.payment_mode = 'prepaid'
    order by (c.booking).id
  loop
    perform private.return_payment(v_booking, true);
  end loop;
end;
$$;
comment on function private.cancel_bookings(public.events, text) is
  'Cancels every live booking of an event whose lock is held, tells everybody and returns what was paid. Of holds the '
  'attendee alone hears; the CRM never heard of them.';

-- In plpgsql, which keeps its plans: lists ask for each event that has bookings.
create or replace function private.lapsed_seats(event_id uuid) returns integer
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_lapsed integer;
  v_waiting integer;
begin
  if not exists (
    select
    from public.bookings as b
    where b.event_id = lapsed_seats.event_id
      and b.expires_at <= now()
  ) then
    return 0;
  end if;
  select count(*)
  into v_lapsed
  from public.bookings as b
  where b.event_id = lapsed_seats.event_id
    and b.expires_at <= now();
  select count(*)
  into v_waiting
  from public.waiting_entries as w
  where w.event_id = lapsed_seats.event_id
    and w.status = 'waiting';
  return greatest(v_lapsed - v_waiting, 0);
end;
$$;
comment on function private.lapsed_seats(uuid) is
  'Seats of holds that lapsed and were not swept yet, without those that the waiting list will get. Counts rows that the '
  'caller may not see.';

create or replace view public.event_listings with (security_invoker = true) as
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
  e.created_at,
  p.bio as provider_bio,
  e.requirements,
  l.virtual_link
from public.events as e
join public.providers as p on p.id = e.provider_id
left join public.event_links as l on l.event_id = e.id
cross join lateral (
  select e.seats_taken - case when e.seats_taken > 0 then private.lapsed_seats(e.id) else 0 end as seats
) as taken;

create or replace view public.booking_details with (security_invoker = true) as
select
  b.id,
  case when b.expires_at <= now() then 'expired' else b.status end as status,
  case when b.expires_at <= now() then 'none' else b.payment_status end as payment_status,
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
comment on view public.booking_details is
  'Bookings of events of the caller, as attendee or as provider, with event and people. The attendee''s contact data is '
  'there for both of them. A hold that lapsed shows as expired at once. One-to-one bookings are in time_bookings.';

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
            and (
              list_my_bookings.statuses is null
              or case when b.expires_at <= now() then 'expired' else b.status end = any (list_my_bookings.statuses)
            )
            and (not list_my_bookings.upcoming_only or e.starts_at > now())
          limit 10001
        ) as bounded
      )
    end as n
  ) as counted;
$$;

create or replace function private.describe_event(event_id uuid, requirements text, virtual_link text)
returns public.events
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb :=
    jsonb_build_object('event_id', event_id, 'requirements', requirements, 'virtual_link', virtual_link);
  v_replay constant jsonb := private.begin_command('describe_event', v_request);
  v_event public.events;
  v_link text;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.events, v_replay);
  end if;
  perform private.check_length('requirements', describe_event.requirements, 2000);
  v_event := private.lock_own_event(describe_event.event_id);
  select l.virtual_link
  into v_link
  from public.event_links as l
  where l.event_id = v_event.id;
  if coalesce(describe_event.requirements, v_event.requirements) is distinct from v_event.requirements
    or nullif(coalesce(describe_event.virtual_link, v_link), '') is distinct from v_link
  then
    update public.events as e
    set requirements = coalesce(describe_event.requirements, e.requirements), version = e.version + 1
    where e.id = v_event.id
    returning e.* into v_event;
    perform private.emit_event('event.updated', v_event);
  end if;
  if describe_event.virtual_link = '' then
    delete from public.event_links as l where l.event_id = v_event.id;
  elsif describe_event.virtual_link is not null then
    insert into public.event_links as l (event_id, provider_id, virtual_link)
    values (v_event.id, v_event.provider_id, describe_event.virtual_link)
    on conflict on constraint event_links_pkey do update
    set virtual_link = excluded.virtual_link;
  end if;
  perform private.finish_command(
    'describe_event', v_request, v_event.id, to_jsonb(v_event), jsonb_strip_nulls(v_request) - 'virtual_link'
  );
  return v_event;
exception
  when check_violation then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "virtual_link", "reason": "must be an https address of at most 2000 characters"}';
end;
$$;
comment on function public.describe_event(uuid, text, text) is
  'Says what an event asks of its attendees (at most 2,000 characters) and where it is online (an https address), of the '
  'signed-in provider; null leaves it, and an empty text takes it away. A change is an event.updated. Raises SIGN_IN_REQUIRED '
  '(401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404), INVALID_INPUT (400).';
