-- The worker's side of webhooks: fan out, lease. Apart from the other deliveries, so that no receiver holds them up.

create function private.fan_out_webhooks() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.webhook_deliveries (endpoint_id, outbox_id, event, key, status, settled_at)
  select
    e.id,
    n.id,
    n.event,
    n.key,
    case when e.disabled_at is null then 'pending' else 'skipped' end,
    case when e.disabled_at is not null then now() end
  from new_rows as n
  join old_rows as o on o.id = n.id
  join public.webhook_endpoints as e
    on n.event = any (e.events)
    and (e.owner_id is null or e.owner_id = (n.payload ->> 'provider_id')::uuid)
  where o.fanned_out_at is null
    and n.fanned_out_at is not null
    and n.event = any (private.webhook_events())
  on conflict on constraint webhook_deliveries_once do nothing;
  return null;
end;
$$;
comment on function private.fan_out_webhooks() is
  'When private.fan_out takes domain events: makes their deliveries to webhooks, under the same lock and so in the same '
  'order. For disabled endpoints they are skipped, to be replayed.';
create trigger fan_out_webhooks after update on private.outbox
  referencing old table as old_rows new table as new_rows for each statement
  execute function private.fan_out_webhooks();

create function private.webhook_data(occurrence private.outbox) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('version', occurrence.version) || coalesce(jsonb_object_agg(f.key, f.value), '{}')
  from jsonb_each(occurrence.payload) as f
  where f.key in (
    'booking_id', 'attendee_id', 'provider_id', 'event_id', 'endpoint_id', 'payment_id', 'refund_id', 'status',
    'payment_status', 'cause', 'price_minor', 'amount_minor', 'currency', 'booked_at', 'kind', 'title', 'location',
    'starts_at', 'ends_at', 'timezone', 'capacity', 'previous_starts_at', 'previous_ends_at'
  );
$$;
comment on function private.webhook_data(private.outbox) is
  'What a webhook tells of a domain event: ids and facts that are named here, never contact data, words between '
  'people, or what a later payload may hold.';

create type public.webhook_lease as (
  id uuid,
  lease_token uuid,
  endpoint_id uuid,
  url text,
  private_host text,
  secrets text[],
  event text,
  occurred_at timestamptz,
  data jsonb,
  attempts integer
);
comment on type public.webhook_lease is
  'A webhook on its way. private_host: the host that it may reach although its address is not public; null for others. '
  'secrets: each of them signs.';

create function private.lease_webhooks(batch_size integer, lease_seconds integer) returns setof public.webhook_lease
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.webhook_attempts as a where a.at < now() - interval '30 days';
  return query
  with endpoint as (
    select
      e.id,
      case when e.consecutive_failures > 0 then 1 else 4 end - (
        select count(*)
        from public.webhook_deliveries as running
        where running.endpoint_id = e.id
          and running.status = 'pending'
          and running.leased_until > now()
      ) as room
    from public.webhook_endpoints as e
    where e.disabled_at is null
      and exists (
        select
        from public.webhook_deliveries as d
        where d.endpoint_id = e.id
          and d.status = 'pending'
          and d.due_at <= now()
      )
  ), due as (
    select next.id
    from endpoint as e
    cross join lateral (
      select d.id, d.due_at
      from public.webhook_deliveries as d
      where d.endpoint_id = e.id
        and d.status = 'pending'
        and d.due_at <= now()
        and (d.leased_until is null or d.leased_until <= now())
        and not exists (
          select
          from public.webhook_deliveries as older
          where older.endpoint_id = d.endpoint_id
            and older.key = d.key
            and older.outbox_id < d.outbox_id
            and older.status = 'pending'
        )
      order by d.due_at, d.outbox_id
      limit greatest(e.room, 0)
      for update skip locked
    ) as next
    order by next.due_at
    limit lease_webhooks.batch_size
  ), leased as (
    update public.webhook_deliveries as d
    set
      leased_until = now() + make_interval(secs => lease_webhooks.lease_seconds),
      lease_token = gen_random_uuid(),
      attempts = d.attempts + 1
    from due
    where d.id = due.id
    returning d.*
  )
  select
    l.id,
    l.lease_token,
    l.endpoint_id,
    e.url,
    (select h.host from private.webhook_private_hosts as h where h.host = private.webhook_host(e.url)),
    case when s.previous_until > now() then array[s.secret, s.previous_secret] else array[s.secret] end,
    l.event,
    o.created_at,
    private.webhook_data(o),
    l.attempts
  from leased as l
  join public.webhook_endpoints as e on e.id = l.endpoint_id
  join private.webhook_secrets as s on s.endpoint_id = l.endpoint_id
  join private.outbox as o on o.id = l.outbox_id
  order by l.outbox_id;
end;
$$;
comment on function private.lease_webhooks(integer, integer) is 'See public.lease_webhooks.';

create function public.lease_webhooks(batch_size integer, lease_seconds integer) returns setof public.webhook_lease
language sql
set search_path = ''
as $$
  select l.id, l.lease_token, l.endpoint_id, l.url, l.private_host, l.secrets, l.event, l.occurred_at, l.data, l.attempts
  from private.lease_webhooks(lease_webhooks.batch_size, lease_webhooks.lease_seconds) as l;
$$;
comment on function public.lease_webhooks(integer, integer) is
  'Leases up to batch_size due webhooks for lease_seconds: none whose endpoint has an older one of the same key '
  'pending; of one endpoint four at a time, one while it fails, so that a slow receiver leaves room for the others. '
  'For the service role.';
grant execute on function private.lease_webhooks(integer, integer) to service_role;
grant execute on function public.lease_webhooks(integer, integer) to service_role;
