-- The worker's side of money: what to ask of Stripe, and what time brings about.

alter table private.outbox_routes drop constraint outbox_routes_destination_known;
alter table private.outbox_routes add constraint outbox_routes_destination_known
  check (destination in ('notification', 'email', 'crm', 'stripe'));
insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('payment.cancel_requested', 'stripe', '', false, null),
  ('refund.requested', 'stripe', '', false, null),
  ('transfer.requested', 'stripe', '', false, null),
  ('reversal.requested', 'stripe', '', false, null);

create function private.stripe_order(event text, payload jsonb) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select case stripe_order.event
    when 'payment.cancel_requested' then (
      select jsonb_build_object(
        'is_open', p.status in ('pending', 'failed'),
        'payment_id', p.id,
        'booking_id', p.booking_id,
        'payment_intent_id', p.stripe_payment_intent_id,
        'amount', p.amount_minor,
        'currency', p.currency
      )
      from public.payments as p
      where p.id = (stripe_order.payload ->> 'payment_id')::uuid
    )
    when 'refund.requested' then (
      select jsonb_build_object(
        'is_open', r.status = 'pending' and r.stripe_refund_id is null,
        'refund_id', r.id,
        'payment_intent_id', p.stripe_payment_intent_id,
        'amount', r.amount_minor
      )
      from public.refunds as r
      join public.payments as p on p.id = r.payment_id
      where r.id = (stripe_order.payload ->> 'refund_id')::uuid
    )
    when 'transfer.requested' then (
      select jsonb_build_object(
        'is_open', t.status = 'pending',
        'transfer_id', t.id,
        'booking_id', p.booking_id,
        'account_id', a.stripe_account_id,
        'charge_id', p.stripe_charge_id,
        'amount', t.amount_minor,
        'currency', t.currency
      )
      from public.transfers as t
      join public.payments as p on p.id = t.payment_id
      left join public.provider_accounts as a on a.provider_id = t.provider_id
      where t.id = (stripe_order.payload ->> 'transfer_id')::uuid
    )
    when 'reversal.requested' then (
      select jsonb_build_object(
        'is_open', v.status = 'pending' and t.status <> 'failed',
        'reversal_id', v.id,
        'stripe_transfer_id', t.stripe_transfer_id,
        'amount', v.amount_minor
      )
      from private.transfer_reversals as v
      join public.transfers as t on t.id = v.transfer_id
      where v.id = (stripe_order.payload ->> 'reversal_id')::uuid
    )
  end;
$$;
comment on function private.stripe_order(text, jsonb) is 'See public.stripe_order.';

create function public.stripe_order(event text, payload jsonb) returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.stripe_order(stripe_order.event, stripe_order.payload);
$$;
comment on function public.stripe_order(text, jsonb) is
  'What a delivery to Stripe is to ask now; is_open false when there is nothing to ask any more. Amounts in minor units. '
  'For the service role.';
grant execute on function private.stripe_order(text, jsonb) to service_role;
grant execute on function public.stripe_order(text, jsonb) to service_role;

create function private.sweep_money(fee_percent numeric, payout_delay_hours integer) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_is_check_due boolean;
begin
  perform private.begin_command('sweep_money', '{}');
  update private.money_settings as s
  set fee_percent = sweep_money.fee_percent, payout_delay_hours = sweep_money.payout_delay_hours
  where (s.fee_percent, s.payout_delay_hours)
    is distinct from (sweep_money.fee_percent, sweep_money.payout_delay_hours);
  update private.money_settings as s
  set checked_at = now()
  where s.checked_at < now() - interval '1 day';
  v_is_check_due := found;
  return jsonb_build_object(
    'transfers', private.schedule_transfers(100),
    'differences', case
      when v_is_check_due then (select coalesce(jsonb_agg(d), '[]') from private.check_ledger() as d)
    end
  );
end;
$$;
comment on function private.sweep_money(numeric, integer) is 'See public.sweep_money.';

create function public.sweep_money(fee_percent numeric default 15, payout_delay_hours integer default 24) returns jsonb
language sql
set search_path = ''
as $$
  select private.sweep_money(sweep_money.fee_percent, sweep_money.payout_delay_hours);
$$;
comment on function public.sweep_money(numeric, integer) is
  'Sets fee and delay, orders transfers that are due, and once a day proves the ledger. Answers {transfers, differences}: '
  'null when the ledger was not proved, [] when it is right. For the service role.';
grant execute on function private.sweep_money(numeric, integer) to service_role;
grant execute on function public.sweep_money(numeric, integer) to service_role;
