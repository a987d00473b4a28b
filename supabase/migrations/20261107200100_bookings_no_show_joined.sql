-- Who joined the meeting was there: it is no no-show, which would close the meeting on them and take their review.

create or replace function private.mark_no_show(booking_id uuid) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('booking_id', booking_id);
  v_replay constant jsonb := private.begin_command('mark_no_show', v_request);
  v_booking public.bookings;
  v_occasion public.events;
  v_is_reviewed boolean;
  v_has_joined boolean;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  v_booking := private.lock_booking(mark_no_show.booking_id);
  if private.canceller(v_booking.provider_id) = 'attendee' then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_EVENT';
  end if;
  v_occasion := private.occasion(v_booking);
  v_is_reviewed := exists (select from public.reviews as r where r.booking_id = v_booking.id);
  -- Who is on the way in holds this lock: either their joining is seen here, or it comes after.
  perform private.lock_meeting(v_booking);
  v_has_joined := exists (
    select
    from public.meeting_participants as p
    where p.booking_id = v_booking.id
      and p.profile_id = v_booking.attendee_id
      -- A booking may have been moved after somebody came to its former time.
      and (p.left_at is null or p.left_at >= private.meeting_opens_at(v_booking))
  );
  if v_booking.status not in ('confirmed', 'completed')
    or v_is_reviewed
    or v_has_joined
    or now() not between v_occasion.starts_at and v_occasion.ends_at + interval '48 hours'
  then
    raise sqlstate 'PT409' using
      message = 'NO_SHOW_NOT_ALLOWED',
      detail = json_build_object(
        'status', v_booking.status,
        'is_reviewed', v_is_reviewed,
        'has_joined', v_has_joined,
        'until', v_occasion.ends_at + interval '48 hours'
      )::text;
  end if;

  update public.bookings as b
  set status = 'no_show', version = b.version + 1
  where b.id = v_booking.id
  returning b.* into v_booking;
  perform private.tell('booking.no_show', v_booking);
  perform private.finish_command('mark_no_show', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function public.mark_no_show(uuid) is
  'The provider says that the attendee did not come: from the start until 48 hours after the end, unless the attendee has '
  'joined the meeting or reviewed it. Raises BOOKING_NOT_FOUND (404), NOT_YOUR_EVENT (403), NO_SHOW_NOT_ALLOWED (409; its '
  'details say which, as has_joined and is_reviewed).';
