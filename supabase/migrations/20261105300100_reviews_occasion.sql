-- What was booked has one title, whoever reads it and whatever became of the offering since.

create or replace function private.tell_review(event text, review public.reviews, version integer) returns void
language sql
set search_path = ''
as $$
  insert into private.outbox (event, key, version, payload)
  select
    tell_review.event,
    review.id,
    tell_review.version,
    jsonb_strip_nulls(jsonb_build_object(
      'review_id', review.id,
      'booking_id', review.booking_id,
      'attendee_id', review.attendee_id,
      'provider_id', review.provider_id,
      'actor_id', (private.actor()).id,
      'rating', review.rating,
      'event_id', b.event_id,
      'title', o.title,
      'starts_at', o.starts_at,
      'timezone', o.timezone
    ))
  from public.bookings as b
  cross join lateral private.occasion(b) as o
  where b.id = review.booking_id;
$$;

create function private.offering_title(offering_id uuid) returns text
language sql
stable
security definer
set search_path = ''
as $$
  select o.title
  from public.offerings as o
  where o.id = offering_title.offering_id;
$$;
comment on function private.offering_title(uuid) is
  'What an offering is called, also once it is withdrawn and no longer listed: for those who booked it.';
grant execute on function private.offering_title(uuid) to authenticated, service_role;

create or replace view public.time_bookings with (security_invoker = true) as
select
  b.id,
  case when b.expires_at <= now() then 'expired' else b.status end as status,
  b.payment_status,
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
  private.feedback_of(b) as feedback
from public.bookings as b
join public.providers as p on p.id = b.provider_id
left join public.profiles as a on a.id = b.attendee_id
left join public.provider_notes as n on n.booking_id = b.id
where b.during is not null;

-- A receipt has one number, in lists as on its face.
create or replace view public.payment_details with (security_invoker = true) as
select
  p.id,
  p.booking_id,
  p.payer_id,
  p.provider_id,
  v.display_name as provider_name,
  p.amount_minor,
  p.currency,
  p.fee_minor,
  p.payout_minor,
  p.tax_minor,
  p.refunded_minor,
  case when p.refunded_minor = p.amount_minor then 'refunded' else p.status end as status,
  p.failure_code,
  p.stripe_payment_intent_id,
  p.paid_at,
  case when p.receipt_serial is not null then private.receipt_number(p) end as receipt_number,
  p.created_at
from public.payments as p
join public.providers as v on v.id = p.provider_id;
comment on view public.payment_details is
  'Payments of the caller, as payer or as provider. status is refunded once all of it goes back. receipt_number is the '
  'receipt''s, null until it is paid.';
