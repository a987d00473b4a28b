-- Notifications: what a person should know, in the app and live. Written with the domain event itself.

create table public.notifications (
  id uuid not null default gen_random_uuid(),
  recipient_id uuid not null,
  outbox_id bigint not null,
  kind text not null,
  subject_id uuid not null,
  data jsonb not null default '{}',
  read_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notifications_pkey primary key (id),
  constraint notifications_recipient_id_fkey foreign key (recipient_id) references public.profiles (id) on delete cascade,
  constraint notifications_once unique (recipient_id, outbox_id)
);
create index notifications_recipient_id_idx on public.notifications (recipient_id, created_at desc, id);
comment on table public.notifications is 'What a person should know. Their topic user:<id> hears of each new row.';
comment on column public.notifications.outbox_id is 'The domain event it tells of; the pair with recipient makes it single.';
comment on column public.notifications.kind is 'The domain event''s name, such as booking.created.';
comment on column public.notifications.subject_id is 'The booking or event that it is about.';
comment on column public.notifications.data is 'Enough to show it: title, starts_at, timezone.';

create trigger touch before update on public.notifications for each row execute function private.touch();

alter table public.notifications enable row level security;
grant select, delete on public.notifications to authenticated, service_role;
grant update (read_at) on public.notifications to authenticated;
create policy notifications_select on public.notifications for select to authenticated
  using (recipient_id = (select auth.uid()));
create policy notifications_update on public.notifications for update to authenticated
  using (recipient_id = (select auth.uid()))
  with check (recipient_id = (select auth.uid()));
create policy notifications_delete on public.notifications for delete to authenticated
  using (recipient_id = (select auth.uid()));

create function private.outbox_targets(event text, payload jsonb)
returns table (destination text, target text, recipient_id uuid)
language sql
stable
set search_path = ''
as $$
  select r.destination, r.target, (outbox_targets.payload ->> (nullif(r.target, '') || '_id'))::uuid
  from private.outbox_routes as r
  where r.event = outbox_targets.event
    and r.skip_cause is distinct from coalesce(outbox_targets.payload ->> 'cause', '')
    and not (
      r.skip_actor
      and outbox_targets.payload ->> (r.target || '_id') is not distinct from outbox_targets.payload ->> 'actor_id'
    );
$$;
comment on function private.outbox_targets(text, jsonb) is 'Where a domain event goes, and which profile receives it.';

create function private.notify_people() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.notifications (recipient_id, outbox_id, kind, subject_id, data)
  select
    t.recipient_id,
    n.id,
    n.event,
    n.key,
    jsonb_build_object(
      'title', n.payload -> 'title',
      'starts_at', n.payload -> 'starts_at',
      'timezone', n.payload -> 'timezone'
    )
  from new_rows as n
  cross join private.outbox_targets(n.event, n.payload) as t
  where t.destination = 'notification'
    and t.recipient_id is not null;
  return null;
end;
$$;
comment on function private.notify_people() is
  'After a domain event: writes its notifications at once, so that they are live in the same moment and exactly once.';
create trigger notify_people after insert on private.outbox
  referencing new table as new_rows for each statement execute function private.notify_people();
