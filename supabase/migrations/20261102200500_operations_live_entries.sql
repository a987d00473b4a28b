-- E-mails are leased with the calendar entry as it is at that moment.

create function private.live_entry(target text, event text, payload jsonb) returns public.calendar_entry
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when live_entry.target = 'provider' then private.event_entry(e)
    when b.id is not null then private.booking_entry(b, e)
  end
  from public.events as e
  left join public.bookings as b on b.id = (live_entry.payload ->> 'booking_id')::uuid
  where e.id = (live_entry.payload ->> 'event_id')::uuid
    and (
      live_entry.event not in ('booking.reminder', 'event.reminder')
      or (
        e.status = 'published'
        and e.starts_at = (live_entry.payload ->> 'starts_at')::timestamptz
        and private.is_reminder_timely(e.starts_at, (live_entry.payload ->> 'minutes_before')::integer)
        and case live_entry.event
          when 'booking.reminder' then b.status = 'confirmed'
          else exists (select from public.bookings as o where o.event_id = e.id and o.status = 'confirmed')
        end
      )
    );
$$;
comment on function private.live_entry(text, text, jsonb) is
  'The calendar entry of an e-mail''s recipient as it is now. For a reminder null once it should not be sent any more: '
  'cancelled, moved, begun, too late, or nobody booked any more.';
grant execute on function private.live_entry(text, text, jsonb) to service_role;

create function public.lease_deliveries(
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
      when 'email' then l.context || jsonb_build_object('entry', private.live_entry(l.target, l.event, l.payload))
      else l.context
    end
  from private.lease_deliveries(
    lease_deliveries.batch_size,
    lease_deliveries.lease_seconds,
    lease_deliveries.only_key,
    lease_deliveries.only_destination
  ) as l;
$$;
comment on function public.lease_deliveries(integer, integer, uuid, text) is
  'Leases up to batch_size due deliveries for lease_seconds; none whose key, destination and target have an older one '
  'pending, and of one key or destination only when these are given. Each comes with the payload of its event and, read '
  'at this moment, the context {recipient, attendee, provider, notes}, and for e-mails entry: see private.live_entry. For '
  'the service role.';
grant execute on function public.lease_deliveries(integer, integer, uuid, text) to service_role;
