-- The meeting as lists of bookings show it.

create or replace function private.meeting_of(booking public.bookings) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', m.meeting_id,
    'join_url', m.join_url,
    'started_at', m.started_at,
    'ended_at', m.ended_at,
    'recording_token', m.recording_token
  )
  from private.meeting_of(booking.id) as m
  where m.kind is not null;
$$;
comment on function private.meeting_of(public.bookings) is
  'The meeting of a booking as its people see it now: {id, join_url, started_at, ended_at, '
  'recording_token}; null while there is none. A recording has a link of ours while it is shared, and no address here.';
