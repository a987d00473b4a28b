-- What is left of a meeting: notes, and a recording that the provider shares.

create function private.add_meeting_note(booking_id uuid, text text, is_public boolean) returns public.meeting_notes
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id, 'text', text, 'is_public', is_public);
  v_replay constant jsonb := private.begin_command('add_meeting_note', v_request);
  v_booking public.bookings;
  v_note public.meeting_notes;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.meeting_notes, v_replay);
  end if;
  v_booking := private.own_time_booking(add_meeting_note.booking_id);
  if v_booking.status not in ('confirmed', 'completed', 'no_show') then
    perform private.refuse_meeting(v_booking, null);
  end if;
  if add_meeting_note.text is null or add_meeting_note.text !~ '\S' then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "text", "reason": "must not be empty"}';
  end if;
  perform private.check_length('text', add_meeting_note.text, 10000);
  if (
    select count(*) >= 100
    from public.meeting_notes as n
    where n.booking_id = v_booking.id
      and n.author_id = (private.actor()).id
  ) then
    raise sqlstate 'PT409' using message = 'TOO_MANY_NOTES';
  end if;

  insert into public.meeting_notes as n (booking_id, author_id, text, is_public)
  values (v_booking.id, (private.actor()).id, add_meeting_note.text, coalesce(add_meeting_note.is_public, false))
  returning n.* into v_note;
  perform private.finish_command('add_meeting_note', v_request, v_booking.id, to_jsonb(v_note));
  return v_note;
end;
$$;
comment on function private.add_meeting_note(uuid, text, boolean) is 'See public.add_meeting_note.';

create function public.add_meeting_note(booking_id uuid, text text, is_public boolean default false)
returns public.meeting_notes
language sql
set search_path = ''
as $$
  select private.add_meeting_note(add_meeting_note.booking_id, add_meeting_note.text, add_meeting_note.is_public);
$$;
comment on function public.add_meeting_note(uuid, text, boolean) is
  'Notes something on a confirmed one-to-one booking of the signed-in person, before, while or after it takes place: for '
  'both people when public, else for its author alone. Raises BOOKING_NOT_FOUND (404), MEETING_NOT_OPEN and TOO_MANY_NOTES '
  '(409, about a hundred each), INVALID_INPUT (400).';
grant execute on function private.add_meeting_note(uuid, text, boolean) to authenticated;
grant execute on function public.add_meeting_note(uuid, text, boolean) to authenticated;

create type public.meeting_recording as (
  booking_id uuid,
  url text,
  transcript_url text,
  duration_seconds integer,
  share_token text,
  shared_until timestamptz,
  is_downloadable boolean,
  is_transcript_shared boolean
);
comment on type public.meeting_recording is 'A recording as its provider sees it. The shared link is named by share_token.';

create function private.recording_row(recording private.meeting_recordings) returns public.meeting_recording
language sql
immutable
set search_path = ''
as $$
  select (
    recording.booking_id, recording.url, recording.transcript_url, recording.duration_seconds, recording.share_token,
    recording.shared_until, recording.is_downloadable, recording.is_transcript_shared
  )::public.meeting_recording;
$$;
comment on function private.recording_row(private.meeting_recordings) is 'A row of meeting_recordings as commands answer it.';

create function private.add_recording(booking_id uuid, url text, duration_seconds integer, transcript_url text)
returns public.meeting_recording
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object(
    'booking_id', booking_id, 'url', url, 'duration_seconds', duration_seconds, 'transcript_url', transcript_url
  );
  v_replay constant jsonb := private.begin_command('add_recording', v_request);
  v_booking public.bookings;
  v_recording private.meeting_recordings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.meeting_recording, v_replay);
  end if;
  v_booking := private.own_time_booking(add_recording.booking_id, for_provider => true);
  if v_booking.status not in ('confirmed', 'completed') or now() < private.meeting_opens_at(v_booking) then
    perform private.refuse_meeting(v_booking, null);
  end if;
  perform private.check_recording(add_recording.url, add_recording.transcript_url, add_recording.duration_seconds);
  insert into private.meeting_recordings as r (booking_id, url, transcript_url, duration_seconds)
  values (v_booking.id, add_recording.url, add_recording.transcript_url, add_recording.duration_seconds)
  on conflict on constraint meeting_recordings_pkey do update
  set
    url = excluded.url,
    transcript_url = excluded.transcript_url,
    duration_seconds = excluded.duration_seconds,
    share_token = null,
    shared_until = null,
    is_downloadable = false,
    is_transcript_shared = false
  returning r.* into v_recording;
  perform private.finish_command('add_recording', v_request, v_booking.id, to_jsonb(private.recording_row(v_recording)));
  return private.recording_row(v_recording);
end;
$$;
comment on function private.add_recording(uuid, text, integer, text) is 'See public.add_recording.';

create function private.check_recording(url text, transcript_url text, duration_seconds integer) returns void
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_wrong text;
begin
  select c.field
  into v_wrong
  from (values
    (1, 'url', check_recording.url is not null and private.is_https_url(check_recording.url)),
    (2, 'transcript_url', private.is_https_url(check_recording.transcript_url)),
    (3, 'duration_seconds', coalesce(check_recording.duration_seconds between 0 and 86400, true))
  ) as c (position, field, is_right)
  where not c.is_right
  order by c.position
  limit 1;
  if found then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', v_wrong, 'reason', case v_wrong
        when 'duration_seconds' then 'must be between 0 and 86400'
        else 'must be an https address without credentials'
      end)::text;
  end if;
end;
$$;
comment on function private.check_recording(text, text, integer) is 'Raises INVALID_INPUT (400) for the first value that is wrong.';

create function public.add_recording(
  booking_id uuid,
  url text,
  duration_seconds integer default null,
  transcript_url text default null
) returns public.meeting_recording
language sql
set search_path = ''
as $$
  select private.add_recording(
    add_recording.booking_id, add_recording.url, add_recording.duration_seconds, add_recording.transcript_url
  );
$$;
comment on function public.add_recording(uuid, text, integer, text) is
  'Says where the recording of a meeting lies; the booking''s provider alone may, from when the meeting opens. A second '
  'one replaces the first and ends what was shared of it. Raises NOT_THE_PROVIDER (403), BOOKING_NOT_FOUND (404), '
  'MEETING_NOT_OPEN (409), INVALID_INPUT (400) unless both addresses are https.';
grant execute on function private.add_recording(uuid, text, integer, text) to authenticated;
grant execute on function public.add_recording(uuid, text, integer, text) to authenticated;

create function private.share_recording(
  booking_id uuid,
  expiry_days integer,
  is_downloadable boolean,
  include_transcript boolean
) returns public.meeting_recording
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object(
    'booking_id', booking_id, 'expiry_days', expiry_days, 'is_downloadable', is_downloadable,
    'include_transcript', include_transcript
  );
  v_replay constant jsonb := private.begin_command('share_recording', v_request);
  v_booking public.bookings;
  v_recording private.meeting_recordings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.meeting_recording, v_replay);
  end if;
  v_booking := private.own_time_booking(share_recording.booking_id, for_provider => true);
  if share_recording.expiry_days is null or share_recording.expiry_days not between 1 and 365 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "expiry_days", "reason": "must be between 1 and 365"}';
  end if;
  update private.meeting_recordings as r
  set
    share_token = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
    shared_until = now() + make_interval(days => share_recording.expiry_days),
    is_downloadable = coalesce(share_recording.is_downloadable, false),
    is_transcript_shared = coalesce(share_recording.include_transcript, false) and r.transcript_url is not null
  where r.booking_id = v_booking.id
  returning r.* into v_recording;
  if not found then
    raise sqlstate 'PT404' using message = 'RECORDING_NOT_FOUND';
  end if;
  perform private.tell('recording.shared', v_booking);
  perform private.finish_command('share_recording', v_request, v_booking.id, to_jsonb(private.recording_row(v_recording)));
  return private.recording_row(v_recording);
end;
$$;
comment on function private.share_recording(uuid, integer, boolean, boolean) is 'See public.share_recording.';

create function public.share_recording(
  booking_id uuid,
  expiry_days integer,
  is_downloadable boolean default false,
  include_transcript boolean default false
) returns public.meeting_recording
language sql
set search_path = ''
as $$
  select private.share_recording(
    share_recording.booking_id, share_recording.expiry_days, share_recording.is_downloadable,
    share_recording.include_transcript
  );
$$;
comment on function public.share_recording(uuid, integer, boolean, boolean) is
  'Shares a recording with the booking''s attendee for 1 to 365 days, by a link of ours that no one can guess; one that '
  'was shared before ends. The booking''s provider alone may. Raises NOT_THE_PROVIDER (403), BOOKING_NOT_FOUND, '
  'RECORDING_NOT_FOUND (404), INVALID_INPUT (400).';
grant execute on function private.share_recording(uuid, integer, boolean, boolean) to authenticated;
grant execute on function public.share_recording(uuid, integer, boolean, boolean) to authenticated;

create function private.open_recording(token text, is_transcript boolean) returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_recording private.meeting_recordings;
begin
  select r.*
  into v_recording
  from private.meeting_recordings as r
  where r.share_token = open_recording.token
    and (not open_recording.is_transcript or r.is_transcript_shared);
  if not found then
    raise sqlstate 'PT404' using message = 'RECORDING_NOT_FOUND';
  end if;
  if v_recording.shared_until <= now() then
    raise sqlstate 'PT410' using message = 'RECORDING_EXPIRED';
  end if;
  return case when open_recording.is_transcript then v_recording.transcript_url else v_recording.url end;
end;
$$;
comment on function private.open_recording(text, boolean) is 'See public.open_recording.';

create function public.open_recording(token text, is_transcript boolean default false) returns text
language sql
stable
set search_path = ''
as $$
  select private.open_recording(open_recording.token, coalesce(open_recording.is_transcript, false));
$$;
comment on function public.open_recording(text, boolean) is
  'Where a shared recording lies, or its transcript, for whoever has the link. Raises RECORDING_NOT_FOUND (404), '
  'RECORDING_EXPIRED (410).';
grant execute on function private.open_recording(text, boolean) to anon, authenticated, service_role;
grant execute on function public.open_recording(text, boolean) to anon, authenticated, service_role;
