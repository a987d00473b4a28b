-- Who reviewed a booking was there: it is no no-show afterwards.

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
  if v_booking.status not in ('confirmed', 'completed')
    or v_is_reviewed
    or now() not between v_occasion.starts_at and v_occasion.ends_at + interval '48 hours'
  then
    raise sqlstate 'PT409' using
      message = 'NO_SHOW_NOT_ALLOWED',
      detail = json_build_object(
        'status', v_booking.status,
        'is_reviewed', v_is_reviewed,
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
  'reviewed it. Raises BOOKING_NOT_FOUND (404), NOT_YOUR_EVENT (403), NO_SHOW_NOT_ALLOWED (409).';
