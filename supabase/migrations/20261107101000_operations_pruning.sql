-- What is old is deleted in one place.

drop trigger prune_phone_codes on private.rate_limits;
drop function private.prune_phone_codes();

create or replace function private.lease_webhooks(batch_size integer, lease_seconds integer) returns setof public.webhook_lease
language plpgsql
security definer
set search_path = ''
as $$
begin
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

create or replace function private.prune() returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_pruned integer := 0;
  v_count integer;
begin
  delete from private.idempotency_keys as k where k.created_at < now() - interval '24 hours';
  get diagnostics v_count = row_count;
  v_pruned := v_pruned + v_count;
  delete from private.rate_limits as l where l.window_start < now() - interval '1 day';
  get diagnostics v_count = row_count;
  v_pruned := v_pruned + v_count;
  delete from private.outbox as o
  where o.created_at < now() - interval '30 days'
    and o.fanned_out_at is not null
    and not exists (
      select
      from private.deliveries as d
      where d.outbox_id = o.id
        and d.status in ('pending', 'dead')
    );
  get diagnostics v_count = row_count;
  v_pruned := v_pruned + v_count;
  delete from private.phone_codes as c
  where c.sent_at < now() - interval '1 day'
    and (c.sending_until is null or c.sending_until < now());
  get diagnostics v_count = row_count;
  v_pruned := v_pruned + v_count;
  delete from public.webhook_attempts as a where a.at < now() - interval '30 days';
  get diagnostics v_count = row_count;
  return v_pruned + v_count;
end;
$$;
comment on function private.prune() is
  'Deletes what is only kept for a while: answers for repeated keys and codes sent by SMS a day, counters of rate limits a '
  'day, what was delivered and tries of webhooks thirty days. Answers how many rows.';
