-- People's rights over their data reach one-to-one bookings and money.

alter function public.export_my_data() rename to export_without_money;
alter function public.export_without_money() set schema private;
comment on function private.export_without_money() is
  'What public.export_my_data answers, but for one-to-one bookings and money.';

create function public.export_my_data() returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_without_money() || jsonb_build_object(
    'time_bookings', (
      select coalesce(jsonb_agg(b order by b.created_at), '[]')
      from public.time_bookings as b
      where b.attendee_id = (select auth.uid())
    ),
    'provider_notes', (
      select coalesce(jsonb_agg(n order by n.created_at), '[]')
      from public.provider_notes as n
      where n.provider_id = (select auth.uid())
    ),
    'payments', (
      select coalesce(jsonb_agg(p order by p.created_at), '[]')
      from public.payments as p
      where p.payer_id = (select auth.uid())
    ),
    'refunds', (
      select coalesce(jsonb_agg(r order by r.created_at), '[]')
      from public.refunds as r
      join public.payments as p on p.id = r.payment_id
      where p.payer_id = (select auth.uid())
    ),
    'transfers', (
      select coalesce(jsonb_agg(t order by t.created_at), '[]')
      from public.transfers as t
      where t.provider_id = (select auth.uid())
    )
  );
$$;
comment on function public.export_my_data() is
  'Everything that is kept about the signed-in person, as one document. Raises SIGN_IN_REQUIRED (401).';
grant execute on function public.export_my_data() to authenticated;

create or replace function private.check_no_money_in_flight(profile_id uuid) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if exists (
    select
    from public.bookings as b
    where check_no_money_in_flight.profile_id in (b.attendee_id, b.provider_id)
      and b.status in ('held', 'pending_payment', 'confirmed')
      and b.payment_status in ('paid', 'partly_refunded')
  ) or exists (
    select
    from public.payments as p
    where check_no_money_in_flight.profile_id in (p.payer_id, p.provider_id)
      and (
        (p.status in ('pending', 'failed') and p.stripe_payment_intent_id is not null)
        or exists (select from public.refunds as r where r.payment_id = p.id and r.status = 'pending')
        or (p.provider_id = check_no_money_in_flight.profile_id and private.owed_to_provider(p) > 0)
      )
  ) then
    raise sqlstate 'PT409' using message = 'MONEY_IN_FLIGHT';
  end if;
end;
$$;
comment on function private.check_no_money_in_flight(uuid) is
  'Raises MONEY_IN_FLIGHT (409) while a paid booking of this person is still to take place, a payment or refund is under '
  'way, or a payout is owed to them.';

create function private.owed_to_provider(payment public.payments) returns bigint
language sql
stable
set search_path = ''
as $$
  select coalesce(-sum(l.amount_minor), 0)::bigint
  from private.ledger_entries as l
  where l.payment_id = payment.id
    and l.account = 'provider_payable';
$$;
comment on function private.owed_to_provider(public.payments) is 'What the ledger owes the provider for a payment, in minor units.';

create function private.leave_times(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  perform p.id
  from public.providers as p
  where p.id = leave_times.profile_id
    or p.id in (
      select b.provider_id
      from public.bookings as b
      where b.attendee_id = leave_times.profile_id
        and b.during is not null
        and b.status in ('held', 'pending_payment', 'confirmed')
    )
  order by p.id
  for no key update;
  for v_booking in
    select b.*
    from public.bookings as b
    where leave_times.profile_id in (b.attendee_id, b.provider_id)
      and b.during is not null
      and lower(b.during) > now()
      and b.status in ('held', 'pending_payment', 'confirmed')
    order by b.provider_id, b.id
  loop
    perform private.cancel_booking(v_booking.id, null);
  end loop;
end;
$$;
comment on function private.leave_times(uuid) is
  'Cancels the one-to-one bookings ahead of a person who leaves, on either side. Locks every provider concerned first.';

create or replace function private.leave_bookings(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid;
begin
  perform private.leave_times(leave_bookings.profile_id);
  for v_id in
    select e.id
    from public.events as e
    where e.provider_id = leave_bookings.profile_id
      and e.status = 'published'
      and e.starts_at > now()
    order by e.id
  loop
    perform private.cancel_event(v_id, null);
  end loop;
  for v_id in
    select b.id
    from public.bookings as b
    join public.events as e on e.id = b.event_id
    where b.attendee_id = leave_bookings.profile_id
      and b.status in ('held', 'pending_payment', 'confirmed')
      and e.starts_at > now()
    order by b.event_id
  loop
    perform private.cancel_booking(v_id, null);
  end loop;
end;
$$;

create function private.forget_provider_notes() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.provider_notes as n
  using public.bookings as b
  where b.id = n.booking_id
    and new.id in (b.provider_id, b.attendee_id);
  return null;
end;
$$;
comment on function private.forget_provider_notes() is 'After an account was deleted: deletes what was noted by them or on their bookings.';
create trigger forget_provider_notes after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function private.forget_provider_notes();
