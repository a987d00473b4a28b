-- Who never heard of a hold does not hear of its end: a route may skip several causes.

alter table private.outbox_routes add column skip_causes text[] not null default '{}';
update private.outbox_routes as r
set skip_causes = array[r.skip_cause]
where r.skip_cause is not null;
alter table private.outbox_routes drop column skip_cause;
comment on column private.outbox_routes.skip_causes is 'Do not tell when payload.cause is one of these.';
update private.outbox_routes as r
set skip_causes = r.skip_causes || '{held}'
where r.event in ('booking.cancelled', 'booking.rescheduled')
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

create or replace function private.reschedule_booking(
  booking_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  reason text
) returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'booking_id', booking_id, 'starts_at', starts_at, 'ends_at', ends_at, 'slot_id', slot_id, 'reason', reason
  ));
  v_replay constant jsonb := private.begin_command('reschedule_booking', v_request);
  v_before public.bookings;
  v_chosen private.chosen_time;
  v_booking public.bookings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.bookings, v_replay);
  end if;
  perform private.check_length('reason', reschedule_booking.reason, 2000);
  v_before := private.lock_booking(reschedule_booking.booking_id);
  perform private.require_movable(v_before);
  v_chosen := private.choose_time(
    v_before.provider_id, reschedule_booking.starts_at, reschedule_booking.ends_at, reschedule_booking.slot_id
  );
  if v_chosen.ends_at - v_chosen.starts_at <> upper(v_before.during) - lower(v_before.during) then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "slot_id", "reason": "must be as long as the booked time"}';
  end if;
  perform private.expire_time_holds(v_before.provider_id);
  perform private.require_open_time(v_chosen, v_before.id);

  v_booking := private.move_time(v_before, v_chosen);
  perform private.tell(
    'booking.rescheduled',
    v_booking,
    case when v_before.expires_at is not null then 'held' end,
    extra => jsonb_strip_nulls(jsonb_build_object(
      'previous_starts_at', lower(v_before.during), 'previous_ends_at', upper(v_before.during)
    ))
  );
  perform private.finish_command('reschedule_booking', v_request, v_booking.id, to_jsonb(v_booking), v_request);
  return v_booking;
end;
$$;
