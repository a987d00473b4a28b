-- One-to-one time in calendars: the same entry for both of its people.

create function private.time_entry(booking public.bookings) returns public.calendar_entry
language plpgsql
stable
set search_path = ''
as $$
declare
  v_occasion public.events := private.occasion(booking);
begin
  if booking.offering_id is not null then
    -- The entry has the offering's title.
    select o.version, o.updated_at
    into v_occasion.version, v_occasion.updated_at
    from public.offerings as o
    where o.id = booking.offering_id;
  end if;
  return private.booking_entry(booking, v_occasion);
end;
$$;
comment on function private.time_entry(public.bookings) is
  'One-to-one time as the calendars of both its people show it. The sequence rises with a change of the booking or of its '
  'offering. For callers who see every offering.';
comment on type public.calendar_entry is
  'What a calendar shows: a booking to its attendee, an event to its provider, one-to-one time to both as the booking. '
  'status is confirmed, tentative or cancelled; sequence rises with every change. Names of attendees and contact data are '
  'not in it.';

create function private.own_time_entry(booking_id uuid) returns public.calendar_entry
language sql
stable
security definer
set search_path = ''
as $$
  select private.time_entry(b)
  from public.bookings as b
  where b.id = own_time_entry.booking_id
    and b.during is not null
    and (select auth.uid()) in (b.attendee_id, b.provider_id);
$$;
comment on function private.own_time_entry(uuid) is
  'The entry of one-to-one time for one of its people, with the title of an offering that is not listed any more as well; '
  'null for everybody else.';
grant execute on function private.own_time_entry(uuid) to authenticated;

create or replace function public.booking_calendar_entry(booking_id uuid) returns public.calendar_entry
language plpgsql
stable
set search_path = ''
as $$
declare
  v_booking public.bookings;
  v_event public.events;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = booking_calendar_entry.booking_id;
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  if v_booking.event_id is null then
    return private.own_time_entry(v_booking.id);
  end if;
  select e.*
  into v_event
  from public.events as e
  where e.id = v_booking.event_id;
  if v_booking.attendee_id = (select auth.uid()) then
    return private.booking_entry(v_booking, v_event);
  end if;
  return private.event_entry(v_event);
end;
$$;
comment on function public.booking_calendar_entry(uuid) is
  'A booking as the signed-in person''s calendar shows it: to the attendee their seat, to the provider the event, '
  'one-to-one time to both. Raises BOOKING_NOT_FOUND (404).';

create or replace function private.calendar_of(profile_id uuid) returns setof public.calendar_entry
language sql
stable
set search_path = ''
as $$
  select case
    when (own.event).id is null then private.time_entry(own.booking)
    when (own.booking).id is null then private.event_entry(own.event)
    else private.booking_entry(own.booking, own.event)
  end
  from (
    select b as booking, e as event, e.starts_at, e.ends_at
    from public.bookings as b
    join public.events as e on e.id = b.event_id
    where b.attendee_id = calendar_of.profile_id
      and b.status <> 'expired'
      and (b.cancelled_at is null or b.cancelled_at > now() - interval '30 days')
      and e.ends_at > now() - interval '30 days'
      and e.starts_at < now() + interval '1 year'
    union all
    select null, e, e.starts_at, e.ends_at
    from public.events as e
    where e.provider_id = calendar_of.profile_id
      and (e.cancelled_at is null or e.cancelled_at > now() - interval '30 days')
      -- No event is longer than 366 days: this bounds the part of the index that is read.
      and e.starts_at > now() - interval '400 days'
      and e.ends_at > now() - interval '30 days'
      and e.starts_at < now() + interval '1 year'
    union all
    select b, null, lower(b.during), upper(b.during)
    from public.bookings as b
    where (b.attendee_id = calendar_of.profile_id or b.provider_id = calendar_of.profile_id)
      and b.during is not null
      and upper(b.during) > now() - interval '30 days'
      and lower(b.during) < now() + interval '1 year'
      and b.status not in ('held', 'pending_payment', 'expired')
      and (
        b.cancelled_at is null
        -- A hold that was given up had no entry that could be cancelled.
        or (b.cancelled_at > now() - interval '30 days' and (b.price_minor = 0 or b.payment_status <> 'none'))
      )
  ) as own
  order by own.ends_at < now(), own.starts_at, coalesce((own.booking).id, (own.event).id)
  limit 1000;
$$;
comment on function private.calendar_of(uuid) is
  'A person''s bookings, own events and one-to-one time on either side, from 30 days ago to a year ahead, at most 1,000, '
  'those ahead first. What was cancelled stays for 30 days, so that calendars learn of it. One-to-one time that is only '
  'held is not there: in a quarter of an hour it is paid or gone, and calendars ask less often.';
