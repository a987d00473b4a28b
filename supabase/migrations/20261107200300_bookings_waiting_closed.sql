-- Who waits hears that there is nothing to wait for any more.

-- A key of its own each: letters of one key wait for one another.
insert into private.outbox_routes (event, destination, target, skip_actor)
values
  ('waiting.closed', 'notification', 'attendee', true),
  ('waiting.closed', 'email', 'attendee', true);

create function private.waiting_payload(entry public.waiting_entries) returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.booking_payload(b, private.occasion(b), extra => jsonb_build_object('status', entry.status))
  from public.providers as p
  cross join lateral jsonb_populate_record(null::public.bookings, jsonb_build_object(
    'attendee_id', entry.person_id,
    'provider_id', entry.provider_id,
    'event_id', entry.event_id,
    'during', entry.during,
    'offering_id', entry.offering_id,
    'timezone', private.provider_zone(p),
    'price_minor', 0,
    'currency', p.currency
  )) as b
  where p.id = entry.provider_id;
$$;
comment on function private.waiting_payload(public.waiting_entries) is
  'What receivers need of an entry of the waiting list: who waits for what, in the form of a booking''s payload.';

create function private.tell_closed_lines() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into private.outbox (event, key, version, payload)
  select 'waiting.closed', w.id, 1, private.waiting_payload(w)
  from new_rows as n
  join old_rows as o on o.id = n.id
  join public.waiting_entries as w on w.id = n.id
  left join public.events as e on e.id = w.event_id
  where o.status = 'waiting'
    and n.status = 'closed'
    and (e.status = 'cancelled' or lower(w.during) > now())
  order by w.place;
  return null;
end;
$$;
comment on function private.tell_closed_lines() is
  'After entries of the waiting list changed: tells those that were closed although what they are for never began, because '
  'the event was cancelled or the provider left. Whoever closes a line need not think of it.';
create trigger tell_closed_lines after update on public.waiting_entries
  referencing old table as old_rows new table as new_rows for each statement
  execute function private.tell_closed_lines();
