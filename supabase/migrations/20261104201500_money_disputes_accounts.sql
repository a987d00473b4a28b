-- Disputes, providers' accounts, and what the worker is to ask of Stripe.

create function private.record_dispute(dispute jsonb, event jsonb) returns public.stripe_outcome
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_payment public.payments;
  v_booking public.bookings;
  v_dispute private.disputes;
  v_outcome constant text := case
    when dispute ->> 'status' = 'lost' then 'lost'
    when dispute ->> 'status' in ('won', 'warning_closed', 'prevented') then 'won'
    else 'open'
  end;
begin
  perform private.begin_command('record_dispute', '{}');
  select p.*
  into v_payment
  from public.payments as p
  where p.stripe_payment_intent_id = dispute ->> 'payment_intent_id';
  if not found then
    perform private.note_stripe_event(event, 'unknown');
    return ('unknown', null, null)::public.stripe_outcome;
  end if;
  v_booking := private.lock_booking(v_payment.booking_id);
  select p.*
  into v_payment
  from public.payments as p
  where p.id = v_payment.id
  for no key update;
  insert into private.disputes as d (payment_id, stripe_dispute_id, amount_minor, status, reason)
  values (
    v_payment.id, dispute ->> 'id', (dispute ->> 'amount')::bigint, dispute ->> 'status',
    left(dispute ->> 'reason', 100)
  )
  on conflict on constraint disputes_stripe_dispute_once do update
  set status = excluded.status
  where d.outcome = 'open'
  returning d.* into v_dispute;
  if found then
    perform private.settle_dispute(v_dispute, v_payment, v_outcome);
  end if;
  perform private.note_stripe_event(event, v_outcome);
  perform private.finish_command('record_dispute', '{}', v_booking.id, '{}', dispute);
  return (v_outcome, v_payment.id, v_booking.status)::public.stripe_outcome;
end;
$$;
comment on function private.record_dispute(jsonb, jsonb) is 'See public.record_dispute.';

create function private.settle_dispute(dispute private.disputes, payment public.payments, outcome text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_refund public.refunds;
  v_left bigint;
begin
  if dispute.status not like 'warning\_%' and not exists (
    select from private.ledger_entries as l where l.entry = 'dispute' and l.source_id = dispute.id
  ) then
    perform private.post('dispute', dispute.id, payment, jsonb_build_object(
      'disputed', dispute.amount_minor, 'stripe_balance', -dispute.amount_minor
    ));
  end if;
  if settle_dispute.outcome = 'open' then
    return;
  end if;
  update private.disputes as d
  set outcome = settle_dispute.outcome
  where d.id = dispute.id;
  if not exists (select from private.ledger_entries as l where l.entry = 'dispute' and l.source_id = dispute.id) then
    return;
  end if;
  payment := private.release_refunds(payment, settle_dispute.outcome);
  v_left := least(dispute.amount_minor, payment.amount_minor - payment.refunded_minor);
  if settle_dispute.outcome = 'won' then
    perform private.post('dispute_won', dispute.id, payment, jsonb_build_object(
      'stripe_balance', dispute.amount_minor, 'disputed', -dispute.amount_minor
    ));
    return;
  end if;
  if v_left > 0 then
    insert into public.refunds as r (payment_id, amount_minor, fee_minor, payout_minor, cause, status, settled_at)
    select payment.id, v_left, f.minor, v_left - f.minor, 'dispute', 'succeeded', now()
    from private.refund_fee(payment, v_left) as f (minor)
    returning r.* into v_refund;
    update public.payments as p
    set refunded_minor = p.refunded_minor + v_left
    where p.id = payment.id;
  end if;
  perform private.post('dispute_lost', dispute.id, payment, jsonb_build_object(
    'provider_payable', coalesce(v_refund.payout_minor, 0),
    'platform_fees', dispute.amount_minor - coalesce(v_refund.payout_minor, 0),
    'disputed', -dispute.amount_minor
  ));
  if v_left > 0 then
    perform private.reverse_transfer(v_refund);
    perform private.follow_refunds(payment.id, v_refund.id, 'succeeded');
  end if;
end;
$$;
comment on function private.settle_dispute(private.disputes, public.payments, text) is
  'Books what a dispute took, gives it back when it is won, and treats it as a refund when it is lost: the provider''s part '
  'is the provider''s loss, the rest (also what was refunded besides) the platform''s.';

create function private.release_refunds(payment public.payments, outcome text) returns public.payments
language plpgsql
set search_path = ''
as $$
declare
  v_refund public.refunds;
  v_booking public.bookings;
  v_payment public.payments;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = payment.booking_id;
  for v_refund in
    select r.*
    from public.refunds as r
    where r.payment_id = payment.id
      and r.status = 'pending'
      and r.stripe_refund_id is null
    order by r.created_at
  loop
    if release_refunds.outcome = 'lost' then
      perform private.settle_refund(v_refund, payment, '{"status": "failed", "failure_code": "charge_disputed"}');
    else
      perform private.tell(
        'refund.requested', v_booking, v_refund.cause,
        jsonb_build_object('refund_id', v_refund.id, 'refund_minor', v_refund.amount_minor)
      );
    end if;
  end loop;
  select p.*
  into v_payment
  from public.payments as p
  where p.id = payment.id;
  return v_payment;
end;
$$;
comment on function private.release_refunds(public.payments, text) is
  'Refunds that Stripe refused while a dispute was open: ordered again when it is won, given up when it is lost, for then the '
  'payer has the money. Answers the payment after that.';

create function public.record_dispute(dispute jsonb, event jsonb default '{}') returns public.stripe_outcome
language sql
set search_path = ''
as $$
  select private.record_dispute(record_dispute.dispute, record_dispute.event);
$$;
comment on function public.record_dispute(jsonb, jsonb) is
  'Writes what a dispute has come to: {id, status, amount, reason, payment_intent_id}, read from Stripe just now. While it '
  'is open the payment is not transferred. For the service role.';
grant execute on function private.record_dispute(jsonb, jsonb) to service_role;
grant execute on function public.record_dispute(jsonb, jsonb) to service_role;

create function private.record_account(account jsonb, event jsonb) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_is_ours boolean;
begin
  perform private.begin_command('record_account', '{}');
  insert into public.provider_accounts as a (
    provider_id, stripe_account_id, charges_enabled, payouts_enabled, details_submitted
  )
  select
    p.id,
    account ->> 'id',
    (account ->> 'charges_enabled')::boolean,
    (account ->> 'payouts_enabled')::boolean,
    (account ->> 'details_submitted')::boolean
  from public.providers as p
  where p.id = coalesce(
    (select k.provider_id from public.provider_accounts as k where k.stripe_account_id = account ->> 'id'),
    private.uuid_of(account -> 'metadata' ->> 'provider_id')
  )
  on conflict on constraint provider_accounts_pkey do update
  set
    charges_enabled = excluded.charges_enabled,
    payouts_enabled = excluded.payouts_enabled,
    details_submitted = excluded.details_submitted
  where a.stripe_account_id = excluded.stripe_account_id;
  v_is_ours := found;
  perform private.note_stripe_event(event, case when v_is_ours then 'recorded' else 'unknown' end);
  return v_is_ours;
end;
$$;
comment on function private.record_account(jsonb, jsonb) is 'See public.record_account.';

create function public.record_account(account jsonb, event jsonb default '{}') returns boolean
language sql
set search_path = ''
as $$
  select private.record_account(record_account.account, record_account.event);
$$;
comment on function public.record_account(jsonb, jsonb) is
  'Writes what a provider''s account at Stripe may do: {id, charges_enabled, payouts_enabled, details_submitted, metadata}. '
  'False for an account that is not of a provider, or not the one they have. For the service role.';
grant execute on function private.record_account(jsonb, jsonb) to service_role;
grant execute on function public.record_account(jsonb, jsonb) to service_role;

create function private.note_event(event jsonb, outcome text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  return private.note_stripe_event(event, note_event.outcome);
end;
$$;
comment on function private.note_event(jsonb, text) is 'See public.note_stripe_event.';

create function public.note_stripe_event(event jsonb, outcome text) returns boolean
language sql
set search_path = ''
as $$
  select private.note_event(note_stripe_event.event, note_stripe_event.outcome);
$$;
comment on function public.note_stripe_event(jsonb, text) is
  'Notes an event that changes nothing here; false when it was noted before. For the service role.';
grant execute on function private.note_event(jsonb, text) to service_role;
grant execute on function public.note_stripe_event(jsonb, text) to service_role;

create function private.is_stripe_event_taken(id text) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select from private.stripe_events as e where e.id = is_stripe_event_taken.id);
$$;
comment on function private.is_stripe_event_taken(text) is 'See public.is_stripe_event_taken.';

create function public.is_stripe_event_taken(id text) returns boolean
language sql
stable
set search_path = ''
as $$
  select private.is_stripe_event_taken(is_stripe_event_taken.id);
$$;
comment on function public.is_stripe_event_taken(text) is
  'Whether an event was taken already, so that nothing need be asked of Stripe. For the service role.';
grant execute on function private.is_stripe_event_taken(text) to service_role;
grant execute on function public.is_stripe_event_taken(text) to service_role;

create function public.my_provider() returns uuid
language sql
stable
set search_path = ''
as $$
  select private.acting_provider();
$$;
comment on function public.my_provider() is
  'The signed-in provider''s id. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403).';
grant execute on function public.my_provider() to authenticated;
