-- Blanks are no reason, whoever says them.

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
    cancellation_reason = nullif(btrim(end_booking.reason), ''),
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
