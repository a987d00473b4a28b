-- Who never heard of a hold does not hear of its end: a route may skip several causes.

alter table private.outbox_routes add column skip_causes text[] not null default '{}';
update private.outbox_routes as r
set skip_causes = array[r.skip_cause]
where r.skip_cause is not null;
alter table private.outbox_routes drop column skip_cause;
comment on column private.outbox_routes.skip_causes is 'Do not tell when payload.cause is one of these.';
update private.outbox_routes as r
set skip_causes = r.skip_causes || '{held}'
where r.event = 'booking.cancelled'
  and (r.target = 'provider' or r.destination = 'crm');

create or replace function private.outbox_targets(event text, payload jsonb)
returns table (destination text, target text, recipient_id uuid)
language sql
stable
set search_path = ''
as $$
  select r.destination, r.target, (outbox_targets.payload ->> (nullif(r.target, '') || '_id'))::uuid
  from private.outbox_routes as r
  where r.event = outbox_targets.event
    and coalesce(outbox_targets.payload ->> 'cause', '') <> all (r.skip_causes)
    and (r.destination <> 'meeting' or outbox_targets.payload ->> 'kind' = 'one_to_one')
    and not (
      r.skip_actor
      and outbox_targets.payload ->> (r.target || '_id') is not distinct from outbox_targets.payload ->> 'actor_id'
    );
$$;

create or replace function private.end_booking(booking public.bookings, reason text, request_refund boolean)
returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  update public.bookings as b
  set
    status = 'cancelled',
    cancelled_at = now(),
    cancelled_by = private.canceller(b.provider_id),
    cancellation_reason = end_booking.reason,
    expires_at = null,
    payment_status = case when b.payment_status = 'due' then 'none' else b.payment_status end,
    version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  perform private.tell('booking.cancelled', v_booking, case when booking.expires_at is not null then 'held' end);
  if private.is_refund_wanted(booking) then
    perform private.return_payment(v_booking, request_refund);
  end if;
  return v_booking;
end;
$$;
comment on function private.end_booking(public.bookings, text, boolean) is
  'Cancels a booking whose lock is held: frees its seat or time, tells everybody who heard of it, returns what the policy '
  'returns. Of a hold the provider and the CRM never heard.';
