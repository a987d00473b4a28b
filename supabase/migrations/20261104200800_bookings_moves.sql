-- Moving a one-to-one booking, and what either side notes on it.

create function private.reschedule_booking(
  booking_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  reason text
) returns public.bookings
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
  perform private.expire_time_holds(v_before.provider_id);
  perform private.require_open_time(v_chosen, v_before.id);

  v_booking := private.move_time(v_before, v_chosen);
  perform private.tell(
    'booking.rescheduled',
    v_booking,
    extra => jsonb_strip_nulls(jsonb_build_object(
      'previous_starts_at', lower(v_before.during), 'previous_ends_at', upper(v_before.during)
    ))
  );
  perform private.finish_command('reschedule_booking', v_request, v_booking.id, to_jsonb(v_booking), v_request);
  return v_booking;
end;
$$;
comment on function private.reschedule_booking(uuid, timestamptz, timestamptz, uuid, text) is
  'See public.reschedule_booking.';

create function private.require_movable(booking public.bookings) returns void
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
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;
  if private.canceller(booking.provider_id) = 'attendee' and booking.free_cancellation_until < now() then
    raise sqlstate 'PT409' using message = 'RESCHEDULE_NOT_ALLOWED';
  end if;
end;
$$;
comment on function private.require_movable(public.bookings) is
  'Raises BOOKING_NOT_MOVABLE, EVENT_STARTED, RESCHEDULE_NOT_ALLOWED (409), BOOKING_EXPIRED (410). After the deadline an '
  'attendee cannot move a booking: it would walk around what a cancellation costs then.';

create function private.move_time(booking public.bookings, chosen private.chosen_time) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_deadline constant interval := lower(booking.during) - booking.free_cancellation_until;
  v_booking public.bookings;
begin
  update public.bookings as b
  set
    during = tstzrange(chosen.starts_at, chosen.ends_at),
    slot_id = chosen.slot_id,
    free_cancellation_until = case
      when private.canceller(b.provider_id) = 'attendee' then chosen.starts_at - v_deadline
      else chosen.starts_at
    end,
    version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  return v_booking;
exception
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
end;
$$;
comment on function private.move_time(public.bookings, private.chosen_time) is
  'Gives a booking another time, and frees the old one. The frozen deadline moves along; when it is not the attendee who '
  'moves it, cancelling is free until the new start. Raises SLOT_NOT_AVAILABLE (409).';

create function public.reschedule_booking(
  booking_id uuid,
  starts_at timestamptz default null,
  ends_at timestamptz default null,
  slot_id uuid default null,
  reason text default null
) returns public.bookings
language sql
set search_path = ''
as $$
  select private.reschedule_booking(
    reschedule_booking.booking_id, reschedule_booking.starts_at, reschedule_booking.ends_at, reschedule_booking.slot_id,
    reschedule_booking.reason
  );
$$;
comment on function public.reschedule_booking(uuid, timestamptz, timestamptz, uuid, text) is
  'Moves a one-to-one booking of the signed-in person to another time of the same provider and the same length, in one '
  'transaction; price, payment and policy stay. The attendee may until free cancellation ends, the provider until it '
  'starts. Raises BOOKING_NOT_FOUND and SLOT_NOT_FOUND (404), SLOT_NOT_AVAILABLE, BOOKING_NOT_MOVABLE, EVENT_STARTED and '
  'RESCHEDULE_NOT_ALLOWED (409), BOOKING_EXPIRED (410), INVALID_INPUT (400).';
grant execute on function private.reschedule_booking(uuid, timestamptz, timestamptz, uuid, text) to authenticated;
grant execute on function public.reschedule_booking(uuid, timestamptz, timestamptz, uuid, text) to authenticated;

create function private.update_booking_notes(booking_id uuid, notes text, provider_notes text) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'booking_id', booking_id, 'notes', notes, 'provider_notes', provider_notes
  ));
  v_replay constant jsonb := private.begin_command('update_booking_notes', v_request);
  v_booking public.bookings;
  v_is_provider boolean;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('notes', update_booking_notes.notes, 2000);
  perform private.check_length('provider_notes', update_booking_notes.provider_notes, 2000);
  v_booking := private.lock_booking(update_booking_notes.booking_id);
  v_is_provider := private.canceller(v_booking.provider_id) = 'provider';
  if (update_booking_notes.notes is not null and v_is_provider)
    or (update_booking_notes.provider_notes is not null and not v_is_provider)
  then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_NOTES';
  end if;
  if update_booking_notes.notes is not null then
    update public.bookings as b
    set notes = update_booking_notes.notes, version = b.version + 1
    where b.id = v_booking.id
    returning b.* into v_booking;
  end if;
  if update_booking_notes.provider_notes is not null then
    insert into public.provider_notes as n (booking_id, provider_id, notes)
    values (v_booking.id, v_booking.provider_id, update_booking_notes.provider_notes)
    on conflict on constraint provider_notes_pkey do update
    set notes = excluded.notes;
  end if;
  perform private.finish_command('update_booking_notes', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
comment on function private.update_booking_notes(uuid, text, text) is 'See public.update_booking_notes.';

create function public.update_booking_notes(booking_id uuid, notes text default null, provider_notes text default null)
returns public.bookings
language sql
set search_path = ''
as $$
  select private.update_booking_notes(
    update_booking_notes.booking_id, update_booking_notes.notes, update_booking_notes.provider_notes
  );
$$;
comment on function public.update_booking_notes(uuid, text, text) is
  'Each side''s words on a booking: notes are the attendee''s, which both read; provider_notes are the provider''s, which '
  'they alone read. Null leaves them. Raises BOOKING_NOT_FOUND (404), NOT_YOUR_NOTES (403), INVALID_INPUT (400).';
grant execute on function private.update_booking_notes(uuid, text, text) to authenticated;
grant execute on function public.update_booking_notes(uuid, text, text) to authenticated;
