-- Nobody books themselves: it would fill their seats, take their time twice, and let them review what they sell.
update public.waiting_entries as w
set status = 'left'
where w.person_id = w.provider_id
  and w.status = 'waiting';

create function private.lock_bookable_event(event_id uuid, caller_id uuid) returns public.events
language plpgsql
set search_path = ''
as $$
declare
  v_event constant public.events := private.lock_event(lock_bookable_event.event_id);
begin
  if v_event.provider_id = lock_bookable_event.caller_id then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "event_id", "reason": "must be somebody else''s"}';
  end if;
  if v_event.status is distinct from 'published' then
    raise sqlstate 'PT409' using message = 'EVENT_CANCELLED';
  end if;
  if v_event.starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;
  return v_event;
end;
$$;
comment on function private.lock_bookable_event(uuid, uuid) is
  'Locks an event that somebody wants a seat of. Raises EVENT_NOT_FOUND (404), EVENT_CANCELLED and EVENT_STARTED (409), '
  'INVALID_INPUT (400) for one''s own.';

create or replace function private.book_event(event_id uuid, notes text, allow_hold boolean) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_attendee_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('event_id', event_id, 'notes', notes, 'allow_hold', allow_hold);
  v_replay constant jsonb := private.begin_command('book_event', v_request);
  v_event public.events;
  v_must_pay boolean;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('notes', book_event.notes, 2000);
  v_event := private.lock_bookable_event(book_event.event_id, v_attendee_id);
  v_must_pay := v_event.payment_mode = 'prepaid' and v_event.price_minor > 0;
  if v_must_pay and not book_event.allow_hold then
    raise sqlstate 'PT409' using message = 'PREPAYMENT_REQUIRED';
  end if;
  if exists (select from public.bookings as b where b.event_id = v_event.id and b.expires_at is not null) then
    perform private.expire_holds(v_event);
    v_booking := private.offer_for(v_attendee_id, v_event.id);
  end if;
  if v_booking.id is not null then
    v_booking := private.accept_offer(v_booking, book_event.notes);
  else
    if v_must_pay then
      perform private.prepare_hold(v_event, v_attendee_id);
    end if;
    v_booking := private.seat(
      v_event, v_attendee_id, book_event.notes, case when v_must_pay then now() + interval '15 minutes' end
    );
    insert into private.outbox (event, key, version, payload)
    values (
      'booking.created',
      v_booking.id,
      v_booking.version,
      private.booking_payload(v_booking, v_event, case when v_must_pay then 'held' end)
    );
    perform private.stop_waiting(v_booking);
  end if;
  perform private.finish_command('book_event', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;

create or replace function private.wait_for_event(event_id uuid) returns public.waiting_entries
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_person_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('event_id', event_id);
  v_replay constant jsonb := private.begin_command('wait_for_event', v_request);
  v_event public.events;
  v_entry public.waiting_entries;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.waiting_entries, v_replay);
  end if;
  v_event := private.lock_bookable_event(wait_for_event.event_id, v_person_id);
  perform private.expire_holds(v_event);
  select w.*
  into v_entry
  from public.waiting_entries as w
  where w.event_id = v_event.id
    and w.person_id = v_person_id
    and w.status in ('waiting', 'offered');
  if v_entry.id is null then
    if exists (
      select
      from public.bookings as b
      where b.event_id = v_event.id
        and b.attendee_id = v_person_id
        and b.is_live
    ) then
      raise sqlstate 'PT409' using message = 'ALREADY_BOOKED';
    end if;
    if exists (select from public.events as e where e.id = v_event.id and e.seats_taken < e.capacity) then
      raise sqlstate 'PT409' using message = 'STILL_AVAILABLE';
    end if;
    v_entry.person_id := v_person_id;
    v_entry.provider_id := v_event.provider_id;
    v_entry.event_id := v_event.id;
    v_entry := private.join_line(v_entry);
  end if;
  perform private.finish_command('wait_for_event', v_request, v_entry.id, to_jsonb(v_entry));
  return v_entry;
end;
$$;
comment on function public.wait_for_event(uuid) is
  'Puts the signed-in person on the waiting list of a full event; answers the entry that they have already, too. Raises '
  'SIGN_IN_REQUIRED (401), EVENT_NOT_FOUND (404), EVENT_CANCELLED, EVENT_STARTED, ALREADY_BOOKED, STILL_AVAILABLE and '
  'TOO_MANY_WAITING (409), INVALID_INPUT (400) for one''s own event.';
