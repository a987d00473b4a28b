-- A provider's share goes to their account after the session and a delay, and comes back when a refund follows.

create function private.reverse_transfer(refund public.refunds) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_transfer public.transfers;
  v_amount_minor bigint;
  v_reversal_id uuid;
  v_booking public.bookings;
begin
  select t.*
  into v_transfer
  from public.transfers as t
  where t.payment_id = refund.payment_id
    and t.status <> 'failed'
  order by t.amount_minor - t.reversed_minor desc
  limit 1
  for no key update;
  if not found then
    return;
  end if;
  v_amount_minor := least(refund.payout_minor, v_transfer.amount_minor - v_transfer.reversed_minor);
  if v_amount_minor = 0 then
    return;
  end if;
  update public.transfers as t
  set reversed_minor = t.reversed_minor + v_amount_minor
  where t.id = v_transfer.id;
  insert into private.transfer_reversals as v (transfer_id, refund_id, amount_minor)
  values (v_transfer.id, refund.id, v_amount_minor)
  returning v.id into v_reversal_id;
  select b.*
  into v_booking
  from public.bookings as b
  join public.payments as p on p.booking_id = b.id
  where p.id = refund.payment_id;
  perform private.tell(
    'reversal.requested', v_booking, extra => jsonb_build_object('reversal_id', v_reversal_id)
  );
end;
$$;
comment on function private.reverse_transfer(public.refunds) is
  'Orders back the provider''s part of a refund from a transfer that was made or is under way; none was: nothing to do.';

create function private.is_due_for_transfer(payment public.payments) returns boolean
language sql
stable
set search_path = ''
as $$
  select payment.status = 'succeeded'
    and private.owed_to_provider(payment) > 0
    and not exists (
      select
      from public.refunds as r
      where r.payment_id = payment.id
        and r.status <> 'succeeded'
        and (r.status = 'pending' or not exists (
          select
          from public.refunds as later
          where later.payment_id = payment.id
            and later.status = 'succeeded'
            and later.created_at > r.created_at
        ))
    )
    and not exists (
      select
      from public.transfers as t
      where t.payment_id = payment.id
        and (t.status = 'pending' or (t.status = 'failed' and t.settled_at > now() - interval '1 day'))
    )
    and not exists (select from private.disputes as d where d.payment_id = payment.id and d.outcome = 'open')
    and exists (
      select
      from public.provider_accounts as a
      where a.provider_id = payment.provider_id
        and a.payouts_enabled
    );
$$;
comment on function private.is_due_for_transfer(public.payments) is
  'Whether a provider''s share can be transferred as far as money goes: owed, undisputed, no refund under way or '
  'failed without another after it, no transfer under way or failed within a day, and an account that takes it.';

create function private.schedule_transfers(max_transfers integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_payment_id uuid;
  v_scheduled integer := 0;
begin
  for v_payment_id in
    select p.id
    from public.payments as p
    join public.provider_accounts as a on a.provider_id = p.provider_id and a.payouts_enabled
    join public.bookings as b on b.id = p.booking_id
    left join public.events as e on e.id = b.event_id
    cross join private.money_settings as s
    where p.status = 'succeeded'
      and b.status in ('completed', 'no_show', 'cancelled')
      and coalesce(upper(b.during), e.ends_at)
        <= now() - make_interval(hours => 1 + s.payout_delay_hours)
      and private.is_due_for_transfer(p)
    order by p.paid_at
    limit schedule_transfers.max_transfers
  loop
    v_scheduled := v_scheduled + private.schedule_transfer(v_payment_id)::integer;
  end loop;
  return v_scheduled;
end;
$$;
comment on function private.schedule_transfers(integer) is
  'Orders transfers of what is owed for bookings that are over, completed an hour after the end, after the delay of '
  'payouts; also what a late cancellation left to the provider. Answers how many.';

create function private.schedule_transfer(payment_id uuid) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_booking public.bookings;
  v_transfer_id uuid;
begin
  select p.*
  into v_payment
  from public.payments as p
  where p.id = schedule_transfer.payment_id
  for no key update skip locked;
  if not found or not private.is_due_for_transfer(v_payment) then
    return false;
  end if;
  insert into public.transfers as t (payment_id, provider_id, amount_minor, currency)
  values (v_payment.id, v_payment.provider_id, private.owed_to_provider(v_payment), v_payment.currency)
  returning t.id into v_transfer_id;
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = v_payment.booking_id;
  perform private.tell(
    'transfer.requested', v_booking, extra => jsonb_build_object('transfer_id', v_transfer_id)
  );
  return true;
end;
$$;
comment on function private.schedule_transfer(uuid) is
  'Orders one transfer if it is still due under the payment''s lock; skips a payment that somebody holds.';

create function private.record_transfer(transfer jsonb) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_transfer public.transfers;
  v_payment public.payments;
begin
  perform private.begin_command('record_transfer', '{}');
  select p.*
  into v_payment
  from public.transfers as t
  join public.payments as p on p.id = t.payment_id
  where t.id = (transfer ->> 'transfer_id')::uuid
  for no key update of p;
  update public.transfers as t
  set
    status = transfer ->> 'status',
    stripe_transfer_id = transfer ->> 'id',
    failure_code = left(transfer ->> 'failure_code', 100),
    settled_at = now()
  where t.id = (transfer ->> 'transfer_id')::uuid
    and t.status = 'pending'
  returning t.* into v_transfer;
  if v_transfer.status = 'succeeded' then
    perform private.post('transfer', v_transfer.id, v_payment, jsonb_build_object(
      'provider_payable', v_transfer.amount_minor,
      'stripe_balance', -v_transfer.amount_minor
    ));
  elsif v_transfer.status = 'failed' then
    update private.transfer_reversals as r
    set status = 'failed', failure_code = 'transfer_failed'
    where r.transfer_id = v_transfer.id
      and r.status = 'pending';
  end if;
  perform private.finish_command('record_transfer', '{}', v_payment.booking_id, '{}', transfer);
  return transfer ->> 'status';
end;
$$;
comment on function private.record_transfer(jsonb) is 'See public.record_transfer.';

create function public.record_transfer(transfer jsonb) returns text
language sql
set search_path = ''
as $$
  select private.record_transfer(record_transfer.transfer);
$$;
comment on function public.record_transfer(jsonb) is
  'Writes what became of an ordered transfer: {transfer_id, id, status: succeeded | failed, failure_code}. A second time '
  'changes nothing. For the service role.';
grant execute on function private.record_transfer(jsonb) to service_role;
grant execute on function public.record_transfer(jsonb) to service_role;

create function private.record_reversal(reversal jsonb) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_reversal private.transfer_reversals;
  v_payment public.payments;
begin
  perform private.begin_command('record_reversal', '{}');
  select p.*
  into v_payment
  from private.transfer_reversals as v
  join public.transfers as t on t.id = v.transfer_id
  join public.payments as p on p.id = t.payment_id
  where v.id = (reversal ->> 'reversal_id')::uuid
  for no key update of p;
  update private.transfer_reversals as v
  set
    status = reversal ->> 'status',
    stripe_reversal_id = reversal ->> 'id',
    failure_code = left(reversal ->> 'failure_code', 100)
  where v.id = (reversal ->> 'reversal_id')::uuid
    and v.status = 'pending'
  returning v.* into v_reversal;
  if v_reversal.status = 'succeeded' then
    perform private.post('reversal', v_reversal.id, v_payment, jsonb_build_object(
      'stripe_balance', v_reversal.amount_minor,
      'provider_payable', -v_reversal.amount_minor
    ));
  elsif v_reversal.status = 'failed' then
    update public.transfers as t
    set reversed_minor = t.reversed_minor - v_reversal.amount_minor
    where t.id = v_reversal.transfer_id;
  end if;
  perform private.finish_command('record_reversal', '{}', v_payment.booking_id, '{}', reversal);
  return reversal ->> 'status';
end;
$$;
comment on function private.record_reversal(jsonb) is 'See public.record_reversal.';

create function public.record_reversal(reversal jsonb) returns text
language sql
set search_path = ''
as $$
  select private.record_reversal(record_reversal.reversal);
$$;
comment on function public.record_reversal(jsonb) is
  'Writes what became of an ordered reversal: {reversal_id, id, status: succeeded | failed, failure_code}. A second time '
  'changes nothing. For the service role.';
grant execute on function private.record_reversal(jsonb) to service_role;
grant execute on function public.record_reversal(jsonb) to service_role;
