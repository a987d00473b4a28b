-- Webhooks out: who hears of which domain events at which address, every delivery and every attempt.

create function private.webhook_events() returns text[]
language sql
immutable
set search_path = ''
as $$
  select array[
    'booking.created', 'booking.cancelled', 'booking.rescheduled', 'booking.completed', 'event.updated',
    'event.cancelled', 'payment.succeeded', 'payment.refunded'
  ];
$$;
comment on function private.webhook_events() is
  'The domain events that webhooks may subscribe to. Immutable for constraints: the list only grows.';

create table public.webhook_endpoints (
  id uuid not null default gen_random_uuid(),
  owner_id uuid,
  url text not null,
  events text[] not null,
  description text not null default '',
  disabled_at timestamptz,
  disabled_reason text,
  consecutive_failures integer not null default 0,
  failing_since timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint webhook_endpoints_pkey primary key (id),
  constraint webhook_endpoints_owner_id_fkey foreign key (owner_id) references public.providers (id),
  constraint webhook_endpoints_url_length check (char_length(url) <= 2000),
  constraint webhook_endpoints_events_known check (events <@ private.webhook_events() and cardinality(events) >= 1),
  constraint webhook_endpoints_description_length check (char_length(description) <= 200),
  constraint webhook_endpoints_disabled_for_a_reason check (
    (disabled_at is not null) = (disabled_reason is not null)
    and disabled_reason in ('by_owner', 'failing', 'gone')
  ),
  constraint webhook_endpoints_failing_since check ((consecutive_failures > 0) = (failing_since is not null))
);
create index webhook_endpoints_owner_id_idx on public.webhook_endpoints (owner_id, created_at);
comment on table public.webhook_endpoints is
  'Addresses to which domain events are posted, signed. A provider''s hears of what is theirs; one without an owner '
  'is the administrators'' and hears of everything.';
comment on column public.webhook_endpoints.owner_id is 'The provider; null: the whole platform, made by an administrator.';
comment on column public.webhook_endpoints.events is 'Which domain events it hears of: see docs/webhooks.md.';
comment on column public.webhook_endpoints.disabled_reason is
  'by_owner; failing: a delivery ran out of tries and none was accepted for two days; gone: it answered 410.';
comment on column public.webhook_endpoints.consecutive_failures is 'Failed attempts since the last accepted one.';
comment on column public.webhook_endpoints.failing_since is 'The first of them.';

create trigger touch before update on public.webhook_endpoints for each row execute function private.touch();

alter table public.webhook_endpoints enable row level security;
grant select on public.webhook_endpoints to authenticated, service_role;
create policy webhook_endpoints_select on public.webhook_endpoints for select to authenticated
  using (owner_id = (select auth.uid()));

create function private.my_webhook_endpoints() returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select e.id
  from public.webhook_endpoints as e
  where e.owner_id = (select auth.uid());
$$;
comment on function private.my_webhook_endpoints() is 'The endpoints of the signed-in provider, for policies.';
grant execute on function private.my_webhook_endpoints() to authenticated;

create table private.webhook_secrets (
  endpoint_id uuid not null,
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  constraint webhook_secrets_pkey primary key (endpoint_id),
  constraint webhook_secrets_endpoint_id_fkey
    foreign key (endpoint_id) references public.webhook_endpoints (id) on delete cascade,
  constraint webhook_secrets_form check (secret ~ '^whsec_[A-Za-z0-9+/]{43}=$'),
  constraint webhook_secrets_previous check ((previous_secret is null) = (previous_until is null))
);
comment on table private.webhook_secrets is 'What signs an endpoint''s messages: whsec_ and 32 random bytes in base64.';
comment on column private.webhook_secrets.previous_until is 'The secret before the last rotation also signs until then.';
alter table private.webhook_secrets enable row level security;
create policy webhook_secrets_none on private.webhook_secrets for all to public using (false);

create table private.webhook_private_hosts (
  host text not null,
  constraint webhook_private_hosts_pkey primary key (host),
  constraint webhook_private_hosts_form check (host ~ '^([a-z0-9._-]+|\[[0-9a-f:.]+\])$')
);
comment on table private.webhook_private_hosts is
  'Hosts that webhooks may reach although their addresses are not public, also over http: for development, tests and '
  'receivers in the same network. Empty on a new project.';
alter table private.webhook_private_hosts enable row level security;
create policy webhook_private_hosts_none on private.webhook_private_hosts for all to public using (false);

create table public.webhook_deliveries (
  id uuid not null default gen_random_uuid(),
  endpoint_id uuid not null,
  outbox_id bigint not null,
  event text not null,
  key uuid not null,
  status text not null default 'pending',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  leased_until timestamptz,
  lease_token uuid,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint webhook_deliveries_pkey primary key (id),
  constraint webhook_deliveries_endpoint_id_fkey
    foreign key (endpoint_id) references public.webhook_endpoints (id) on delete cascade,
  constraint webhook_deliveries_outbox_id_fkey
    foreign key (outbox_id) references private.outbox (id) on delete cascade,
  constraint webhook_deliveries_once unique (outbox_id, endpoint_id),
  constraint webhook_deliveries_status_known check (status in ('pending', 'delivered', 'skipped', 'dead')),
  constraint webhook_deliveries_settled check ((status = 'pending') = (settled_at is null))
);
create index webhook_deliveries_endpoint_id_idx on public.webhook_deliveries (endpoint_id, created_at desc, id);
create index webhook_deliveries_due_idx on public.webhook_deliveries (endpoint_id, due_at) where status = 'pending';
create index webhook_deliveries_order_idx on public.webhook_deliveries (endpoint_id, key, outbox_id)
  where status = 'pending';
comment on table public.webhook_deliveries is
  'One row per domain event and endpoint, delivered at least once and in order per key. Kept for 30 days.';
comment on column public.webhook_deliveries.id is 'The webhook-id of the message, equal over retries and replays.';
comment on column public.webhook_deliveries.key is 'The booking or event that it is about; deliveries of one key keep order.';
comment on column public.webhook_deliveries.status is
  'pending until settled; skipped when the endpoint was disabled; dead after ten attempts. Replay with '
  'replay_webhook_delivery.';
comment on column public.webhook_deliveries.due_at is 'When a pending one is tried next.';
comment on column public.webhook_deliveries.lease_token is 'Names one lease; an acknowledgement with an older one is ignored.';

create trigger touch before update on public.webhook_deliveries for each row execute function private.touch();

alter table public.webhook_deliveries enable row level security;
grant select on public.webhook_deliveries to authenticated, service_role;
create policy webhook_deliveries_select on public.webhook_deliveries for select to authenticated
  using (endpoint_id in (select private.my_webhook_endpoints()));

create table public.webhook_attempts (
  id bigint generated always as identity,
  delivery_id uuid not null,
  endpoint_id uuid not null,
  at timestamptz not null default now(),
  duration_ms integer not null,
  http_status integer,
  error text,
  constraint webhook_attempts_pkey primary key (id),
  constraint webhook_attempts_delivery_id_fkey
    foreign key (delivery_id) references public.webhook_deliveries (id) on delete cascade,
  constraint webhook_attempts_endpoint_id_fkey
    foreign key (endpoint_id) references public.webhook_endpoints (id) on delete cascade
);
create index webhook_attempts_delivery_id_idx on public.webhook_attempts (delivery_id, id);
create index webhook_attempts_endpoint_id_idx on public.webhook_attempts (endpoint_id, id desc);
create index webhook_attempts_at_idx on public.webhook_attempts (at);
comment on table public.webhook_attempts is
  'Every attempt of a delivery: when, how long, what came of it; nothing of the answer''s body. Kept for 30 days.';
comment on column public.webhook_attempts.at is 'When it ended.';
comment on column public.webhook_attempts.http_status is 'The answer''s status; null when none came.';
comment on column public.webhook_attempts.error is 'Why it failed; null when it was accepted.';

alter table public.webhook_attempts enable row level security;
grant select on public.webhook_attempts to authenticated, service_role;
create policy webhook_attempts_select on public.webhook_attempts for select to authenticated
  using (endpoint_id in (select private.my_webhook_endpoints()));
