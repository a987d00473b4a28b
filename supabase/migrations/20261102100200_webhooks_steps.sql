-- Steps that the webhook commands share.

create function private.webhook_host(url text) returns text
language sql
immutable
set search_path = ''
as $$
  select lower((regexp_match(
    webhook_host.url,
    '^https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,3}|:[1-5][0-9]{4}|:6[0-4][0-9]{3}|:65[0-4][0-9]{2}|:655[0-2][0-9]|:6553[0-5])?([/?][!"$-\[\]-~]*)?$',
    'i'
  ))[1]);
$$;
comment on function private.webhook_host(text) is
  'The host of a plain http or https address; null for anything that two parsers could read differently: user names, '
  'backslashes, fragments, spaces, anything outside ASCII.';

create function private.check_webhook_endpoint(endpoint public.webhook_endpoints) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_host constant text := private.webhook_host(endpoint.url);
  v_field text;
  v_reason text;
begin
  select c.field, c.reason
  into v_field, v_reason
  from (values
    ('url', char_length(endpoint.url) <= 2000, 'must have at most 2000 characters'),
    ('url', v_host is not null, 'must be a plain https address'),
    (
      'url',
      exists (select from private.webhook_private_hosts as h where h.host = v_host) or (
        endpoint.url ~* '^https:'
        and v_host ~ '^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$'
        and v_host !~ '\.(localhost|local|internal)$'
      ),
      'must be https with a public host name'
    ),
    ('events', cardinality(endpoint.events) >= 1, 'must name at least one event'),
    ('events', endpoint.events <@ private.webhook_events(), 'must be of ' || array_to_string(private.webhook_events(), ', ')),
    ('description', char_length(endpoint.description) <= 200, 'must have at most 200 characters')
  ) as c (field, holds, reason)
  where c.holds is not true
  limit 1;
  if found then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', v_field, 'reason', v_reason)::text;
  end if;
end;
$$;
comment on function private.check_webhook_endpoint(public.webhook_endpoints) is
  'Raises INVALID_INPUT (400) with field and reason. Addresses in place of names are refused altogether; what a name '
  'resolves to is checked whenever something is sent there.';

create function private.webhook_owner() returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  if (private.actor()).kind = 'administrator' then
    return null;
  end if;
  return private.acting_provider();
end;
$$;
comment on function private.webhook_owner() is
  'For whom the caller makes endpoints: the signed-in provider, or null, the platform, for an administrator. Raises '
  'SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403).';

create function private.lock_webhook_endpoint(endpoint_id uuid) returns public.webhook_endpoints
language plpgsql
set search_path = ''
as $$
declare
  v_owner_id constant uuid := private.webhook_owner();
  v_endpoint public.webhook_endpoints;
begin
  select e.*
  into v_endpoint
  from public.webhook_endpoints as e
  where e.id = lock_webhook_endpoint.endpoint_id
    and (v_owner_id is null or e.owner_id = v_owner_id)
  for no key update;
  if not found then
    raise sqlstate 'PT404' using message = 'WEBHOOK_NOT_FOUND';
  end if;
  return v_endpoint;
end;
$$;
comment on function private.lock_webhook_endpoint(uuid) is
  'Locks an endpoint, the root of its deliveries, for its owner or an administrator. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403), WEBHOOK_NOT_FOUND (404) for everybody else''s as well.';

create function private.require_enabled(endpoint public.webhook_endpoints) returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if endpoint.disabled_at is not null then
    raise sqlstate 'PT409' using
      message = 'WEBHOOK_DISABLED',
      detail = json_build_object('reason', endpoint.disabled_reason)::text;
  end if;
end;
$$;
comment on function private.require_enabled(public.webhook_endpoints) is 'Raises WEBHOOK_DISABLED (409).';

create function private.new_webhook_secret() returns text
language sql
volatile
set search_path = ''
as $$
  select 'whsec_' || encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'base64');
$$;
comment on function private.new_webhook_secret() is
  'A signing secret of 32 bytes, from two random UUIDs (244 random bits): the database''s own strong source of '
  'randomness, without an extension.';

create function private.skip_webhooks(endpoint_id uuid) returns void
language sql
set search_path = ''
as $$
  update public.webhook_deliveries as d
  set status = 'skipped', settled_at = now(), leased_until = null, lease_token = null
  where d.endpoint_id = skip_webhooks.endpoint_id
    and d.status = 'pending';
$$;
comment on function private.skip_webhooks(uuid) is
  'Puts what is pending for a disabled endpoint aside, until it is replayed. The caller holds the endpoint''s lock.';
