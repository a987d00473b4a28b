-- Everything about one meeting, as one of its people sees it.

create type public.meeting_details as (
  booking_id uuid,
  status text,
  kind text,
  meeting_id text,
  join_url text,
  opens_at timestamptz,
  closes_at timestamptz,
  starts_at timestamptz,
  ends_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  participants jsonb,
  notes jsonb,
  has_recording boolean,
  recording_url text,
  recording_token text,
  recording_seconds integer,
  recording_shared_until timestamptz,
  is_downloadable boolean,
  is_transcript_shared boolean
);
comment on type public.meeting_details is
  'A one-to-one booking''s meeting: participants [{profile_id, name, email, joined_at, left_at}] with the e-mail for its '
  'provider and for oneself only, notes [{id, author_id, text, is_public, created_at}] that the caller may read, and the '
  'recording: recording_url is for its provider, the attendee has recording_token while it is shared.';

create function private.read_meeting(booking_id uuid) returns public.meeting_details
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_actor_id constant uuid := private.acting_user();
  v_booking public.bookings;
  v_meeting public.booking_meeting;
  v_recording private.meeting_recordings;
  v_details public.meeting_details;
begin
  v_booking := private.own_time_booking(read_meeting.booking_id);
  v_meeting := private.meeting_of(v_booking.id);
  select r.*
  into v_recording
  from private.meeting_recordings as r
  where r.booking_id = v_booking.id
    and (v_booking.provider_id = v_actor_id or r.shared_until > now());

  v_details.booking_id := v_booking.id;
  v_details.status := v_booking.status;
  v_details.kind := v_meeting.kind;
  v_details.meeting_id := v_meeting.meeting_id;
  v_details.join_url := v_meeting.join_url;
  v_details.opens_at := v_meeting.opens_at;
  v_details.closes_at := v_meeting.closes_at;
  v_details.starts_at := lower(v_booking.during);
  v_details.ends_at := upper(v_booking.during);
  v_details.started_at := v_meeting.started_at;
  v_details.ended_at := v_meeting.ended_at;
  v_details.participants := private.participants_of(v_booking, v_actor_id);
  v_details.notes := private.notes_of(v_booking, v_actor_id);
  v_details.has_recording := v_recording.booking_id is not null;
  v_details.recording_url := case when v_booking.provider_id = v_actor_id then v_recording.url end;
  v_details.recording_token := v_meeting.recording_token;
  v_details.recording_seconds := v_recording.duration_seconds;
  v_details.recording_shared_until := v_recording.shared_until;
  v_details.is_downloadable := coalesce(v_recording.is_downloadable, false);
  v_details.is_transcript_shared := coalesce(v_recording.is_transcript_shared, false);
  return v_details;
end;
$$;
comment on function private.read_meeting(uuid) is 'See public.read_meeting.';

create function private.participants_of(booking public.bookings, reader_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'profile_id', p.profile_id,
    'name', person.facts ->> 'name',
    'email', case when reader_id in (booking.provider_id, p.profile_id) then person.facts ->> 'email' end,
    'joined_at', p.joined_at,
    'left_at', p.left_at
  ) order by p.joined_at, p.id), '[]')
  from public.meeting_participants as p
  cross join lateral private.person(p.profile_id) as person (facts)
  where p.booking_id = booking.id;
$$;
comment on function private.participants_of(public.bookings, uuid) is
  'Who was in a meeting. The attendee''s e-mail is for the provider, who was booked; the provider''s for themselves.';

create function private.notes_of(booking public.bookings, reader_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', n.id,
    'author_id', n.author_id,
    'text', n.text,
    'is_public', n.is_public,
    'created_at', n.created_at
  ) order by n.created_at, n.id), '[]')
  from public.meeting_notes as n
  where n.booking_id = booking.id
    and (n.is_public or n.author_id = reader_id);
$$;
comment on function private.notes_of(public.bookings, uuid) is 'The notes on a booking that one of its people may read, oldest first.';

create function public.read_meeting(booking_id uuid) returns public.meeting_details
language sql
stable
set search_path = ''
as $$
  select private.read_meeting(read_meeting.booking_id);
$$;
comment on function public.read_meeting(uuid) is
  'The meeting of a one-to-one booking of the signed-in person: see type meeting_details. Raises BOOKING_NOT_FOUND (404).';
grant execute on function private.read_meeting(uuid) to authenticated;
grant execute on function public.read_meeting(uuid) to authenticated;

create function private.forget_meeting_notes() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.meeting_notes as n
  where n.author_id = new.id
    and not n.is_public;
  return null;
end;
$$;
comment on function private.forget_meeting_notes() is
  'After an account was deleted: what the person noted for themselves goes with it; what they showed the other stays.';
create trigger forget_meeting_notes after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function private.forget_meeting_notes();
