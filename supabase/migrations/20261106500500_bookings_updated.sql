-- Who has a seat hears that the event takes place somewhere else, and the CRM hears of new words as well.

insert into private.outbox_routes (event, destination, target, skip_actor, skip_causes)
values
  ('booking.updated', 'notification', 'attendee', false, '{words}'),
  ('booking.updated', 'email', 'attendee', false, '{words}'),
  ('booking.updated', 'crm', '', false, '{}');

create function private.tell_booked(event public.events, cause text) returns void
language sql
set search_path = ''
as $$
  insert into private.outbox (event, key, version, payload)
  select
    'booking.updated',
    b.id,
    b.version,
    private.booking_payload(b, tell_booked.event, cause => tell_booked.cause)
  from public.bookings as b
  where b.event_id = (tell_booked.event).id
    and b.status = 'confirmed';
$$;
comment on function private.tell_booked(public.events, text) is
  'After an event changed without moving: tells of each confirmed booking, which stays as it is. cause: place, which its '
  'attendee hears, or words (title, kind, a place that is taken away), which the CRM alone hears.';

create or replace function private.update_event(
  event_id uuid,
  kind text,
  title text,
  starts_at timestamptz,
  ends_at timestamptz,
  description text,
  capacity integer,
  price_minor bigint,
  timezone text,
  location text
) returns public.events
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'event_id', event_id, 'kind', kind, 'title', title, 'starts_at', starts_at, 'ends_at', ends_at,
    'description', description, 'capacity', capacity, 'price_minor', price_minor, 'timezone', timezone,
    'location', location
  ));
  v_replay constant jsonb := private.begin_command('update_event', v_request);
  v_before public.events;
  v_event public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.events, v_replay);
  end if;
  v_before := private.lock_own_event(update_event.event_id);
  if v_before.status is distinct from 'published' then
    raise sqlstate 'PT409' using message = 'EVENT_CANCELLED';
  end if;
  if v_before.starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;

  v_event := v_before;
  v_event.kind := coalesce(update_event.kind, v_before.kind);
  v_event.title := trim(coalesce(update_event.title, v_before.title));
  v_event.description := coalesce(update_event.description, v_before.description);
  v_event.location := coalesce(trim(update_event.location), v_before.location);
  v_event.starts_at := coalesce(update_event.starts_at, v_before.starts_at);
  v_event.ends_at := coalesce(update_event.ends_at, v_before.ends_at);
  v_event.capacity := coalesce(update_event.capacity, v_before.capacity);
  v_event.price_minor := coalesce(update_event.price_minor, v_before.price_minor);
  v_event.timezone := coalesce(update_event.timezone, v_before.timezone);
  perform private.check_event(v_event);
  perform private.expire_holds(v_before);
  v_event := private.store_event(v_event);

  if (v_event.starts_at, v_event.ends_at) is distinct from (v_before.starts_at, v_before.ends_at) then
    perform private.move_bookings(v_event, v_before);
  elsif v_event.location not in ('', v_before.location) then
    perform private.tell_booked(v_event, 'place');
  elsif (v_event.title, v_event.kind, v_event.location)
    is distinct from (v_before.title, v_before.kind, v_before.location)
  then
    perform private.tell_booked(v_event, 'words');
  end if;
  perform private.emit_event('event.updated', v_event);
  perform private.finish_command('update_event', v_request, v_event.id, to_jsonb(v_event), v_request);
  return v_event;
end;
$$;
comment on function public.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text, numeric
) is
  'Changes what is given of an event of the signed-in provider; null leaves it. price is price_minor in major units of '
  'the event''s currency. New times tell everybody booked and let them cancel freely, a new place tells who has a seat; a '
  'new price holds for new bookings. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), '
  'EVENT_NOT_FOUND (404), INVALID_INPUT (400), EVENT_CANCELLED, EVENT_STARTED, CAPACITY_BELOW_BOOKINGS and '
  'PROVIDER_NOT_FREE (409).';
