-- Webhooks of the platform itself, and of anybody: for administrators in the SQL editor.

create function admin.create_webhook_endpoint(url text, events text[], description text default null)
returns public.webhook_secret
language sql
set search_path = ''
as $$
  select private.create_webhook_endpoint(
    create_webhook_endpoint.url, create_webhook_endpoint.events, create_webhook_endpoint.description
  );
$$;
comment on function admin.create_webhook_endpoint(text, text[], text) is
  'Lets an address hear of every provider''s domain events; answers its id and, this once, its signing secret.';

create function admin.update_webhook_endpoint(
  endpoint_id uuid,
  url text default null,
  events text[] default null,
  description text default null,
  enabled boolean default null
) returns public.webhook_endpoints
language sql
set search_path = ''
as $$
  select private.update_webhook_endpoint(
    update_webhook_endpoint.endpoint_id, update_webhook_endpoint.url, update_webhook_endpoint.events,
    update_webhook_endpoint.description, update_webhook_endpoint.enabled
  );
$$;
comment on function admin.update_webhook_endpoint(uuid, text, text[], text, boolean) is
  'Changes what is given of any endpoint, also disables and enables it.';

create function admin.delete_webhook_endpoint(endpoint_id uuid) returns void
language sql
set search_path = ''
as $$
  select private.delete_webhook_endpoint(delete_webhook_endpoint.endpoint_id);
$$;
comment on function admin.delete_webhook_endpoint(uuid) is 'Deletes any endpoint with its secret, deliveries and log.';

create function admin.rotate_webhook_secret(endpoint_id uuid) returns public.webhook_secret
language sql
set search_path = ''
as $$
  select private.rotate_webhook_secret(rotate_webhook_secret.endpoint_id);
$$;
comment on function admin.rotate_webhook_secret(uuid) is
  'Gives any endpoint a new signing secret, shown this once; the old one signs as well for 24 hours.';

create function admin.replay_webhook_delivery(delivery_id uuid) returns public.webhook_deliveries
language sql
set search_path = ''
as $$
  select private.replay_webhook_delivery(replay_webhook_delivery.delivery_id);
$$;
comment on function admin.replay_webhook_delivery(uuid) is 'Sends any delivery again, whatever became of it.';

create function admin.replay_webhook_deliveries(endpoint_id uuid, since timestamptz) returns integer
language sql
set search_path = ''
as $$
  select private.replay_webhook_deliveries(replay_webhook_deliveries.endpoint_id, replay_webhook_deliveries.since);
$$;
comment on function admin.replay_webhook_deliveries(uuid, timestamptz) is
  'Sends what any endpoint has not accepted since a moment, oldest first, 10,000 at most. Answers how many.';

create function admin.send_test_webhook(endpoint_id uuid) returns public.webhook_deliveries
language sql
set search_path = ''
as $$
  select private.send_test_webhook(send_test_webhook.endpoint_id);
$$;
comment on function admin.send_test_webhook(uuid) is 'Sends a message of type webhook.test to any endpoint.';

create function admin.allow_webhook_host(host text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('host', host);
begin
  perform private.begin_command('allow_webhook_host', v_request);
  insert into private.webhook_private_hosts (host)
  values (lower(allow_webhook_host.host))
  on conflict on constraint webhook_private_hosts_pkey do nothing;
  perform private.finish_command('allow_webhook_host', v_request, null, '{}', v_request);
end;
$$;
comment on function admin.allow_webhook_host(text) is
  'Lets webhooks reach a host (name or address, without port) although its address is not public, also over http. Every '
  'provider may then register it: for development, or a receiver that anybody may call.';

create function admin.forbid_webhook_host(host text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('host', host);
begin
  perform private.begin_command('forbid_webhook_host', v_request);
  delete from private.webhook_private_hosts as h where h.host = lower(forbid_webhook_host.host);
  perform private.finish_command('forbid_webhook_host', v_request, null, '{}', v_request);
end;
$$;
comment on function admin.forbid_webhook_host(text) is 'Takes back what admin.allow_webhook_host allowed.';

create view admin.webhook_queues with (security_invoker = true) as
select
  e.id,
  v.display_name as owner,
  e.url,
  e.disabled_at,
  e.disabled_reason,
  e.consecutive_failures,
  e.failing_since,
  (select count(*) from public.webhook_deliveries as d where d.endpoint_id = e.id and d.status = 'pending') as pending,
  (
    select min(d.created_at)
    from public.webhook_deliveries as d
    where d.endpoint_id = e.id
      and d.status = 'pending'
  ) as oldest_pending_at
from public.webhook_endpoints as e
left join public.providers as v on v.id = e.owner_id;
comment on view admin.webhook_queues is 'Every webhook endpoint with what waits for it; no owner: the platform''s own.';
