-- Commands of webhook deliveries: try again, and try out.

create function private.replay_webhook_delivery(delivery_id uuid) returns public.webhook_deliveries
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('delivery_id', delivery_id);
  v_replay constant jsonb := private.begin_command('replay_webhook_delivery', v_request);
  v_owner_id constant uuid := private.webhook_owner();
  v_endpoint_id uuid;
  v_delivery public.webhook_deliveries;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.webhook_deliveries, v_replay);
  end if;
  select d.endpoint_id
  into v_endpoint_id
  from public.webhook_deliveries as d
  join public.webhook_endpoints as e on e.id = d.endpoint_id
  where d.id = replay_webhook_delivery.delivery_id
    and (v_owner_id is null or e.owner_id = v_owner_id);
  perform private.require_enabled(private.lock_webhook_endpoint(v_endpoint_id));
  update public.webhook_deliveries as d
  set
    status = 'pending', settled_at = null, attempts = 0, due_at = now(), leased_until = null, lease_token = null
  where d.id = replay_webhook_delivery.delivery_id
    and (d.leased_until is null or d.leased_until <= now())
  returning d.* into v_delivery;
  if not found then
    select d.*
    into v_delivery
    from public.webhook_deliveries as d
    where d.id = replay_webhook_delivery.delivery_id;
  end if;
  perform private.finish_command('replay_webhook_delivery', v_request, v_endpoint_id, to_jsonb(v_delivery), v_request);
  return v_delivery;
end;
$$;
comment on function private.replay_webhook_delivery(uuid) is 'See public.replay_webhook_delivery.';

create function public.replay_webhook_delivery(delivery_id uuid) returns public.webhook_deliveries
language sql
set search_path = ''
as $$
  select private.replay_webhook_delivery(replay_webhook_delivery.delivery_id);
$$;
comment on function public.replay_webhook_delivery(uuid) is
  'Sends a delivery of the signed-in provider''s endpoints again, whatever became of it, with the same webhook-id and '
  'another ten tries; one that is under way at this moment is left alone. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), WEBHOOK_NOT_FOUND (404), WEBHOOK_DISABLED '
  '(409).';
grant execute on function private.replay_webhook_delivery(uuid) to authenticated;
grant execute on function public.replay_webhook_delivery(uuid) to authenticated;

create function private.replay_webhook_deliveries(endpoint_id uuid, since timestamptz) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('endpoint_id', endpoint_id, 'since', since);
  v_replay constant jsonb := private.begin_command('replay_webhook_deliveries', v_request);
  v_endpoint public.webhook_endpoints;
  v_replayed integer;
begin
  if v_replay is not null then
    return v_replay::integer;
  end if;
  v_endpoint := private.lock_webhook_endpoint(replay_webhook_deliveries.endpoint_id);
  perform private.require_enabled(v_endpoint);
  update public.webhook_deliveries as d
  set
    status = 'pending', settled_at = null, attempts = 0, due_at = now(), leased_until = null, lease_token = null
  where d.id in (
    select o.id
    from public.webhook_deliveries as o
    where o.endpoint_id = v_endpoint.id
      and (o.status in ('dead', 'skipped') or (o.status = 'pending' and o.attempts > 0))
      and o.created_at >= replay_webhook_deliveries.since
      and (o.leased_until is null or o.leased_until <= now())
    order by o.outbox_id
    limit 10000
  );
  get diagnostics v_replayed = row_count;
  perform private.finish_command(
    'replay_webhook_deliveries', v_request, v_endpoint.id, to_jsonb(v_replayed),
    jsonb_build_object('since', since, 'replayed', v_replayed)
  );
  return v_replayed;
end;
$$;
comment on function private.replay_webhook_deliveries(uuid, timestamptz) is 'See public.replay_webhook_deliveries.';

create function public.replay_webhook_deliveries(endpoint_id uuid, since timestamptz) returns integer
language sql
set search_path = ''
as $$
  select private.replay_webhook_deliveries(replay_webhook_deliveries.endpoint_id, replay_webhook_deliveries.since);
$$;
comment on function public.replay_webhook_deliveries(uuid, timestamptz) is
  'Sends everything to the signed-in provider''s endpoint that it has not accepted of what happened since a moment: '
  'dead, skipped, and what waits for its next try; oldest first, 10,000 at most. Answers how many. Raises '
  'SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), WEBHOOK_NOT_FOUND (404), WEBHOOK_DISABLED (409).';
grant execute on function private.replay_webhook_deliveries(uuid, timestamptz) to authenticated;
grant execute on function public.replay_webhook_deliveries(uuid, timestamptz) to authenticated;

create function private.send_test_webhook(endpoint_id uuid) returns public.webhook_deliveries
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('endpoint_id', endpoint_id);
  v_replay constant jsonb := private.begin_command('send_test_webhook', v_request);
  v_endpoint public.webhook_endpoints;
  v_test private.outbox;
  v_delivery public.webhook_deliveries;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.webhook_deliveries, v_replay);
  end if;
  v_endpoint := private.lock_webhook_endpoint(send_test_webhook.endpoint_id);
  perform private.require_enabled(v_endpoint);
  if not (select l.allowed from private.take_rate_limit('test webhook ' || v_endpoint.id, 20, 3600) as l) then
    raise sqlstate 'PT429' using message = 'RATE_LIMITED';
  end if;

  insert into private.outbox (event, key, version, payload, fanned_out_at)
  values ('webhook.test', gen_random_uuid(), 1, jsonb_build_object('endpoint_id', v_endpoint.id), now())
  returning * into v_test;
  insert into public.webhook_deliveries as d (endpoint_id, outbox_id, event, key)
  values (v_endpoint.id, v_test.id, v_test.event, v_test.key)
  returning d.* into v_delivery;
  perform private.finish_command('send_test_webhook', v_request, v_endpoint.id, to_jsonb(v_delivery));
  return v_delivery;
end;
$$;
comment on function private.send_test_webhook(uuid) is 'See public.send_test_webhook.';

create function public.send_test_webhook(endpoint_id uuid) returns public.webhook_deliveries
language sql
set search_path = ''
as $$
  select private.send_test_webhook(send_test_webhook.endpoint_id);
$$;
comment on function public.send_test_webhook(uuid) is
  'Sends a message of type webhook.test to the signed-in provider''s endpoint; webhook_attempts tells what came of it. '
  'At most 20 an hour. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), WEBHOOK_NOT_FOUND (404), WEBHOOK_DISABLED '
  '(409), RATE_LIMITED (429).';
grant execute on function private.send_test_webhook(uuid) to authenticated;
grant execute on function public.send_test_webhook(uuid) to authenticated;
