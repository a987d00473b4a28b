-- Commands of events: publish, update (also moves), cancel.

create function private.publish_event(
  kind text,
  title text,
  starts_at timestamptz,
  ends_at timestamptz,
  description text,
  capacity integer,
  price_minor bigint,
  currency text,
  timezone text,
  payment_mode text,
  location text
) returns public.events
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := jsonb_build_object(
    'kind', kind, 'title', title, 'starts_at', starts_at, 'ends_at', ends_at, 'description', description,
    'capacity', capacity, 'price_minor', price_minor, 'currency', currency, 'timezone', timezone,
    'payment_mode', payment_mode, 'location', location
  );
  v_replay constant jsonb := private.begin_command('publish_event', v_request);
  v_provider public.providers;
  v_event public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.events, v_replay);
  end if;
  v_provider := private.lock_provider(v_provider_id);

  v_event.provider_id := v_provider_id;
  v_event.kind := publish_event.kind;
  v_event.title := trim(publish_event.title);
  v_event.description := coalesce(publish_event.description, '');
  v_event.location := coalesce(trim(publish_event.location), '');
  v_event.starts_at := publish_event.starts_at;
  v_event.ends_at := publish_event.ends_at;
  v_event.capacity := coalesce(publish_event.capacity, 1);
  v_event.price_minor := coalesce(publish_event.price_minor, 0);
  v_event.currency := coalesce(publish_event.currency, v_provider.currency);
  v_event.timezone := coalesce(publish_event.timezone, 'UTC');
  v_event.payment_mode := coalesce(publish_event.payment_mode, 'on_site');
  perform private.check_event(v_event);

  insert into public.events as e (
    provider_id, kind, title, description, location, starts_at, ends_at, timezone, capacity, price_minor, currency,
    payment_mode
  )
  values (
    v_event.provider_id, v_event.kind, v_event.title, v_event.description, v_event.location, v_event.starts_at,
    v_event.ends_at, v_event.timezone, v_event.capacity, v_event.price_minor, v_event.currency, v_event.payment_mode
  )
  returning e.* into v_event;
  insert into private.provider_time (provider_id, kind, during, event_id)
  values (v_provider_id, 'event', tstzrange(v_event.starts_at, v_event.ends_at), v_event.id);
  perform private.emit_event('event.published', v_event);
  perform private.finish_command('publish_event', v_request, v_event.id, to_jsonb(v_event));
  return v_event;
exception
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'PROVIDER_NOT_FREE';
end;
$$;
comment on function private.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text
) is 'See public.publish_event.';

create function public.publish_event(
  kind text,
  title text,
  starts_at timestamptz,
  ends_at timestamptz,
  description text default null,
  capacity integer default null,
  price_minor bigint default null,
  currency text default null,
  timezone text default null,
  payment_mode text default null,
  location text default null
) returns public.events
language sql
set search_path = ''
as $$
  select private.publish_event(
    publish_event.kind, publish_event.title, publish_event.starts_at, publish_event.ends_at,
    publish_event.description, publish_event.capacity, publish_event.price_minor, publish_event.currency,
    publish_event.timezone, publish_event.payment_mode, publish_event.location
  );
$$;
comment on function public.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text
) is
  'Publishes an event of the signed-in provider. Defaults: capacity 1, price_minor 0 (minor units), the provider''s '
  'currency, UTC, on_site. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), INVALID_INPUT (400), '
  'PROVIDER_NOT_FREE (409) when a one-to-one booking has the time.';
grant execute on function private.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text
) to authenticated;
grant execute on function public.publish_event(
  text, text, timestamptz, timestamptz, text, integer, bigint, text, text, text, text
) to authenticated;

create function private.update_event(
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
  end if;
  perform private.emit_event('event.updated', v_event);
  perform private.finish_command('update_event', v_request, v_event.id, to_jsonb(v_event), v_request);
  return v_event;
end;
$$;
comment on function private.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text
) is 'See public.update_event.';

create function private.store_event(event public.events) returns public.events
language plpgsql
set search_path = ''
as $$
declare
  v_event public.events;
begin
  update public.events as e
  set
    kind = event.kind,
    title = event.title,
    description = event.description,
    location = event.location,
    starts_at = event.starts_at,
    ends_at = event.ends_at,
    capacity = event.capacity,
    price_minor = event.price_minor,
    timezone = event.timezone,
    version = e.version + 1
  where e.id = event.id
  returning e.* into v_event;
  update private.provider_time as t
  set during = tstzrange(v_event.starts_at, v_event.ends_at)
  where t.event_id = v_event.id
    and t.during is distinct from tstzrange(v_event.starts_at, v_event.ends_at);
  return v_event;
exception
  when check_violation then
    raise sqlstate 'PT409' using
      message = 'CAPACITY_BELOW_BOOKINGS',
      detail = json_build_object('field', 'capacity', 'reason', 'must not be below the seats already taken')::text;
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'PROVIDER_NOT_FREE';
end;
$$;
comment on function private.store_event(public.events) is
  'Writes a checked event and its time. Raises CAPACITY_BELOW_BOOKINGS and PROVIDER_NOT_FREE (409).';

create function private.move_bookings(event public.events, before public.events) returns void
language plpgsql
set search_path = ''
as $$
begin
  with moved as (
    update public.bookings as b
    set free_cancellation_until = event.starts_at, version = b.version + 1
    where b.event_id = event.id
      and b.is_live
    returning b as booking
  )
  insert into private.outbox (event, key, version, payload)
  select
    'booking.rescheduled',
    (m.booking).id,
    (m.booking).version,
    private.booking_payload(
      m.booking,
      event,
      extra => jsonb_build_object('previous_starts_at', before.starts_at, 'previous_ends_at', before.ends_at)
    )
  from moved as m;
end;
$$;
comment on function private.move_bookings(public.events, public.events) is
  'After an event moved: everybody booked may cancel freely until the new start, and is told.';

create function public.update_event(
  event_id uuid,
  kind text default null,
  title text default null,
  starts_at timestamptz default null,
  ends_at timestamptz default null,
  description text default null,
  capacity integer default null,
  price_minor bigint default null,
  timezone text default null,
  location text default null
) returns public.events
language sql
set search_path = ''
as $$
  select private.update_event(
    update_event.event_id, update_event.kind, update_event.title, update_event.starts_at, update_event.ends_at,
    update_event.description, update_event.capacity, update_event.price_minor, update_event.timezone,
    update_event.location
  );
$$;
comment on function public.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text
) is
  'Changes what is given of an event of the signed-in provider; null leaves it. New times tell everybody booked and let '
  'them cancel freely; a new price holds for new bookings. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and '
  'NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404), INVALID_INPUT (400), EVENT_CANCELLED, EVENT_STARTED, '
  'CAPACITY_BELOW_BOOKINGS and PROVIDER_NOT_FREE (409).';
grant execute on function private.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text
) to authenticated;
grant execute on function public.update_event(
  uuid, text, text, timestamptz, timestamptz, text, integer, bigint, text, text
) to authenticated;

create function private.cancel_event(event_id uuid, reason text) returns public.events
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('event_id', event_id, 'reason', reason);
  v_replay constant jsonb := private.begin_command('cancel_event', v_request);
  v_event public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.events, v_replay);
  end if;
  perform private.check_length('reason', cancel_event.reason, 2000);
  v_event := private.lock_own_event(cancel_event.event_id);
  if v_event.status = 'cancelled' then
    return v_event;
  end if;
  if v_event.starts_at <= now() then
    raise sqlstate 'PT409' using message = 'EVENT_STARTED';
  end if;

  update public.events as e
  set status = 'cancelled', cancelled_at = now(), version = e.version + 1
  where e.id = v_event.id
  returning e.* into v_event;
  update private.provider_time as t
  set live = false
  where t.event_id = v_event.id;
  perform private.cancel_bookings(v_event, cancel_event.reason);
  perform private.emit_event('event.cancelled', v_event);
  perform private.finish_command('cancel_event', v_request, v_event.id, to_jsonb(v_event), v_request);
  return v_event;
end;
$$;
comment on function private.cancel_event(uuid, text) is 'See public.cancel_event.';

create function private.cancel_bookings(event public.events, reason text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_by constant text := private.canceller(event.provider_id);
begin
  perform private.expire_holds(event);
  with cancelled as (
    update public.bookings as b
    set
      status = 'cancelled',
      cancelled_at = now(),
      cancelled_by = v_by,
      cancellation_reason = cancel_bookings.reason,
      expires_at = null,
      payment_status = case when b.payment_status = 'due' then 'none' else b.payment_status end,
      version = b.version + 1
    where b.event_id = event.id
      and b.is_live
    returning b as booking
  )
  insert into private.outbox (event, key, version, payload)
  select
    'booking.cancelled',
    (c.booking).id,
    (c.booking).version,
    private.booking_payload(c.booking, event, cause => 'event_cancelled')
  from cancelled as c;
end;
$$;
comment on function private.cancel_bookings(public.events, text) is
  'Cancels every live booking of an event whose lock is held, and tells everybody.';

create function private.canceller(provider_id uuid) returns text
language sql
stable
set search_path = ''
as $$
  select case
    when a.kind = 'user' and a.id = canceller.provider_id then 'provider'
    when a.kind = 'user' then 'attendee'
    else a.kind
  end
  from private.actor() as a;
$$;
comment on function private.canceller(uuid) is
  'What bookings.cancelled_by says of the caller: attendee, provider, administrator or service.';

create function public.cancel_event(event_id uuid, reason text default null) returns public.events
language sql
set search_path = ''
as $$
  select private.cancel_event(cancel_event.event_id, cancel_event.reason);
$$;
comment on function public.cancel_event(uuid, text) is
  'Cancels an event of the signed-in provider with all its bookings, and tells everybody. Cancelling again changes '
  'nothing. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404), '
  'EVENT_STARTED (409), INVALID_INPUT (400).';
grant execute on function private.cancel_event(uuid, text) to authenticated;
grant execute on function public.cancel_event(uuid, text) to authenticated;
