-- A booking or an event as an entry of somebody's calendar.

create type public.calendar_entry as (
  kind text,
  id uuid,
  sequence integer,
  status text,
  title text,
  location text,
  starts_at timestamptz,
  ends_at timestamptz,
  timezone text,
  provider_name text,
  seats_taken integer,
  capacity integer,
  changed_at timestamptz
);
comment on type public.calendar_entry is
  'What a calendar shows: a booking to its attendee, an event to its provider. status is confirmed, tentative or '
  'cancelled; sequence rises with every change. Names of attendees and contact data are not in it.';

create function private.booking_entry(booking public.bookings, event public.events) returns public.calendar_entry
language sql
stable
set search_path = ''
as $$
  select row(
    'booking',
    booking.id,
    booking.version + event.version,
    case
      when booking.status in ('cancelled', 'expired') then 'cancelled'
      when booking.status in ('held', 'pending_payment') then 'tentative'
      else 'confirmed'
    end,
    event.title,
    event.location,
    event.starts_at,
    event.ends_at,
    event.timezone,
    (select p.display_name from public.providers as p where p.id = event.provider_id),
    event.seats_taken,
    event.capacity,
    greatest(booking.updated_at, event.updated_at)
  )::public.calendar_entry;
$$;
comment on function private.booking_entry(public.bookings, public.events) is
  'A booking as its attendee''s calendar shows it. Both versions only rise, so their sum rises with a change of either.';
grant execute on function private.booking_entry(public.bookings, public.events) to authenticated;

create function private.event_entry(event public.events) returns public.calendar_entry
language sql
stable
set search_path = ''
as $$
  select row(
    'event',
    event.id,
    event.version,
    case when event.status = 'cancelled' then 'cancelled' else 'confirmed' end,
    event.title,
    event.location,
    event.starts_at,
    event.ends_at,
    event.timezone,
    (select p.display_name from public.providers as p where p.id = event.provider_id),
    event.seats_taken,
    event.capacity,
    event.updated_at
  )::public.calendar_entry;
$$;
comment on function private.event_entry(public.events) is
  'An event as its provider''s calendar shows it: one entry, however many booked.';
grant execute on function private.event_entry(public.events) to authenticated;

create function public.booking_calendar_entry(booking_id uuid) returns public.calendar_entry
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
  'A booking as the signed-in person''s calendar shows it: to the attendee their seat, to the provider the event. Raises '
  'BOOKING_NOT_FOUND (404).';
grant execute on function public.booking_calendar_entry(uuid) to authenticated;
