-- An offering without a duration has one price: what it buys is a slot, not as many hours as a caller names.

create function private.is_sold_so_long(booking public.bookings) returns boolean
language sql
stable
set search_path = ''
as $$
  select booking.offering_id is null
    or exists (
      select
      from public.offerings as o
      where o.id = booking.offering_id
        and o.duration_minutes is not null
    )
    or exists (
      select
      from public.availability_schedules as s
      join public.availability_windows as w on w.schedule_id = s.id
      where s.provider_id = booking.provider_id
        and s.is_active
        and w.is_enabled
        and upper(booking.during) - lower(booking.during) = make_interval(mins => w.slot_minutes)
    )
    or exists (
      select
      from public.slots as s
      where s.provider_id = booking.provider_id
        and s.starts_at = lower(booking.during)
        and s.ends_at = upper(booking.during)
        and s.status = 'open'
    );
$$;
comment on function private.is_sold_so_long(public.bookings) is
  'Whether a time is as long as it is sold: at an hourly rate any is, an offering has its duration (see '
  'private.price_of_time), and one without has the length of the schedule''s slots, or is a slot that is stored.';

create or replace function private.time_booking(provider public.providers, chosen private.chosen_time, offering_id uuid)
returns public.bookings
language plpgsql
stable
set search_path = ''
as $$
declare
  v_price constant private.price :=
    private.price_of_time(provider.id, chosen.starts_at, chosen.ends_at, time_booking.offering_id);
  v_booking public.bookings;
begin
  if v_price.problem is not null then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', 'offering_id', 'reason', v_price.problem)::text;
  end if;
  v_booking.provider_id := provider.id;
  v_booking.during := tstzrange(chosen.starts_at, chosen.ends_at);
  v_booking.slot_id := chosen.slot_id;
  v_booking.offering_id := time_booking.offering_id;
  v_booking.price_minor := v_price.amount_minor;
  v_booking.currency := v_price.currency;
  v_booking.late_refund_percent := provider.late_refund_percent;
  select
    s.timezone,
    s.buffer_before_minutes,
    s.buffer_after_minutes,
    chosen.starts_at
      - make_interval(mins => coalesce(s.cancellation_deadline_minutes, provider.cancellation_deadline_minutes))
  into
    v_booking.timezone,
    v_booking.buffer_before_minutes,
    v_booking.buffer_after_minutes,
    v_booking.free_cancellation_until
  from public.availability_schedules as s
  where s.provider_id = provider.id
    and s.is_active;
  if not found then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
  end if;
  if not private.is_sold_so_long(v_booking) then
    perform private.refuse_problems('[{"field": "offering_id", "reason": "takes as long as a slot of the schedule"}]');
  end if;
  return v_booking;
end;
$$;
comment on function private.time_booking(public.providers, private.chosen_time, uuid) is
  'A booking of this time as it would be made now: price, and the schedule''s zone, buffers and deadline, all frozen. '
  'Raises SLOT_NOT_AVAILABLE (409) without an active schedule, OFFERING_NOT_FOUND (404), INVALID_INPUT (400) for a length '
  'that the offering has not.';
