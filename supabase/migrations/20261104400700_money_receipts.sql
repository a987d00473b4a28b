-- Receipts: what is written on them, and where their files lie.

create type public.receipt as (
  payment_id uuid,
  booking_id uuid,
  receipt_number text,
  paid_at timestamptz,
  seller_timezone text,
  seller_name text,
  buyer_name text,
  title text,
  starts_at timestamptz,
  ends_at timestamptz,
  amount_minor bigint,
  tax_minor bigint,
  refunded_minor bigint,
  currency text,
  refunds jsonb
);
comment on type public.receipt is
  'The receipt of a paid booking; money in minor units of currency, tax_minor within amount_minor, times to be written in '
  'seller_timezone. refunds: [{amount_minor, at}] of what was given back, oldest first.';

create function private.receipt_number(payment public.payments) returns text
language sql
immutable
set search_path = ''
as $$
  select concat_ws(
    '-',
    upper(left(replace(payment.provider_id::text, '-', ''), 8)),
    payment.receipt_year,
    lpad(payment.receipt_serial::text, 6, '0')
  );
$$;
comment on function private.receipt_number(public.payments) is
  'A paid payment''s receipt number: the seller, the year in their zone, and a count without gaps within both.';
grant execute on function private.receipt_number(public.payments) to authenticated, service_role;

create function private.read_receipt(booking_id uuid) returns public.receipt
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_actor_id constant uuid := private.acting_user();
  v_booking public.bookings;
  v_occasion public.events;
  v_payment public.payments;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = read_receipt.booking_id
    and v_actor_id in (b.attendee_id, b.provider_id);
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  select p.*
  into v_payment
  from public.payments as p
  where p.booking_id = v_booking.id
    and p.status = 'succeeded'
  order by p.paid_at
  limit 1;
  if not found then
    raise sqlstate 'PT404' using message = 'RECEIPT_NOT_FOUND';
  end if;
  v_occasion := private.occasion(v_booking);
  return (
    v_payment.id, v_booking.id, private.receipt_number(v_payment), v_payment.paid_at,
    private.person(v_payment.provider_id) ->> 'timezone',
    private.person(v_payment.provider_id) ->> 'name',
    private.person(v_payment.payer_id) ->> 'name',
    v_occasion.title, v_occasion.starts_at, v_occasion.ends_at,
    v_payment.amount_minor, v_payment.tax_minor, v_payment.refunded_minor, v_payment.currency,
    private.refunds_of(v_payment)
  )::public.receipt;
end;
$$;
comment on function private.read_receipt(uuid) is 'See public.read_receipt.';

create function private.refunds_of(payment public.payments) returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(jsonb_build_object('amount_minor', r.amount_minor, 'at', r.created_at) order by r.created_at, r.id),
    '[]'
  )
  from public.refunds as r
  where r.payment_id = payment.id
    and r.status <> 'failed';
$$;
comment on function private.refunds_of(public.payments) is 'What was given back of a payment, or is on its way.';

create function public.read_receipt(booking_id uuid) returns public.receipt
language sql
stable
set search_path = ''
as $$
  select private.read_receipt(read_receipt.booking_id);
$$;
comment on function public.read_receipt(uuid) is
  'The receipt of a booking that was paid, for its attendee or its provider: see type receipt. Raises BOOKING_NOT_FOUND, '
  'RECEIPT_NOT_FOUND (404).';
grant execute on function private.read_receipt(uuid) to authenticated;
grant execute on function public.read_receipt(uuid) to authenticated;

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('receipts', 'receipts', false, 1048576, array['application/pdf']);

create policy receipts_select on storage.objects for select to authenticated
  using (
    bucket_id = 'receipts'
    and exists (
      select
      from public.payments as p
      where p.id::text = split_part(name, '/', 1)
    )
  );
