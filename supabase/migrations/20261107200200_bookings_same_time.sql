-- A booking that has the wanted time already is not moved: there is nothing to tell, and no reason to keep.

create or replace function private.reschedule_booking(
  booking_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  reason text
)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'booking_id', booking_id, 'starts_at', starts_at, 'ends_at', ends_at, 'slot_id', slot_id, 'reason', reason
  ));
  v_replay constant jsonb := private.begin_command('reschedule_booking', v_request);
  v_before public.bookings;
  v_chosen private.chosen_time;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('reason', reschedule_booking.reason, 2000);
  v_before := private.lock_booking(reschedule_booking.booking_id);
  perform private.require_movable(v_before);
  v_chosen := private.choose_time(
    v_before.provider_id, reschedule_booking.starts_at, reschedule_booking.ends_at, reschedule_booking.slot_id
  );
  if v_chosen.ends_at - v_chosen.starts_at <> upper(v_before.during) - lower(v_before.during) then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "slot_id", "reason": "must be as long as the booked time"}';
  end if;
  if v_before.during = tstzrange(v_chosen.starts_at, v_chosen.ends_at) then
    perform private.finish_command('reschedule_booking', v_request, v_before.id, to_jsonb(v_before), v_request);
    return v_before;
  end if;
  perform private.expire_time_holds(v_before.provider_id);
  perform private.require_open_time(v_chosen, v_before.id);

  v_booking := private.move_time(v_before, v_chosen, nullif(btrim(reschedule_booking.reason), ''));
  perform private.tell(
    'booking.rescheduled',
    v_booking,
    case when v_before.expires_at is not null then 'held' end,
    extra => jsonb_strip_nulls(jsonb_build_object(
      'previous_starts_at', lower(v_before.during), 'previous_ends_at', upper(v_before.during)
    ))
  );
  perform private.finish_command('reschedule_booking', v_request, v_booking.id, to_jsonb(v_booking), v_request);
  return v_booking;
end;
$$;
comment on function public.reschedule_booking(uuid, timestamptz, timestamptz, uuid, text) is
  'Moves a one-to-one booking of the signed-in person to another time of the same provider and the same length, in one '
  'transaction; price, payment and policy stay. The attendee may until free cancellation ends, the provider until it '
  'starts. The time that it has already changes nothing and tells nobody. Raises BOOKING_NOT_FOUND and SLOT_NOT_FOUND '
  '(404), SLOT_NOT_AVAILABLE, BOOKING_NOT_MOVABLE and RESCHEDULE_NOT_ALLOWED (409), BOOKING_EXPIRED (410), INVALID_INPUT '
  '(400).';
