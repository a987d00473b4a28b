-- What became of a webhook: the log, the next try, and the end of an endpoint that does not answer.

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values ('webhook.disabled', 'notification', 'provider', false, null);

create function private.disable_webhook_endpoint(endpoint public.webhook_endpoints, reason text) returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.webhook_endpoints as e
  set disabled_at = now(), disabled_reason = disable_webhook_endpoint.reason
  where e.id = endpoint.id;
  perform private.skip_webhooks(endpoint.id);
  insert into private.outbox (event, key, version, payload)
  values (
    'webhook.disabled',
    endpoint.id,
    1,
    jsonb_build_object(
      'endpoint_id', endpoint.id, 'provider_id', endpoint.owner_id, 'title', endpoint.url, 'cause', reason
    )
  );
end;
$$;
comment on function private.disable_webhook_endpoint(public.webhook_endpoints, text) is
  'Sends nothing more to an endpoint and notifies its owner. The caller holds its lock. Administrators see theirs in '
  'admin.webhook_queues.';

create function private.settle_webhook(
  delivery_id uuid,
  lease_token uuid,
  outcome text,
  duration_ms integer,
  http_status integer,
  error text
) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_endpoint public.webhook_endpoints;
  v_delivery public.webhook_deliveries;
  v_delay interval;
begin
  -- The endpoint first, as its commands do.
  select e.*
  into v_endpoint
  from public.webhook_endpoints as e
  where e.id = (select d.endpoint_id from public.webhook_deliveries as d where d.id = settle_webhook.delivery_id)
  for no key update;
  select d.*
  into v_delivery
  from public.webhook_deliveries as d
  where d.id = settle_webhook.delivery_id
    and d.lease_token = settle_webhook.lease_token
    and d.status = 'pending'
  for no key update;
  if not found then
    return null;
  end if;
  insert into public.webhook_attempts (delivery_id, endpoint_id, duration_ms, http_status, error)
  values (
    v_delivery.id, v_endpoint.id, settle_webhook.duration_ms, settle_webhook.http_status,
    left(settle_webhook.error, 200)
  );
  update public.webhook_endpoints as e
  set
    consecutive_failures = case when outcome = 'delivered' then 0 else e.consecutive_failures + 1 end,
    failing_since = case when outcome <> 'delivered' then coalesce(e.failing_since, now()) end
  where e.id = v_endpoint.id
    and (outcome <> 'delivered' or e.consecutive_failures > 0);

  v_delay := case when outcome = 'failed' then private.retry_delay(v_delivery.attempts) end;
  update public.webhook_deliveries as d
  set
    status = case when outcome = 'delivered' then 'delivered' when v_delay is null then 'dead' else 'pending' end,
    settled_at = case when v_delay is null then now() end,
    due_at = coalesce(now() + v_delay, d.due_at),
    leased_until = null,
    lease_token = null
  where d.id = v_delivery.id
  returning d.* into v_delivery;
  if outcome = 'gone' then
    perform private.disable_webhook_endpoint(v_endpoint, 'gone');
  elsif v_delivery.status = 'dead' and v_endpoint.failing_since < now() - interval '2 days' then
    perform private.disable_webhook_endpoint(v_endpoint, 'failing');
  end if;
  return v_delivery.status;
end;
$$;
comment on function private.settle_webhook(uuid, uuid, text, integer, integer, text) is 'See public.settle_webhook.';

create function public.settle_webhook(
  delivery_id uuid,
  lease_token uuid,
  outcome text,
  duration_ms integer,
  http_status integer default null,
  error text default null
) returns text
language sql
set search_path = ''
as $$
  select private.settle_webhook(
    settle_webhook.delivery_id, settle_webhook.lease_token, settle_webhook.outcome, settle_webhook.duration_ms,
    settle_webhook.http_status, settle_webhook.error
  );
$$;
comment on function public.settle_webhook(uuid, uuid, text, integer, integer, text) is
  'Logs one attempt of a leased webhook and settles it; outcome: delivered, failed (tried again on the outbox''s '
  'schedule, dead after ten tries) or gone (the endpoint is disabled at once). A delivery that dies while its endpoint '
  'has accepted nothing for two days disables it. Answers the delivery''s new status; null when the lease had ended. '
  'For the service role.';
grant execute on function private.settle_webhook(uuid, uuid, text, integer, integer, text) to service_role;
grant execute on function public.settle_webhook(uuid, uuid, text, integer, integer, text) to service_role;
