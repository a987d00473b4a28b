-- Where the consulting contract leads: to bookings it has, slots that can be booked, changes that stand or fall as one.

create or replace function private.notification_data(payload jsonb, target text) returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'title', payload -> 'title',
    'starts_at', payload -> 'starts_at',
    'timezone', payload -> 'timezone',
    'role', notification_data.target
  ) || case
    when payload ? 'event_id' then jsonb_build_object('event_id', payload -> 'event_id')
    else '{}'
  end || case
    when payload ? 'review_id'
      then jsonb_build_object('provider_id', payload -> 'provider_id', 'rating', payload -> 'rating')
    else '{}'
  end;
$$;
comment on function private.notification_data(jsonb, text) is
  'What a notification keeps of a domain event: enough to say it in the recipient''s language, and event_id where it is '
  'about an event or a seat at one; nobody''s contact data.';

update public.notifications as n
set data = n.data || jsonb_build_object('event_id', b.event_id)
from public.bookings as b
where b.id = n.subject_id
  and b.event_id is not null;

create or replace function private.calendar_slots(
  of_provider uuid,
  starts_from timestamptz,
  starts_before timestamptz,
  zone text,
  offering_id uuid
) returns json
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_booked constant tstzmultirange := private.booked_time(
    of_provider, tstzrange(starts_from - interval '1 day', starts_before + interval '2 days')
  );
  v_minutes integer;
begin
  if calendar_slots.offering_id is not null then
    select o.duration_minutes
    into v_minutes
    from public.offerings as o
    where o.id = calendar_slots.offering_id
      and o.provider_id = calendar_slots.of_provider
      and o.is_active;
    if not found then
      raise sqlstate 'PT404' using message = 'OFFERING_NOT_FOUND';
    end if;
  end if;
  return (
    with slot as materialized (
      select
        s.id,
        s.starts_at,
        s.ends_at,
        s.status,
        (extract(epoch from s.ends_at - s.starts_at) / 60)::integer as minutes
      from public.slots as s
      where s.provider_id = calendar_slots.of_provider
        and s.starts_at >= calendar_slots.starts_from
        and s.starts_at < calendar_slots.starts_before
        and (v_minutes is null or s.ends_at = s.starts_at + make_interval(mins => v_minutes))
    ), length as (
      select l.minutes, price.amount_minor, price.currency
      from (select distinct s.minutes from slot as s) as l
      cross join lateral private.price_of_time(
        calendar_slots.of_provider,
        calendar_slots.starts_from,
        calendar_slots.starts_from + make_interval(mins => l.minutes),
        calendar_slots.offering_id
      ) as price
    ), offered as materialized (
      select t.starts_at, t.ends_at
      from length as l
      cross join lateral private.open_times_of(
        array[calendar_slots.of_provider], calendar_slots.starts_from, calendar_slots.starts_before, l.minutes
      ) as t
    ), shown as (
      select
        s.id,
        s.starts_at,
        s.ends_at,
        (s.starts_at at time zone calendar_slots.zone)::date as date,
        to_char(s.starts_at at time zone calendar_slots.zone, 'HH24:MI') as start_time,
        to_char(s.ends_at at time zone calendar_slots.zone, 'HH24:MI') as end_time,
        case
          when v_booked && tstzrange(s.starts_at, s.ends_at) then 'booked'
          when s.status = 'withdrawn' then null
          when o.starts_at is not null then 'available'
          else 'blocked'
        end as status,
        l.amount_minor as price_minor,
        l.currency
      from slot as s
      join length as l on l.minutes = s.minutes
      left join offered as o on o.starts_at = s.starts_at and o.ends_at = s.ends_at
    )
    select coalesce(json_agg(s order by s.starts_at, s.ends_at), '[]')
    from shown as s
    where s.status is not null
  );
end;
$$;
comment on function private.calendar_slots(uuid, timestamptz, timestamptz, text, uuid) is
  'A provider''s slots in a period with what became of them, of the offering''s length where it has one; withdrawn ones only '
  'while they are booked. Raises OFFERING_NOT_FOUND (404).';
comment on function public.provider_calendar(uuid, date, text, uuid) is
  'A provider''s slots in the month of a date (default: today), in a time zone (default: the provider''s): available ones can '
  'be booked at this moment, booked ones somebody has, blocked ones are free of both: time off, an event, too soon, too far '
  'ahead, buffers, the daily limit, or no longer in the schedule. With an offering they have its price, and its length where '
  'it has one. Raises PROVIDER_NOT_FOUND and OFFERING_NOT_FOUND (404), INVALID_INPUT (400).';

create or replace function private.require_movable(booking public.bookings) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if booking.during is null or booking.status not in ('held', 'pending_payment', 'confirmed') then
    raise sqlstate 'PT409' using
      message = 'BOOKING_NOT_MOVABLE',
      detail = json_build_object('status', booking.status)::text;
  end if;
  if booking.expires_at <= now() then
    raise sqlstate 'PT410' using message = 'BOOKING_EXPIRED';
  end if;
  if lower(booking.during) <= now() then
    raise sqlstate 'PT409' using
      message = 'BOOKING_NOT_MOVABLE',
      detail = json_build_object('status', booking.status, 'until', lower(booking.during))::text;
  end if;
  if private.canceller(booking.provider_id) = 'attendee' and booking.free_cancellation_until < now() then
    raise sqlstate 'PT409' using message = 'RESCHEDULE_NOT_ALLOWED';
  end if;
end;
$$;
comment on function private.require_movable(public.bookings) is
  'Raises BOOKING_NOT_MOVABLE, also for what has begun, RESCHEDULE_NOT_ALLOWED (409), BOOKING_EXPIRED (410). After the '
  'deadline an attendee cannot move a booking: it would walk around what a cancellation costs then.';
comment on function public.reschedule_booking(uuid, timestamptz, timestamptz, uuid, text) is
  'Moves a one-to-one booking of the signed-in person to another time of the same provider and the same length, in one '
  'transaction; price, payment and policy stay. The attendee may until free cancellation ends, the provider until it '
  'starts. Raises BOOKING_NOT_FOUND and SLOT_NOT_FOUND (404), SLOT_NOT_AVAILABLE, BOOKING_NOT_MOVABLE and '
  'RESCHEDULE_NOT_ALLOWED (409), BOOKING_EXPIRED (410), INVALID_INPUT (400).';

create function private.update_booking(booking_id uuid, notes text, provider_notes text, rating integer, review text)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'booking_id', booking_id, 'notes', notes, 'provider_notes', provider_notes, 'rating', rating, 'review', review
  ));
  v_replay constant jsonb := private.begin_command('update_booking', v_request);
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.own_time_booking(update_booking.booking_id);
  v_booking := private.update_booking_notes(
    update_booking.booking_id, update_booking.notes, update_booking.provider_notes
  );
  if update_booking.rating is not null or update_booking.review is not null then
    perform private.review_booking(
      update_booking.booking_id, update_booking.rating, update_booking.review, null, null, null, null, null
    );
  end if;
  perform private.finish_command('update_booking', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.update_booking(uuid, text, text, integer, text) is 'See public.update_booking.';

create function public.update_booking(
  booking_id uuid,
  notes text default null,
  provider_notes text default null,
  rating integer default null,
  review text default null
) returns public.bookings
language sql
set search_path = ''
as $$
  select private.update_booking(
    update_booking.booking_id, update_booking.notes, update_booking.provider_notes, update_booking.rating,
    update_booking.review
  );
$$;
comment on function public.update_booking(uuid, text, text, integer, text) is
  'Writes the caller''s words on a one-to-one booking, as update_booking_notes does, and with a rating the attendee''s '
  'review, as review_booking does: all of it or nothing. Raises BOOKING_NOT_FOUND (404), NOT_YOUR_NOTES (403), '
  'BOOKING_NOT_COMPLETED and ALREADY_REVIEWED (409), INVALID_INPUT (400).';
grant execute on function private.update_booking(uuid, text, text, integer, text) to authenticated;
grant execute on function public.update_booking(uuid, text, text, integer, text) to authenticated;
