-- An offer is of what was waited for: the time, and the offering. It is taken as it is, or left.

create or replace function private.require_movable(booking public.bookings) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if booking.during is null
    or booking.status not in ('held', 'pending_payment', 'confirmed')
    or private.is_offer(booking.id)
  then
    raise sqlstate 'PT409' using
      message = 'BOOKING_NOT_MOVABLE',
      detail = json_build_object('status', booking.status)::text;
  end if;
  if booking.expires_at <= now() then
    raise sqlstate 'PT410' using message = 'BOOKING_EXPIRED';
  end if;
  if lower(booking.during) <= now() then
    raise sqlstate 'PT409' using
      message = 'BOOKING_NOT_MOVABLE',
      detail = json_build_object('status', booking.status, 'until', lower(booking.during))::text;
  end if;
  if private.canceller(booking.provider_id) = 'attendee' and booking.free_cancellation_until < now() then
    raise sqlstate 'PT409' using message = 'RESCHEDULE_NOT_ALLOWED';
  end if;
end;
$$;
comment on function private.require_movable(public.bookings) is
  'Raises BOOKING_NOT_MOVABLE, also for what has begun and for an offer of the waiting list, RESCHEDULE_NOT_ALLOWED (409), '
  'BOOKING_EXPIRED (410). After the deadline an attendee cannot move a booking: it would walk around what a cancellation '
  'costs then.';

-- Nobody asked for an offer at the time when it came: one that lapses is not held against its person.
create or replace function private.prepare_hold(event public.events, attendee_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_held integer;
  v_held_here integer;
  v_lapsed integer;
  v_hold_ends_at timestamptz;
  v_forgotten_at timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('holds of ' || prepare_hold.attendee_id, 0));
  select
    count(*) filter (where b.expires_at > now() and not private.is_offer(b.id)),
    count(*) filter (
      where b.expires_at > now() and b.provider_id = event.provider_id and not private.is_offer(b.id)
    ),
    count(*) filter (
      where (b.status = 'expired' or b.expires_at <= now())
        and not exists (
          select
          from public.waiting_entries as w
          where w.booking_id = b.id
            and w.status in ('offered', 'lapsed')
        )
    ),
    min(b.expires_at) filter (where b.expires_at > now()),
    min(b.created_at) + interval '1 day'
  into v_held, v_held_here, v_lapsed, v_hold_ends_at, v_forgotten_at
  from public.bookings as b
  where b.attendee_id = prepare_hold.attendee_id
    and b.created_at > now() - interval '1 day'
    and (b.expires_at > now() and (event.id is null or b.event_id is distinct from event.id)
      or b.expires_at <= now()
      or b.status = 'expired');
  if v_held >= 3 or v_held_here >= 1 or v_lapsed >= 10 then
    raise sqlstate 'PT429' using
      message = 'TOO_MANY_HOLDS',
      detail = json_build_object(
        'retry_after_seconds',
        ceil(extract(epoch from case when v_lapsed >= 10 then v_forgotten_at else v_hold_ends_at end - now()))::integer
      )::text;
  end if;
end;
$$;

comment on function private.prepare_hold(public.events, uuid) is
  'Before an unpaid seat or time is held: at most 3 such holds per person, 1 per provider, 10 lapsed ones a day; those of '
  'this event and offers of the waiting list are left out. For one-to-one time the event has a provider and no id. Makes '
  'one person''s holds take turns. Raises TOO_MANY_HOLDS (429; its details say when to try again, as retry_after_seconds).';

create or replace function private.book_time(
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  offering_id uuid,
  notes text
) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_attendee_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'provider_id', provider_id, 'starts_at', starts_at, 'ends_at', ends_at, 'slot_id', slot_id,
    'offering_id', offering_id, 'notes', notes
  ));
  v_replay constant jsonb := private.begin_command('book_time', v_request);
  v_chosen private.chosen_time;
  v_provider public.providers;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('notes', book_time.notes, 2000);
  v_chosen := private.choose_time(
    book_time.provider_id, book_time.starts_at, book_time.ends_at, book_time.slot_id
  );
  v_provider := private.lock_other_provider(v_chosen.provider_id, v_attendee_id);
  perform private.expire_time_holds(v_provider.id);
  v_booking := private.offer_for(v_attendee_id, null, v_chosen);
  if v_booking.id is not null then
    if v_booking.offering_id is distinct from coalesce(book_time.offering_id, v_booking.offering_id) then
      perform private.refuse_problems('[{"field": "offering_id", "reason": "must be the one that was waited for"}]');
    end if;
    v_booking := private.accept_offer(v_booking, book_time.notes);
  else
    v_booking := private.time_booking(v_provider, v_chosen, book_time.offering_id);
    v_booking.attendee_id := v_attendee_id;
    v_booking.notes := book_time.notes;
    if v_booking.price_minor > 0 then
      perform private.prepare_hold(
        jsonb_populate_record(null::public.events, jsonb_build_object('provider_id', v_provider.id)), v_attendee_id
      );
    end if;
    perform private.require_open_time(v_chosen);
    v_booking := private.take_time(v_booking);
    perform private.tell('booking.created', v_booking, case when v_booking.status = 'held' then 'held' end);
    perform private.stop_waiting(v_booking);
  end if;
  perform private.finish_command('book_time', v_request, v_booking.id, to_jsonb(v_booking));
  return v_booking;
end;
$$;
