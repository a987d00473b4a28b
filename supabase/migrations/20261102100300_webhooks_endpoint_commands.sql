-- Commands of webhook endpoints: create, update, delete, rotate the secret.

create type public.webhook_secret as (endpoint_id uuid, secret text, previous_until timestamptz);
comment on type public.webhook_secret is
  'A signing secret, which is shown by the command that made it and never again. previous_until: how long the one '
  'before it signs as well.';

create function private.webhook_secret(endpoint_id uuid) returns public.webhook_secret
language sql
stable
set search_path = ''
as $$
  select row(s.endpoint_id, s.secret, s.previous_until)::public.webhook_secret
  from private.webhook_secrets as s
  where s.endpoint_id = webhook_secret.endpoint_id;
$$;
comment on function private.webhook_secret(uuid) is
  'An endpoint''s present secret. Answers are recorded for Idempotency-Key without it and read again from here.';

create function private.create_webhook_endpoint(url text, events text[], description text)
returns public.webhook_secret
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_owner_id constant uuid := private.webhook_owner();
  v_request constant jsonb := jsonb_build_object('url', url, 'events', events, 'description', description);
  v_replay constant jsonb := private.begin_command('create_webhook_endpoint', v_request);
  v_endpoint public.webhook_endpoints;
begin
  if v_replay is not null then
    return private.webhook_secret((v_replay ->> 'endpoint_id')::uuid);
  end if;
  v_endpoint.url := trim(create_webhook_endpoint.url);
  v_endpoint.events := create_webhook_endpoint.events;
  v_endpoint.description := coalesce(trim(create_webhook_endpoint.description), '');
  perform private.check_webhook_endpoint(v_endpoint);
  perform private.lock_provider(v_owner_id);
  if (select count(*) >= 10 from public.webhook_endpoints as e where e.owner_id is not distinct from v_owner_id) then
    raise sqlstate 'PT409' using message = 'TOO_MANY_WEBHOOKS';
  end if;

  insert into public.webhook_endpoints as e (owner_id, url, events, description)
  values (v_owner_id, v_endpoint.url, v_endpoint.events, v_endpoint.description)
  returning e.* into v_endpoint;
  insert into private.webhook_secrets (endpoint_id, secret)
  values (v_endpoint.id, private.new_webhook_secret());
  perform private.finish_command(
    'create_webhook_endpoint', v_request, v_endpoint.id, jsonb_build_object('endpoint_id', v_endpoint.id)
  );
  return private.webhook_secret(v_endpoint.id);
end;
$$;
comment on function private.create_webhook_endpoint(text, text[], text) is 'See public.create_webhook_endpoint.';

create function public.create_webhook_endpoint(url text, events text[], description text default null)
returns public.webhook_secret
language sql
set search_path = ''
as $$
  select private.create_webhook_endpoint(
    create_webhook_endpoint.url, create_webhook_endpoint.events, create_webhook_endpoint.description
  );
$$;
comment on function public.create_webhook_endpoint(text, text[], text) is
  'Lets an https address hear of the signed-in provider''s domain events; answers its id and, this once, its signing '
  'secret. At most 10 per provider. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), INVALID_INPUT (400), '
  'TOO_MANY_WEBHOOKS (409).';
grant execute on function private.create_webhook_endpoint(text, text[], text) to authenticated;
grant execute on function public.create_webhook_endpoint(text, text[], text) to authenticated;

create function private.update_webhook_endpoint(
  endpoint_id uuid,
  url text,
  events text[],
  description text,
  enabled boolean
) returns public.webhook_endpoints
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'endpoint_id', endpoint_id, 'url', url, 'events', events, 'description', description, 'enabled', enabled
  ));
  v_replay constant jsonb := private.begin_command('update_webhook_endpoint', v_request);
  v_before public.webhook_endpoints;
  v_endpoint public.webhook_endpoints;
  v_enabled boolean;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.webhook_endpoints, v_replay);
  end if;
  v_before := private.lock_webhook_endpoint(update_webhook_endpoint.endpoint_id);
  v_enabled := coalesce(update_webhook_endpoint.enabled, v_before.disabled_at is null);
  v_endpoint := v_before;
  v_endpoint.url := coalesce(trim(update_webhook_endpoint.url), v_before.url);
  v_endpoint.events := coalesce(update_webhook_endpoint.events, v_before.events);
  v_endpoint.description := coalesce(trim(update_webhook_endpoint.description), v_before.description);
  perform private.check_webhook_endpoint(v_endpoint);

  update public.webhook_endpoints as e
  set
    url = v_endpoint.url,
    events = v_endpoint.events,
    description = v_endpoint.description,
    disabled_at = case when not v_enabled then coalesce(e.disabled_at, now()) end,
    disabled_reason = case when not v_enabled then coalesce(e.disabled_reason, 'by_owner') end,
    consecutive_failures = case when v_enabled and e.disabled_at is not null then 0 else e.consecutive_failures end,
    failing_since = case when v_enabled and e.disabled_at is not null then null else e.failing_since end
  where e.id = v_endpoint.id
  returning e.* into v_endpoint;
  if not v_enabled then
    perform private.skip_webhooks(v_endpoint.id);
  end if;
  perform private.finish_command('update_webhook_endpoint', v_request, v_endpoint.id, to_jsonb(v_endpoint));
  return v_endpoint;
end;
$$;
comment on function private.update_webhook_endpoint(uuid, text, text[], text, boolean) is
  'See public.update_webhook_endpoint.';

create function public.update_webhook_endpoint(
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
comment on function public.update_webhook_endpoint(uuid, text, text[], text, boolean) is
  'Changes what is given of the signed-in provider''s endpoint; null leaves it. A disabled one gets nothing, and what '
  'happens meanwhile can be replayed. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), WEBHOOK_NOT_FOUND (404), '
  'INVALID_INPUT (400).';
grant execute on function private.update_webhook_endpoint(uuid, text, text[], text, boolean) to authenticated;
grant execute on function public.update_webhook_endpoint(uuid, text, text[], text, boolean) to authenticated;

create function private.delete_webhook_endpoint(endpoint_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('endpoint_id', endpoint_id);
  v_replay constant jsonb := private.begin_command('delete_webhook_endpoint', v_request);
  v_endpoint public.webhook_endpoints;
begin
  if v_replay is not null then
    return;
  end if;
  v_endpoint := private.lock_webhook_endpoint(delete_webhook_endpoint.endpoint_id);
  delete from public.webhook_endpoints as e where e.id = v_endpoint.id;
  perform private.finish_command('delete_webhook_endpoint', v_request, v_endpoint.id, '{}');
end;
$$;
comment on function private.delete_webhook_endpoint(uuid) is 'See public.delete_webhook_endpoint.';

create function public.delete_webhook_endpoint(endpoint_id uuid) returns void
language sql
set search_path = ''
as $$
  select private.delete_webhook_endpoint(delete_webhook_endpoint.endpoint_id);
$$;
comment on function public.delete_webhook_endpoint(uuid) is
  'Deletes the signed-in provider''s endpoint with its secret, deliveries and log. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403), WEBHOOK_NOT_FOUND (404).';
grant execute on function private.delete_webhook_endpoint(uuid) to authenticated;
grant execute on function public.delete_webhook_endpoint(uuid) to authenticated;

create function private.rotate_webhook_secret(endpoint_id uuid) returns public.webhook_secret
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('endpoint_id', endpoint_id);
  v_replay constant jsonb := private.begin_command('rotate_webhook_secret', v_request);
  v_endpoint public.webhook_endpoints;
begin
  v_endpoint := private.lock_webhook_endpoint(rotate_webhook_secret.endpoint_id);
  if v_replay is not null then
    return private.webhook_secret(v_endpoint.id);
  end if;
  update private.webhook_secrets as s
  set
    previous_secret = s.secret,
    previous_until = now() + interval '24 hours',
    secret = private.new_webhook_secret()
  where s.endpoint_id = v_endpoint.id;
  perform private.finish_command(
    'rotate_webhook_secret', v_request, v_endpoint.id, jsonb_build_object('endpoint_id', v_endpoint.id)
  );
  return private.webhook_secret(v_endpoint.id);
end;
$$;
comment on function private.rotate_webhook_secret(uuid) is 'See public.rotate_webhook_secret.';

create function public.rotate_webhook_secret(endpoint_id uuid) returns public.webhook_secret
language sql
set search_path = ''
as $$
  select private.rotate_webhook_secret(rotate_webhook_secret.endpoint_id);
$$;
comment on function public.rotate_webhook_secret(uuid) is
  'Gives the signed-in provider''s endpoint a new signing secret, shown this once. The old one signs as well for 24 '
  'hours, so that no message is refused while the receiver changes. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER '
  '(403), WEBHOOK_NOT_FOUND (404).';
grant execute on function private.rotate_webhook_secret(uuid) to authenticated;
grant execute on function public.rotate_webhook_secret(uuid) to authenticated;

create function private.end_webhooks() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.webhook_endpoints as e where e.owner_id = new.id;
  return null;
end;
$$;
comment on function private.end_webhooks() is 'After a provider retired: nothing of theirs is sent anywhere any more.';
create trigger end_webhooks after update of retired_at on public.providers
  for each row when (new.retired_at is not null) execute function private.end_webhooks();
