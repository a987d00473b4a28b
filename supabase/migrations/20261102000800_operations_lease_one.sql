-- The worker can be asked for the deliveries of one booking to one destination, at once.

drop function public.lease_deliveries(integer, integer);
drop function private.lease_deliveries(integer, integer);

create function private.lease_deliveries(
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
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  perform private.fan_out(greatest(lease_deliveries.batch_size * 10, 100));
  return query
  with due as (
    select d.id
    from private.deliveries as d
    where d.status = 'pending'
      and d.due_at <= now()
      and (d.leased_until is null or d.leased_until <= now())
      and (lease_deliveries.only_key is null or d.key = lease_deliveries.only_key)
      and (lease_deliveries.only_destination is null or d.destination = lease_deliveries.only_destination)
      and not exists (
        select
        from private.deliveries as older
        where older.key = d.key
          and older.destination = d.destination
          and older.target = d.target
          and older.outbox_id < d.outbox_id
          and older.status = 'pending'
      )
    order by d.due_at, d.id
    limit lease_deliveries.batch_size
    for update skip locked
  ), leased as (
    update private.deliveries as d
    set
      leased_until = now() + make_interval(secs => lease_deliveries.lease_seconds),
      lease_token = gen_random_uuid(),
      attempts = d.attempts + 1
    from due
    where d.id = due.id
    returning d.*
  )
  select
    l.id,
    l.lease_token,
    l.destination,
    l.target,
    o.event,
    l.key,
    o.version,
    l.attempts,
    o.payload,
    jsonb_build_object(
      'recipient', private.person(l.recipient_id),
      'attendee', private.person((o.payload ->> 'attendee_id')::uuid),
      'provider', private.person((o.payload ->> 'provider_id')::uuid),
      'notes', (select b.notes from public.bookings as b where b.id = l.key)
    )
  from leased as l
  join private.outbox as o on o.id = l.outbox_id
  order by l.outbox_id;
end;
$$;
comment on function private.lease_deliveries(integer, integer, uuid, text) is 'See public.lease_deliveries.';

grant execute on function private.lease_deliveries(integer, integer, uuid, text) to service_role;

create function private.delivery_status(key uuid, destination text) returns text
language sql
stable
security definer
set search_path = ''
as $$
  select d.status
  from private.deliveries as d
  where d.key = delivery_status.key
    and d.destination = delivery_status.destination
  order by d.outbox_id desc
  limit 1;
$$;
comment on function private.delivery_status(uuid, text) is 'See public.delivery_status.';
create index deliveries_key_idx on private.deliveries (key, destination, outbox_id);

create function public.delivery_status(key uuid, destination text) returns text
language sql
stable
set search_path = ''
as $$
  select private.delivery_status(delivery_status.key, delivery_status.destination);
$$;
comment on function public.delivery_status(uuid, text) is
  'What became of the latest delivery of a key to a destination: pending, delivered, skipped or dead; null before it is '
  'fanned out. For the service role.';
grant execute on function private.delivery_status(uuid, text) to service_role;
grant execute on function public.delivery_status(uuid, text) to service_role;
