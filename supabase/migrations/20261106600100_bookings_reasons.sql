-- Why a booking was moved is kept like why it was cancelled, and both sides can read it.

alter table public.bookings
  add column reschedule_reason text,
  add constraint bookings_reschedule_reason_length check (char_length(reschedule_reason) <= 2000);
comment on column public.bookings.reschedule_reason is
  'What whoever moved one-to-one time last gave as the reason.';
comment on column public.bookings.cancellation_reason is
  'What whoever cancelled it, or its event, gave as the reason.';

drop function private.move_time(public.bookings, private.chosen_time);

create function private.move_time(booking public.bookings, chosen private.chosen_time, reason text)
returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_deadline constant interval := lower(booking.during) - booking.free_cancellation_until;
  v_booking public.bookings;
begin
  update public.bookings as b
  set
    during = tstzrange(chosen.starts_at, chosen.ends_at),
    slot_id = chosen.slot_id,
    free_cancellation_until = case
      when private.canceller(b.provider_id) = 'attendee' then chosen.starts_at - v_deadline
      else chosen.starts_at
    end,
    reschedule_reason = move_time.reason,
    version = b.version + 1
  where b.id = booking.id
  returning b.* into v_booking;
  return v_booking;
exception
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
end;
$$;
comment on function private.move_time(public.bookings, private.chosen_time, text) is
  'Gives a booking another time, and frees the old one. The frozen deadline moves along; when it is not the attendee who '
  'moves it, cancelling is free until the new start. Raises SLOT_NOT_AVAILABLE (409).';

create or replace function private.reschedule_booking(
  booking_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  slot_id uuid,
  reason text
)
returns public.bookings
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

  v_booking := private.move_time(v_before, v_chosen, nullif(btrim(reschedule_booking.reason), ''));
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

create or replace function private.delete_account(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.check_no_money_in_flight(delete_account.profile_id);
  perform private.leave_bookings(delete_account.profile_id);

  update public.profiles as p
  set name = '', locale = 'en', timezone = null, email_verified_at = null, deleted_at = now()
  where p.id = delete_account.profile_id;
  update public.providers as p
  set display_name = '', bio = null, specialization = null, retired_at = coalesce(p.retired_at, now())
  where p.id = delete_account.profile_id;
  update public.bookings as b
  set notes = null, cancellation_reason = null, reschedule_reason = null
  where b.attendee_id = delete_account.profile_id;
  delete from public.contacts as c where c.profile_id = delete_account.profile_id;
  delete from public.notifications as n where n.recipient_id = delete_account.profile_id;
  delete from private.idempotency_keys as k where k.actor_id = delete_account.profile_id;
  delete from auth.users as u where u.id = delete_account.profile_id;
end;
$$;

create or replace view public.time_bookings with (security_invoker = true) as
select
  b.id,
  case when b.expires_at <= now() then 'expired' else b.status end as status,
  case when b.expires_at <= now() then 'none' else b.payment_status end as payment_status,
  b.price_minor,
  b.currency,
  b.slot_id,
  b.offering_id,
  private.offering_title(b.offering_id) as offering_title,
  lower(b.during) as starts_at,
  upper(b.during) as ends_at,
  b.timezone,
  to_char(lower(b.during) at time zone b.timezone, 'YYYY-MM-DD') as local_date,
  to_char(lower(b.during) at time zone b.timezone, 'HH24:MI') as local_time,
  b.notes,
  n.notes as provider_notes,
  b.expires_at,
  b.free_cancellation_until,
  b.late_refund_percent,
  b.cancelled_at,
  b.cancelled_by,
  b.cancellation_reason,
  b.version,
  b.created_at,
  b.updated_at,
  b.attendee_id,
  a.name as attendee_name,
  b.provider_id,
  p.display_name as provider_name,
  p.specialization as provider_specialization,
  private.meeting_of(b) as meeting,
  private.feedback_of(b) as feedback,
  b.reschedule_reason
from public.bookings as b
join public.providers as p on p.id = b.provider_id
left join public.profiles as a on a.id = b.attendee_id
left join public.provider_notes as n on n.booking_id = b.id
where b.during is not null;
