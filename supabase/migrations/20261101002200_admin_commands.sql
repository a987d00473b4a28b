-- For administrators in the SQL editor. Schema admin is not exposed to the API and grants nothing to its roles.

create function admin.cancel_event(event_id uuid, reason text default null) returns public.events
language sql
set search_path = ''
as $$
  select private.cancel_event(cancel_event.event_id, cancel_event.reason);
$$;
comment on function admin.cancel_event(uuid, text) is 'Cancels any event with its bookings, and tells everybody, its provider as well.';

create function admin.cancel_booking(booking_id uuid, reason text default null) returns public.bookings
language sql
set search_path = ''
as $$
  select private.cancel_booking(cancel_booking.booking_id, cancel_booking.reason);
$$;
comment on function admin.cancel_booking(uuid, text) is 'Cancels any booking, frees the seat and tells both people.';

create function admin.delete_account(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.begin_command('delete_account', '{}');
  perform private.delete_account(delete_account.profile_id);
  perform private.finish_command('delete_account', '{}', delete_account.profile_id, '{}');
end;
$$;
comment on function admin.delete_account(uuid) is 'Deletes a person''s account as they could themselves.';

create function admin.find_people(search text) returns table (
  id uuid, name text, email text, phone text, is_provider boolean, email_verified boolean, deleted boolean
)
language sql
stable
set search_path = ''
as $$
  select
    p.id,
    p.name,
    c.email,
    c.phone,
    v.id is not null,
    p.email_verified_at is not null,
    p.deleted_at is not null
  from public.profiles as p
  left join public.contacts as c on c.profile_id = p.id
  left join public.providers as v on v.id = p.id
  where p.id::text = lower(find_people.search)
    or c.email = lower(find_people.search)
    or c.phone = find_people.search
    or p.name ilike '%' || find_people.search || '%'
  order by p.name
  limit 50;
$$;
comment on function admin.find_people(text) is 'People by id, e-mail, phone or part of the name; at most 50.';

create view admin.dead_letters with (security_invoker = true) as
select
  d.id,
  d.destination,
  d.target,
  o.event,
  d.key,
  d.attempts,
  d.last_error,
  d.settled_at,
  o.payload
from private.deliveries as d
join private.outbox as o on o.id = d.outbox_id
where d.status = 'dead';
comment on view admin.dead_letters is 'Deliveries that were given up. Replay them with admin.requeue_deliveries.';

create view admin.deliveries_by_status with (security_invoker = true) as
select
  d.destination,
  d.status,
  count(*) as deliveries,
  min(d.due_at) filter (where d.status = 'pending') as oldest_due_at,
  max(d.settled_at) as last_settled_at
from private.deliveries as d
group by d.destination, d.status;
comment on view admin.deliveries_by_status is 'The state of the outbox at one glance.';

create function admin.requeue_deliveries(
  status text,
  destination text default null,
  since timestamptz default '-infinity'
) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_requeued integer;
begin
  if requeue_deliveries.status not in ('dead', 'skipped') then
    raise exception 'Only dead or skipped deliveries can be queued again';
  end if;
  perform private.begin_command('requeue_deliveries', '{}');
  update private.deliveries as d
  set status = 'pending', settled_at = null, attempts = 0, due_at = now(), last_error = null
  where d.status = requeue_deliveries.status
    and (requeue_deliveries.destination is null or d.destination = requeue_deliveries.destination)
    and d.settled_at >= requeue_deliveries.since;
  get diagnostics v_requeued = row_count;
  perform private.finish_command(
    'requeue_deliveries', '{}', null, '{}',
    jsonb_build_object('status', status, 'destination', destination, 'since', since, 'requeued', v_requeued)
  );
  return v_requeued;
end;
$$;
comment on function admin.requeue_deliveries(text, text, timestamptz) is
  'Queues dead or skipped deliveries again, of one destination or of all, settled since a moment. Receivers see the '
  'older version that each carries. Answers how many.';

create view admin.audit_log with (security_invoker = true) as
select a.id, a.at, a.actor_kind, a.actor_id, a.command, a.subject_id, a.request_id, a.detail
from private.audit_log as a;
comment on view admin.audit_log is 'Who changed what, and when.';
