-- Who has a seat hears of a new link as of any new place, and letters say that an event is online.

create or replace function private.describe_event(event_id uuid, requirements text, virtual_link text)
returns public.events
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb :=
    jsonb_build_object('event_id', event_id, 'requirements', requirements, 'virtual_link', virtual_link);
  v_replay constant jsonb := private.begin_command('describe_event', v_request);
  v_event public.events;
  v_before text;
  v_link text;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.events, v_replay);
  end if;
  perform private.check_length('requirements', describe_event.requirements, 2000);
  v_event := private.lock_own_event(describe_event.event_id);
  select l.virtual_link
  into v_before
  from public.event_links as l
  where l.event_id = v_event.id;
  v_link := nullif(coalesce(describe_event.virtual_link, v_before), '');
  if v_link is null then
    delete from public.event_links as l where l.event_id = v_event.id;
  elsif v_link is distinct from v_before then
    insert into public.event_links as l (event_id, provider_id, virtual_link)
    values (v_event.id, v_event.provider_id, v_link)
    on conflict on constraint event_links_pkey do update
    set virtual_link = excluded.virtual_link;
  end if;
  if coalesce(describe_event.requirements, v_event.requirements) is distinct from v_event.requirements
    or v_link is distinct from v_before
  then
    update public.events as e
    set requirements = coalesce(describe_event.requirements, e.requirements), version = e.version + 1
    where e.id = v_event.id
    returning e.* into v_event;
    perform private.emit_event('event.updated', v_event);
  end if;
  if v_link <> coalesce(v_before, '') and v_event.status = 'published' and v_event.ends_at > now() then
    perform private.tell_booked(v_event, 'place');
  end if;
  perform private.finish_command(
    'describe_event', v_request, v_event.id, to_jsonb(v_event), jsonb_strip_nulls(v_request) - 'virtual_link'
  );
  return v_event;
exception
  when check_violation then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "virtual_link", "reason": "must be an https address of at most 2000 characters"}';
end;
$$;
comment on function public.describe_event(uuid, text, text) is
  'Says what an event asks of its attendees (at most 2,000 characters) and where it is online (an https address), of the '
  'signed-in provider; null leaves it, and an empty text takes it away. A change is an event.updated, and a new address '
  'tells who has a seat. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404), '
  'INVALID_INPUT (400).';
comment on function private.tell_booked(public.events, text) is
  'After an event changed without moving: tells of each confirmed booking, which stays as it is. cause: place (or link), '
  'which its attendee hears, or words (title, kind, a place that is taken away), which the CRM alone hears.';

-- What a letter says beyond its event is read when it goes out: what was withdrawn with an account by then is in none.
create function private.letter_context(target text, event text, key uuid, payload jsonb) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'entry', private.live_entry(letter_context.target, letter_context.event, letter_context.payload),
    'reason', (
      select case letter_context.event
        when 'booking.cancelled' then b.cancellation_reason
        when 'booking.rescheduled' then b.reschedule_reason
      end
      from public.bookings as b
      where b.id = letter_context.key
    ),
    'is_online', exists (
      select
      from public.event_links as l
      where l.event_id = (letter_context.payload ->> 'event_id')::uuid
    )
  );
$$;
comment on function private.letter_context(text, text, uuid, jsonb) is
  'For a letter about a booking or an event (key): the recipient''s calendar entry now, why it was cancelled or moved, and '
  'whether it has a link, which is in no letter: others may read it.';
grant execute on function private.letter_context(text, text, uuid, jsonb) to service_role;

create or replace function public.lease_deliveries(
  batch_size integer,
  lease_seconds integer,
  only_key uuid default null,
  only_destination text default null
)
returns table (
  id bigint,
  lease_token uuid,
  destination text,
  target text,
  event text,
  key uuid,
  version integer,
  attempts integer,
  payload jsonb,
  context jsonb
)
language sql
set search_path = ''
as $$
  select
    l.id, l.lease_token, l.destination, l.target, l.event, l.key, l.version, l.attempts, l.payload,
    case l.destination
      when 'email' then l.context || private.letter_context(l.target, l.event, l.key, l.payload)
      else l.context
    end
  from private.lease_deliveries(
    lease_deliveries.batch_size,
    lease_deliveries.lease_seconds,
    lease_deliveries.only_key,
    lease_deliveries.only_destination
  ) as l;
$$;
