-- Steps that the event and booking commands share.

create function private.check_event(event public.events) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_field text;
  v_reason text;
begin
  select c.field, c.reason
  into v_field, v_reason
  from (values
    ('kind', event.kind in ('session', 'retreat'), 'must be session or retreat'),
    ('title', char_length(trim(event.title)) between 1 and 200, 'must have 1 to 200 characters'),
    ('description', char_length(event.description) <= 10000, 'must have at most 10000 characters'),
    ('location', char_length(event.location) <= 500, 'must have at most 500 characters'),
    ('starts_at', event.starts_at > now(), 'must be in the future'),
    ('starts_at', event.starts_at < now() + interval '10 years', 'must be within 10 years'),
    ('ends_at', event.ends_at > event.starts_at, 'must be after the start'),
    ('ends_at', event.ends_at <= event.starts_at + interval '366 days', 'must be within 366 days of the start'),
    ('timezone', private.is_time_zone(event.timezone), 'must be an IANA time zone'),
    ('capacity', event.capacity between 1 and 100000, 'must be between 1 and 100000'),
    ('price_minor', event.price_minor between 0 and 100000000, 'must be between 0 and 100000000'),
    ('currency', event.currency ~ '^[A-Z]{3}$', 'must be an ISO 4217 code'),
    ('payment_mode', event.payment_mode in ('on_site', 'prepaid'), 'must be on_site or prepaid')
  ) as c (field, holds, reason)
  where c.holds is not true
  limit 1;
  if found then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', v_field, 'reason', v_reason)::text;
  end if;
end;
$$;
comment on function private.check_event(public.events) is
  'Raises INVALID_INPUT (400) with field and reason when an event breaks a rule that its author can mend.';

create function private.check_length(field text, value text, max_length integer) returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if char_length(value) > max_length then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', field, 'reason', format('must have at most %s characters', max_length))::text;
  end if;
end;
$$;
comment on function private.check_length(text, text, integer) is
  'Raises INVALID_INPUT (400) when a text is too long; null is not.';

create function private.lock_event(event_id uuid) returns public.events
language plpgsql
set search_path = ''
as $$
declare
  v_event public.events;
begin
  select e.*
  into v_event
  from public.events as e
  where e.id = lock_event.event_id
  for no key update;
  if not found then
    raise sqlstate 'PT404' using message = 'EVENT_NOT_FOUND';
  end if;
  return v_event;
end;
$$;
comment on function private.lock_event(uuid) is
  'Locks an event, the root of its bookings, until the transaction ends. Raises EVENT_NOT_FOUND (404).';

create function private.lock_provider(provider_id uuid) returns public.providers
language sql
set search_path = ''
as $$
  select p
  from public.providers as p
  where p.id = lock_provider.provider_id
  for no key update;
$$;
comment on function private.lock_provider(uuid) is
  'Locks a provider, the root of their time, until the transaction ends. Taken before any event''s lock.';

create function private.lock_own_event(event_id uuid) returns public.events
language plpgsql
set search_path = ''
as $$
declare
  v_is_administrator constant boolean := (private.actor()).kind = 'administrator';
  v_provider_id uuid;
begin
  select e.provider_id
  into v_provider_id
  from public.events as e
  where e.id = lock_own_event.event_id;
  if not v_is_administrator then
    perform private.acting_provider();
  end if;
  if v_provider_id is null then
    raise sqlstate 'PT404' using message = 'EVENT_NOT_FOUND';
  end if;
  if not v_is_administrator and v_provider_id is distinct from (select auth.uid()) then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_EVENT';
  end if;
  perform private.lock_provider(v_provider_id);
  return private.lock_event(lock_own_event.event_id);
end;
$$;
comment on function private.lock_own_event(uuid) is
  'Locks provider and event for a change by the event''s provider or an administrator. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404).';

create function private.booking_payload(
  booking public.bookings,
  event public.events,
  cause text default null,
  extra jsonb default '{}'
) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'booking_id', booking.id,
    'attendee_id', booking.attendee_id,
    'provider_id', booking.provider_id,
    'status', booking.status,
    'payment_status', booking.payment_status,
    'price_minor', booking.price_minor,
    'currency', booking.currency,
    'booked_at', booking.created_at,
    'actor_id', (private.actor()).id,
    'cause', cause,
    'event_id', event.id,
    'kind', event.kind,
    'title', event.title,
    'location', event.location,
    'starts_at', event.starts_at,
    'ends_at', event.ends_at,
    'timezone', event.timezone
  )) || extra;
$$;
comment on function private.booking_payload(public.bookings, public.events, text, jsonb) is
  'What the outbox tells of a change to a booking: a snapshot of both rows, and of people their ids only.';

create function private.expire_holds(event public.events) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_expired integer;
begin
  with expired as (
    update public.bookings as b
    set status = 'expired', expires_at = null, version = b.version + 1
    where b.event_id = event.id
      and b.expires_at <= now()
    returning b as booking
  ), told as (
    insert into private.outbox (event, key, version, payload)
    select 'booking.expired', (x.booking).id, (x.booking).version, private.booking_payload(x.booking, event)
    from expired as x
    returning id
  )
  select count(*) into v_expired from told;
  return v_expired;
end;
$$;
comment on function private.expire_holds(public.events) is
  'Frees the seats of an event''s lapsed holds. The caller holds the event''s lock. Answers how many.';

create function private.emit_event(event text, subject public.events) returns void
language sql
set search_path = ''
as $$
  insert into private.outbox (event, key, version, payload)
  values (
    emit_event.event,
    (emit_event.subject).id,
    (emit_event.subject).version,
    jsonb_strip_nulls(jsonb_build_object(
      'event_id', (emit_event.subject).id,
      'provider_id', (emit_event.subject).provider_id,
      'actor_id', (private.actor()).id,
      'kind', (emit_event.subject).kind,
      'title', (emit_event.subject).title,
      'location', (emit_event.subject).location,
      'status', (emit_event.subject).status,
      'starts_at', (emit_event.subject).starts_at,
      'ends_at', (emit_event.subject).ends_at,
      'timezone', (emit_event.subject).timezone,
      'capacity', (emit_event.subject).capacity,
      'price_minor', (emit_event.subject).price_minor,
      'currency', (emit_event.subject).currency
    ))
  );
$$;
comment on function private.emit_event(text, public.events) is 'Writes the domain event of a change to an event.';
