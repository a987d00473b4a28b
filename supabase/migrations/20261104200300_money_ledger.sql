-- The ledger: double entry, append only. And what stands beside it: reversals, disputes, receipts, Stripe's events.

create table private.transfer_reversals (
  id uuid not null default gen_random_uuid(),
  transfer_id uuid not null,
  refund_id uuid not null,
  amount_minor bigint not null,
  status text not null default 'pending',
  failure_code text,
  stripe_reversal_id text,
  created_at timestamptz not null default now(),
  constraint transfer_reversals_pkey primary key (id),
  constraint transfer_reversals_transfer_id_fkey foreign key (transfer_id) references public.transfers (id),
  constraint transfer_reversals_refund_id_fkey foreign key (refund_id) references public.refunds (id),
  constraint transfer_reversals_once_per_refund unique (refund_id),
  constraint transfer_reversals_stripe_reversal_once unique (stripe_reversal_id),
  constraint transfer_reversals_amount_positive check (amount_minor > 0),
  constraint transfer_reversals_status_known check (status in ('pending', 'succeeded', 'failed'))
);
create index transfer_reversals_transfer_id_idx on private.transfer_reversals (transfer_id);
comment on table private.transfer_reversals is 'What a provider gives back of a transfer, for a refund that came after it.';
alter table private.transfer_reversals enable row level security;
create policy transfer_reversals_none on private.transfer_reversals for all to public using (false);

create table private.disputes (
  id uuid not null default gen_random_uuid(),
  payment_id uuid not null,
  stripe_dispute_id text not null,
  amount_minor bigint not null,
  status text not null,
  reason text,
  outcome text not null default 'open',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint disputes_pkey primary key (id),
  constraint disputes_payment_id_fkey foreign key (payment_id) references public.payments (id),
  constraint disputes_stripe_dispute_once unique (stripe_dispute_id),
  constraint disputes_outcome_known check (outcome in ('open', 'won', 'lost'))
);
create index disputes_payment_id_idx on private.disputes (payment_id);
comment on table private.disputes is 'A payer''s bank takes a payment back. While one is open its payment is not transferred.';
comment on column private.disputes.status is 'In Stripe''s words.';
create trigger touch before update on private.disputes for each row execute function private.touch();
alter table private.disputes enable row level security;
create policy disputes_none on private.disputes for all to public using (false);

create table private.ledger_entries (
  id bigint generated always as identity,
  at timestamptz not null default now(),
  entry text not null,
  source_id uuid not null,
  account text not null,
  amount_minor bigint not null,
  currency text not null,
  payment_id uuid not null,
  provider_id uuid not null,
  constraint ledger_entries_pkey primary key (id),
  constraint ledger_entries_payment_id_fkey foreign key (payment_id) references public.payments (id),
  constraint ledger_entries_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint ledger_entries_once unique (entry, source_id, account),
  constraint ledger_entries_entry_known check (entry in (
    'payment', 'stripe_fee', 'refund', 'refund_failed', 'transfer', 'reversal', 'dispute', 'dispute_won', 'dispute_lost'
  )),
  constraint ledger_entries_account_known check (
    account in ('stripe_balance', 'provider_payable', 'platform_fees', 'tax', 'stripe_fees', 'disputed')
  ),
  constraint ledger_entries_not_zero check (amount_minor <> 0)
);
create index ledger_entries_payment_id_idx on private.ledger_entries (payment_id);
create index ledger_entries_provider_id_idx on private.ledger_entries (provider_id, account);
comment on table private.ledger_entries is
  'Every movement of money in double entry: one entry and source sum to zero per currency. Debits are positive, so '
  'stripe_balance is what we have at Stripe and -provider_payable what we owe providers.';
comment on column private.ledger_entries.source_id is 'The payment, refund, transfer, reversal or dispute that it books.';
alter table private.ledger_entries enable row level security;
create policy ledger_entries_none on private.ledger_entries for all to public using (false);

create function private.check_balanced() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (
    select
    from new_rows as n
    group by n.entry, n.source_id, n.currency
    having sum(n.amount_minor) <> 0
  ) then
    raise exception 'Ledger entries that do not balance';
  end if;
  return null;
end;
$$;
comment on function private.check_balanced() is 'After entries of a statement: each entry and source sums to zero per currency.';
create trigger check_balanced after insert on private.ledger_entries
  referencing new table as new_rows for each statement execute function private.check_balanced();

create function private.refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception '% is append only', tg_table_name;
end;
$$;
comment on function private.refuse_change() is 'Before update or delete of what is append only.';
create trigger refuse_change before update or delete on private.ledger_entries
  for each statement execute function private.refuse_change();

create function private.post(entry text, source_id uuid, payment public.payments, amounts jsonb) returns void
language sql
set search_path = ''
as $$
  insert into private.ledger_entries (entry, source_id, account, amount_minor, currency, payment_id, provider_id)
  select post.entry, post.source_id, a.key, a.value::bigint, payment.currency, payment.id, payment.provider_id
  from jsonb_each_text(post.amounts) as a
  where a.value::bigint <> 0;
$$;
comment on function private.post(text, uuid, public.payments, jsonb) is
  'Books one movement: amounts by account, debits positive. A second time the same breaks ledger_entries_once.';

create table private.receipt_counters (
  provider_id uuid not null,
  year integer not null,
  last_serial integer not null,
  constraint receipt_counters_pkey primary key (provider_id, year),
  constraint receipt_counters_provider_id_fkey foreign key (provider_id) references public.providers (id)
);
comment on table private.receipt_counters is
  'The last receipt of a provider and year. Taken in the transaction that marks a payment paid, so none is lost.';
alter table private.receipt_counters enable row level security;
create policy receipt_counters_none on private.receipt_counters for all to public using (false);

create table private.stripe_events (
  id text not null,
  type text not null,
  object_id text,
  outcome text not null,
  received_at timestamptz not null default now(),
  constraint stripe_events_pkey primary key (id)
);
comment on table private.stripe_events is 'Stripe''s events that were taken, each once, and what came of it. Kept for good: a replay may come late.';
alter table private.stripe_events enable row level security;
create policy stripe_events_none on private.stripe_events for all to public using (false);

create table private.money_settings (
  only_row boolean not null default true,
  fee_percent numeric(5, 2) not null default 15,
  payout_delay_hours integer not null default 24,
  checked_at timestamptz not null default '-infinity',
  constraint money_settings_pkey primary key (only_row),
  constraint money_settings_only_row check (only_row),
  constraint money_settings_fee_range check (fee_percent between 0 and 100),
  constraint money_settings_delay_range check (payout_delay_hours between 0 and 8760)
);
comment on table private.money_settings is
  'The platform''s fee and the delay of payouts, in one row. The worker brings it into line with PLATFORM_FEE_PERCENT '
  'and PAYOUT_DELAY_HOURS; a payment keeps the fee that it was prepared with.';
comment on column private.money_settings.checked_at is 'When the ledger was last proved.';
alter table private.money_settings enable row level security;
create policy money_settings_none on private.money_settings for all to public using (false);
insert into private.money_settings (only_row) values (true);
