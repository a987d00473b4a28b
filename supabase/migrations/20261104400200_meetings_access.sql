-- When a meeting is open, and what its people may know of it.

create type public.booking_meeting as (
  booking_id uuid,
  kind text,
  meeting_id text,
  join_url text,
  opens_at timestamptz,
  closes_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  recording_token text
);
comment on type public.booking_meeting is
  'The meeting of a one-to-one booking as its people see it. join_url is null unless the meeting is open; meeting_id is '
  'the vendor''s where it opens nothing by itself (Zoom), else null with join_url; recording_token names the shared link.';

create function private.meeting_opens_at(booking public.bookings) returns timestamptz
language sql
immutable
set search_path = ''
as $$
  select lower(booking.during) - interval '15 minutes';
$$;
comment on function private.meeting_opens_at(public.bookings) is 'From when the people of a booking get its link.';
grant execute on function private.meeting_opens_at(public.bookings) to authenticated, service_role;

create function private.meeting_closes_at(booking public.bookings) returns timestamptz
language sql
immutable
set search_path = ''
as $$
  select upper(booking.during) + interval '30 minutes';
$$;
comment on function private.meeting_closes_at(public.bookings) is 'Until when: half an hour of grace after the booked time.';
grant execute on function private.meeting_closes_at(public.bookings) to authenticated, service_role;

create function private.is_meeting_open(booking public.bookings, meeting public.meetings) returns boolean
language sql
stable
set search_path = ''
as $$
  select booking.status = 'confirmed'
    and meeting.ready_at is not null
    and meeting.ended_at is null
    and now() between private.meeting_opens_at(booking) and private.meeting_closes_at(booking);
$$;
comment on function private.is_meeting_open(public.bookings, public.meetings) is
  'Whether the link of a meeting is given out: booked, paid where it must be, made at the vendor, and at its time.';
grant execute on function private.is_meeting_open(public.bookings, public.meetings) to authenticated, service_role;

create function private.meeting_of(booking_id uuid) returns public.booking_meeting
language sql
stable
security definer
set search_path = ''
as $$
  select (
    b.id,
    m.kind,
    case
      when private.is_meeting_open(b, m) or (m.kind = 'zoom' and b.status in ('confirmed', 'completed', 'no_show'))
        then l.external_id
    end,
    case when private.is_meeting_open(b, m) then l.join_url end,
    private.meeting_opens_at(b),
    private.meeting_closes_at(b),
    m.started_at,
    m.ended_at,
    case when r.shared_until > now() then r.share_token end
  )::public.booking_meeting
  from public.bookings as b
  cross join private.actor() as a
  left join public.meetings as m on m.booking_id = b.id
  left join private.meeting_links as l on l.booking_id = b.id
  left join private.meeting_recordings as r on r.booking_id = b.id
  where b.id = meeting_of.booking_id
    and b.during is not null
    and (a.kind in ('administrator', 'service') or a.id in (b.attendee_id, b.provider_id));
$$;
comment on function private.meeting_of(uuid) is
  'The meeting of a one-to-one booking for one of its people, the service or an administrator; null for everybody else.';
grant execute on function private.meeting_of(uuid) to authenticated, service_role;

create view public.booking_meetings with (security_invoker = true) as
select
  b.id as booking_id,
  m.kind,
  m.meeting_id,
  m.join_url,
  m.opens_at,
  m.closes_at,
  m.started_at,
  m.ended_at,
  m.recording_token
from public.bookings as b
cross join lateral private.meeting_of(b.id) as m
where b.during is not null;
comment on view public.booking_meetings is
  'The meetings of the caller''s one-to-one bookings: see type booking_meeting. The link is there while it is open.';
grant select on public.booking_meetings to authenticated, service_role;

create function private.own_time_booking(booking_id uuid, for_provider boolean default false) returns public.bookings
language plpgsql
stable
set search_path = ''
as $$
declare
  v_actor_id constant uuid := private.acting_user();
  v_booking public.bookings;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = own_time_booking.booking_id
    and b.during is not null
    and v_actor_id in (b.attendee_id, b.provider_id);
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  if for_provider and v_booking.provider_id is distinct from v_actor_id then
    raise sqlstate 'PT403' using message = 'NOT_THE_PROVIDER';
  end if;
  return v_booking;
end;
$$;
comment on function private.own_time_booking(uuid, boolean) is
  'A one-to-one booking of the signed-in person, as its provider only when that is asked. Raises SIGN_IN_REQUIRED (401), '
  'NOT_THE_PROVIDER (403), BOOKING_NOT_FOUND (404).';

create function private.refuse_meeting(booking public.bookings, meeting public.meetings) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_opens_at constant timestamptz := private.meeting_opens_at(booking);
begin
  raise sqlstate 'PT409' using
    message = 'MEETING_NOT_OPEN',
    detail = json_build_object('field', 'meeting', 'reason', case
      when booking.status <> 'confirmed' then 'belongs to a booking that is ' || booking.status
      when meeting.ended_at is not null then 'has ended'
      when now() < v_opens_at
        then 'opens at ' || to_char(v_opens_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      when now() > private.meeting_closes_at(booking) then 'is over'
      else 'is not ready yet'
    end)::text;
end;
$$;
comment on function private.refuse_meeting(public.bookings, public.meetings) is
  'Raises MEETING_NOT_OPEN (409) and says why.';
