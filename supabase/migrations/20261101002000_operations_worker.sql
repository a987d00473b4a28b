-- The worker's side of the outbox: fan out, lease, settle; and the sweep that time alone brings about.

create function private.fan_out(max_events integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_events integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('convene fan out')) then
    return 0;
  end if;
  with due as (
    select o.id, o.event, o.key, o.payload
    from private.outbox as o
    where o.fanned_out_at is null
    order by o.id
    limit fan_out.max_events
  ), delivered_to as (
    insert into private.deliveries (outbox_id, destination, target, recipient_id, key)
    select d.id, t.destination, t.target, t.recipient_id, d.key
    from due as d
    cross join private.outbox_targets(d.event, d.payload) as t
    where t.destination <> 'notification'
    order by d.id
    returning outbox_id
  ), marked as (
    update private.outbox as o
    set fanned_out_at = now()
    from due as d
    where o.id = d.id
    returning o.id
  )
  select count(*) into v_events from marked;
  return v_events;
end;
$$;
comment on function private.fan_out(integer) is
  'Makes deliveries of new domain events, oldest first; one caller at a time, so that a key''s events keep order.';

create function private.lease_deliveries(batch_size integer, lease_seconds integer)
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
comment on function private.lease_deliveries(integer, integer) is 'See public.lease_deliveries.';

create function private.person(profile_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', p.id,
    'name', coalesce(nullif(v.display_name, ''), p.name),
    'email', c.email,
    'phone', c.phone,
    'locale', p.locale,
    'timezone', p.timezone
  )
  from public.profiles as p
  left join public.providers as v on v.id = p.id
  left join public.contacts as c on c.profile_id = p.id
  where p.id = person.profile_id;
$$;
comment on function private.person(uuid) is 'A person as deliveries need them; contact data is read at this moment only.';

create function public.lease_deliveries(batch_size integer, lease_seconds integer)
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
  select l.id, l.lease_token, l.destination, l.target, l.event, l.key, l.version, l.attempts, l.payload, l.context
  from private.lease_deliveries(lease_deliveries.batch_size, lease_deliveries.lease_seconds) as l;
$$;
comment on function public.lease_deliveries(integer, integer) is
  'Leases up to batch_size due deliveries for lease_seconds; none whose key, destination and target have an older one '
  'pending. Each comes with the payload of its event and, read at this moment, the context {recipient, attendee, provider, '
  'notes}. For the service role.';
grant execute on function private.lease_deliveries(integer, integer) to service_role;
grant execute on function public.lease_deliveries(integer, integer) to service_role;

create function private.retry_delay(attempts integer) returns interval
language sql
volatile
set search_path = ''
as $$
  select (array[
    '5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours', '24 hours'
  ]::interval[])[retry_delay.attempts] * (0.8 + 0.4 * random());
$$;
comment on function private.retry_delay(integer) is
  'Wait after so many failed attempts, about three days in all, spread by 20 %; null after the tenth.';

create function private.settle_deliveries(results jsonb) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_settled integer;
begin
  with result as (
    select r.id, r.lease_token, r.outcome, left(r.error, 500) as error
    from jsonb_to_recordset(settle_deliveries.results)
      as r (id bigint, lease_token uuid, outcome text, error text)
  ), settled as (
    update private.deliveries as d
    set
      status = next.status,
      due_at = coalesce(now() + next.delay, d.due_at),
      settled_at = case when next.status <> 'pending' then now() end,
      last_error = r.error,
      leased_until = null,
      lease_token = null
    from result as r
    cross join lateral (
      select
        case
          when r.outcome in ('delivered', 'skipped', 'dead') then r.outcome
          when private.retry_delay(d.attempts) is null then 'dead'
          else 'pending'
        end as status,
        case when r.outcome = 'failed' then private.retry_delay(d.attempts) end as delay
      from private.deliveries as d
      where d.id = r.id
    ) as next
    where d.id = r.id
      and d.lease_token = r.lease_token
      and d.status = 'pending'
    returning d.id
  )
  select count(*) into v_settled from settled;
  return v_settled;
end;
$$;
comment on function private.settle_deliveries(jsonb) is 'See public.settle_deliveries.';

create function public.settle_deliveries(results jsonb) returns integer
language sql
set search_path = ''
as $$
  select private.settle_deliveries(settle_deliveries.results);
$$;
comment on function public.settle_deliveries(jsonb) is
  'Settles leased deliveries: [{id, lease_token, outcome: delivered | skipped | dead | failed, error}]. A lease that '
  'ended meanwhile is ignored. Answers how many were settled. For the service role.';
grant execute on function private.settle_deliveries(jsonb) to service_role;
grant execute on function public.settle_deliveries(jsonb) to service_role;

create type public.outbox_health as (oldest_due_seconds integer, pending integer, dead integer);
comment on type public.outbox_health is 'Age of the oldest due delivery or domain event, and counts up to 10,000.';

create function private.outbox_health() returns public.outbox_health
language sql
stable
security definer
set search_path = ''
as $$
  select
    coalesce(extract(epoch from now() - least(
      (select min(d.due_at) from private.deliveries as d where d.status = 'pending' and d.due_at <= now()),
      (
        select o.created_at
        from private.outbox as o
        where o.fanned_out_at is null
        order by o.id
        limit 1
      )
    )), 0)::integer,
    (select count(*) from (select from private.deliveries as d where d.status = 'pending' limit 10000) as p)::integer,
    (select count(*) from (select from private.deliveries as d where d.status = 'dead' limit 10000) as x)::integer;
$$;
comment on function private.outbox_health() is 'See public.outbox_health.';

create function public.outbox_health() returns public.outbox_health
language sql
stable
set search_path = ''
as $$
  select private.outbox_health();
$$;
comment on function public.outbox_health() is 'How far the worker is behind. For the service role.';
grant execute on function private.outbox_health() to service_role;
grant execute on function public.outbox_health() to service_role;
