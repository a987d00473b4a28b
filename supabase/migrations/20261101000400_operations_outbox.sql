-- Domain events and their deliveries. Written by commands in their own transaction, delivered by the worker.

create table private.outbox (
  id bigint generated always as identity,
  event text not null,
  key uuid not null,
  version integer not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  fanned_out_at timestamptz,
  constraint outbox_pkey primary key (id),
  constraint outbox_event_form check (event ~ '^[a-z_]+\.[a-z_]+$')
);
create index outbox_not_fanned_out_idx on private.outbox (id) where fanned_out_at is null;
create index outbox_created_at_idx on private.outbox (created_at);
comment on table private.outbox is 'One row per domain event. Ids of one key rise in the order of its changes: they are '
  'taken under the lock of the key''s root.';
comment on column private.outbox.event is 'What happened, as webhooks name it: booking.created, event.cancelled, ...';
comment on column private.outbox.key is 'The booking (or event) that it happened to; deliveries of one key keep order.';
comment on column private.outbox.version is 'Version of that row after the change; receivers ignore older ones.';
comment on column private.outbox.payload is 'What receivers need, without contact data, which is read at delivery.';
alter table private.outbox enable row level security;
create policy outbox_none on private.outbox for all to public using (false);

create table private.outbox_routes (
  event text not null,
  destination text not null,
  target text not null default '',
  skip_actor boolean not null default false,
  skip_cause text,
  constraint outbox_routes_pkey primary key (event, destination, target),
  constraint outbox_routes_destination_known check (destination in ('notification', 'email', 'crm')),
  constraint outbox_routes_target_known check (target in ('', 'attendee', 'provider'))
);
comment on table private.outbox_routes is 'Which destinations hear of which domain event.';
comment on column private.outbox_routes.target is 'Whose notification or e-mail it is; empty for a system.';
comment on column private.outbox_routes.skip_actor is 'Do not tell the person who did it.';
comment on column private.outbox_routes.skip_cause is 'Do not tell when payload.cause is this one.';
alter table private.outbox_routes enable row level security;
create policy outbox_routes_none on private.outbox_routes for all to public using (false);

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('booking.created', 'notification', 'provider', true, null),
  ('booking.created', 'email', 'attendee', false, null),
  ('booking.created', 'email', 'provider', false, null),
  ('booking.created', 'crm', '', false, null),
  ('booking.cancelled', 'notification', 'attendee', true, null),
  ('booking.cancelled', 'notification', 'provider', true, 'event_cancelled'),
  ('booking.cancelled', 'email', 'attendee', false, null),
  ('booking.cancelled', 'email', 'provider', true, 'event_cancelled'),
  ('booking.cancelled', 'crm', '', false, null),
  ('booking.rescheduled', 'notification', 'attendee', true, null),
  ('booking.rescheduled', 'email', 'attendee', false, null),
  ('booking.rescheduled', 'crm', '', false, null),
  ('booking.expired', 'notification', 'attendee', true, null),
  ('booking.completed', 'crm', '', false, null),
  ('booking.no_show', 'crm', '', false, null),
  ('event.cancelled', 'notification', 'provider', true, null),
  ('event.cancelled', 'email', 'provider', true, null);

create table private.deliveries (
  id bigint generated always as identity,
  outbox_id bigint not null,
  destination text not null,
  target text not null default '',
  recipient_id uuid,
  key uuid not null,
  status text not null default 'pending',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  leased_until timestamptz,
  lease_token uuid,
  last_error text,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint deliveries_pkey primary key (id),
  constraint deliveries_outbox_id_fkey foreign key (outbox_id) references private.outbox (id) on delete cascade,
  constraint deliveries_once unique (outbox_id, destination, target),
  constraint deliveries_status_known check (status in ('pending', 'delivered', 'skipped', 'dead')),
  constraint deliveries_settled check ((status = 'pending') = (settled_at is null))
);
create index deliveries_due_idx on private.deliveries (due_at) where status = 'pending';
create index deliveries_order_idx on private.deliveries (key, destination, target, outbox_id) where status = 'pending';
create index deliveries_status_idx on private.deliveries (status, settled_at) where status <> 'pending';
comment on table private.deliveries is 'One row per domain event and destination, delivered at least once and in order per key.';
comment on column private.deliveries.recipient_id is 'The profile that it goes to; null for a system.';
comment on column private.deliveries.status is
  'pending until settled; skipped when the destination is not configured or nobody is there to receive; dead after '
  'ten attempts.';
comment on column private.deliveries.lease_token is 'Names one lease; an acknowledgement with an older one is ignored.';
comment on column private.deliveries.last_error is 'Why the last attempt failed, without contact data.';
alter table private.deliveries enable row level security;
create policy deliveries_none on private.deliveries for all to public using (false);
