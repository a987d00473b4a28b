-- Commands of the people in a meeting: join, leave, end.

create type public.meeting_entry as (
  booking_id uuid,
  kind text,
  external_id text,
  join_url text,
  role text,
  profile_id uuid,
  name text,
  opens_at timestamptz,
  closes_at timestamptz,
  joined_at timestamptz
);
comment on type public.meeting_entry is
  'How one person gets into an open meeting: its link, and as whom (role: provider or attendee).';

create function private.join_meeting(booking_id uuid) returns public.meeting_entry
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id);
  v_replay constant jsonb := private.begin_command('join_meeting', v_request);
  v_actor_id constant uuid := private.acting_user();
  v_booking public.bookings;
  v_meeting public.meetings;
  v_entry public.meeting_entry;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.meeting_entry, v_replay);
  end if;
  v_booking := private.own_time_booking(join_meeting.booking_id);
  v_meeting := private.lock_meeting(v_booking);
  if not private.is_meeting_open(v_booking, v_meeting) then
    perform private.refuse_meeting(v_booking, v_meeting);
  end if;
  insert into public.meeting_participants (booking_id, profile_id)
  values (v_booking.id, v_actor_id)
  on conflict do nothing;
  update public.meetings as m
  set started_at = now()
  where m.booking_id = v_booking.id
    and m.started_at is null;

  select
    l.booking_id, v_meeting.kind, l.external_id, l.join_url,
    case v_booking.provider_id when v_actor_id then 'provider' else 'attendee' end,
    v_actor_id,
    private.person(v_actor_id) ->> 'name',
    private.meeting_opens_at(v_booking),
    private.meeting_closes_at(v_booking),
    p.joined_at
  into v_entry
  from private.meeting_links as l
  join public.meeting_participants as p on p.booking_id = l.booking_id and p.profile_id = v_actor_id and p.left_at is null
  where l.booking_id = v_booking.id;
  perform private.finish_command('join_meeting', v_request, v_booking.id, to_jsonb(v_entry));
  return v_entry;
end;
$$;
comment on function private.join_meeting(uuid) is 'See public.join_meeting.';

create function private.lock_meeting(booking public.bookings) returns public.meetings
language sql
set search_path = ''
as $$
  select m
  from public.meetings as m
  where m.booking_id = booking.id
  for no key update;
$$;
comment on function private.lock_meeting(public.bookings) is
  'Locks and answers the meeting of a booking; null before it is made. Always the last lock to be taken.';

create function public.join_meeting(booking_id uuid) returns public.meeting_entry
language sql
set search_path = ''
as $$
  select private.join_meeting(join_meeting.booking_id);
$$;
comment on function public.join_meeting(uuid) is
  'Notes that the signed-in person joins the meeting of their one-to-one booking, and answers its link: from 15 minutes '
  'before the booked time until 30 minutes after it. Raises BOOKING_NOT_FOUND (404), MEETING_NOT_OPEN (409).';
grant execute on function private.join_meeting(uuid) to authenticated;
grant execute on function public.join_meeting(uuid) to authenticated;

create function private.leave_meeting(booking_id uuid) returns public.meeting_participants
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id);
  v_replay constant jsonb := private.begin_command('leave_meeting', v_request);
  v_actor_id constant uuid := private.acting_user();
  v_booking public.bookings;
  v_participant public.meeting_participants;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.meeting_participants, v_replay);
  end if;
  v_booking := private.own_time_booking(leave_meeting.booking_id);
  perform private.lock_meeting(v_booking);
  update public.meeting_participants as p
  set left_at = now()
  where p.booking_id = v_booking.id
    and p.profile_id = v_actor_id
    and p.left_at is null;
  select p.*
  into v_participant
  from public.meeting_participants as p
  where p.booking_id = v_booking.id
    and p.profile_id = v_actor_id
  order by p.joined_at desc
  limit 1;
  if not found then
    raise sqlstate 'PT409' using message = 'MEETING_NOT_JOINED';
  end if;
  perform private.finish_command('leave_meeting', v_request, v_booking.id, to_jsonb(v_participant));
  return v_participant;
end;
$$;
comment on function private.leave_meeting(uuid) is 'See public.leave_meeting.';

create function public.leave_meeting(booking_id uuid) returns public.meeting_participants
language sql
set search_path = ''
as $$
  select private.leave_meeting(leave_meeting.booking_id);
$$;
comment on function public.leave_meeting(uuid) is
  'Notes that the signed-in person left the meeting; who left already stays so. Raises BOOKING_NOT_FOUND (404), '
  'MEETING_NOT_JOINED (409).';
grant execute on function private.leave_meeting(uuid) to authenticated;
grant execute on function public.leave_meeting(uuid) to authenticated;

create function private.end_meeting(booking_id uuid) returns public.meetings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id);
  v_replay constant jsonb := private.begin_command('end_meeting', v_request);
  v_booking public.bookings;
  v_meeting public.meetings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.meetings, v_replay);
  end if;
  v_booking := private.own_time_booking(end_meeting.booking_id, for_provider => true);
  v_meeting := private.lock_meeting(v_booking);
  if v_meeting.ended_at is not null then
    return v_meeting;
  end if;
  if not private.is_meeting_open(v_booking, v_meeting) then
    perform private.refuse_meeting(v_booking, v_meeting);
  end if;
  v_meeting := private.finish_meeting(v_booking, now());
  perform private.tell('meeting.ended', v_booking);
  perform private.finish_command('end_meeting', v_request, v_booking.id, to_jsonb(v_meeting));
  return v_meeting;
end;
$$;
comment on function private.end_meeting(uuid) is 'See public.end_meeting.';

create function private.finish_meeting(booking public.bookings, at timestamptz) returns public.meetings
language sql
set search_path = ''
as $$
  update public.meeting_participants as p
  set left_at = greatest(finish_meeting.at, p.joined_at)
  where p.booking_id = booking.id
    and p.left_at is null;
  update public.meetings as m
  set ended_at = greatest(finish_meeting.at, m.started_at)
  where m.booking_id = booking.id
  returning m;
$$;
comment on function private.finish_meeting(public.bookings, timestamptz) is 'Ends a meeting for everybody who is in it.';

create function public.end_meeting(booking_id uuid) returns public.meetings
language sql
set search_path = ''
as $$
  select private.end_meeting(end_meeting.booking_id);
$$;
comment on function public.end_meeting(uuid) is
  'Ends an open meeting for everybody, for good; the booking''s provider alone may. Ended before: stays so. Raises '
  'NOT_THE_PROVIDER (403), BOOKING_NOT_FOUND (404), MEETING_NOT_OPEN (409).';
grant execute on function private.end_meeting(uuid) to authenticated;
grant execute on function public.end_meeting(uuid) to authenticated;
