-- Money that comes and goes: payments, refunds, transfers, disputes, and providers' accounts. Integer minor units.

create table public.payments (
  id uuid not null default gen_random_uuid(),
  booking_id uuid not null,
  payer_id uuid not null,
  provider_id uuid not null,
  amount_minor bigint not null,
  currency text not null,
  fee_minor bigint not null,
  payout_minor bigint not null,
  tax_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  status text not null default 'pending',
  failure_code text,
  stripe_payment_intent_id text,
  stripe_charge_id text,
  stripe_fee_minor bigint not null default 0,
  cancel_requested_at timestamptz,
  paid_at timestamptz,
  receipt_year integer,
  receipt_serial integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_pkey primary key (id),
  constraint payments_booking_id_fkey foreign key (booking_id) references public.bookings (id),
  constraint payments_payer_id_fkey foreign key (payer_id) references public.profiles (id),
  constraint payments_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint payments_intent_once unique (stripe_payment_intent_id),
  constraint payments_receipt_once unique (provider_id, receipt_year, receipt_serial),
  constraint payments_fee_plus_payout_plus_tax_is_amount check (amount_minor = fee_minor + payout_minor + tax_minor),
  constraint payments_amounts_range check (
    amount_minor > 0
    and fee_minor >= 0
    and payout_minor >= 0
    and tax_minor >= 0
    and stripe_fee_minor >= 0
  ),
  constraint payments_refunded_within_amount check (refunded_minor between 0 and amount_minor),
  constraint payments_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint payments_status_known check (status in ('pending', 'failed', 'succeeded', 'cancelled')),
  constraint payments_receipt_when_paid check (
    (status = 'succeeded') = (paid_at is not null)
    and num_nulls(paid_at, receipt_year, receipt_serial) in (0, 3)
  ),
  constraint payments_refunded_when_paid check (refunded_minor = 0 or status = 'succeeded')
);
create unique index payments_one_per_booking on public.payments (booking_id) where status <> 'cancelled';
create index payments_booking_id_idx on public.payments (booking_id);
create index payments_payer_id_idx on public.payments (payer_id, created_at desc, id);
create index payments_provider_id_idx on public.payments (provider_id, paid_at);
comment on table public.payments is
  'What a person pays for a booking. Written by what Stripe says alone: private.record_payment_intent.';
comment on column public.payments.fee_minor is 'The platform''s share; rounded half up once, when the payment is prepared.';
comment on column public.payments.payout_minor is 'The provider''s share.';
comment on column public.payments.refunded_minor is 'Sum of its refunds that have not failed, also of those under way.';
comment on column public.payments.status is
  'pending until Stripe says more; failed: the last try was declined, another may succeed; cancelled: never paid.';
comment on column public.payments.stripe_fee_minor is 'What Stripe kept of it for its service.';
comment on column public.payments.cancel_requested_at is 'When Stripe was to be told that it is wanted no more.';
comment on column public.payments.receipt_year is 'Year of payment in the provider''s zone; with receipt_serial the receipt''s number.';
comment on column public.payments.receipt_serial is 'Counts from 1 per provider and year, without gaps.';
create trigger touch before update on public.payments for each row execute function private.touch();
create trigger require_command before update of status on public.payments
  for each row when (old.status is distinct from new.status) execute function private.require_command();
alter table public.payments enable row level security;
grant select on public.payments to authenticated, service_role;
create policy payments_select on public.payments for select to authenticated
  using (payer_id = (select auth.uid()) or provider_id = (select auth.uid()));

create table public.refunds (
  id uuid not null default gen_random_uuid(),
  payment_id uuid not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  payout_minor bigint not null,
  cause text not null,
  reason text,
  requested_by uuid,
  status text not null default 'pending',
  failure_code text,
  stripe_refund_id text,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint refunds_pkey primary key (id),
  constraint refunds_payment_id_fkey foreign key (payment_id) references public.payments (id),
  constraint refunds_requested_by_fkey foreign key (requested_by) references public.profiles (id),
  constraint refunds_stripe_refund_once unique (stripe_refund_id),
  constraint refunds_fee_plus_payout_is_amount check (amount_minor = fee_minor + payout_minor),
  constraint refunds_amount_positive check (amount_minor > 0),
  constraint refunds_cause_known check (
    cause in ('cancellation', 'request', 'provider', 'late_payment', 'dispute', 'external')
  ),
  constraint refunds_reason_length check (char_length(reason) <= 2000),
  constraint refunds_status_known check (status in ('pending', 'succeeded', 'failed')),
  constraint refunds_settled check ((status = 'pending') = (settled_at is null))
);
create index refunds_payment_id_idx on public.refunds (payment_id);
create index refunds_requested_by_idx on public.refunds (requested_by);
comment on table public.refunds is 'Money on its way back to who paid, or there.';
comment on column public.refunds.fee_minor is 'The part that the platform gives back of its share; all refunds of a payment together: rounded once.';
comment on column public.refunds.payout_minor is 'The part that the provider gives back.';
comment on column public.refunds.cause is
  'Why: cancellation of the booking, request by the payer, the provider, a payment after its hold was gone, a lost '
  'dispute, or a refund made at Stripe itself (external).';
create trigger touch before update on public.refunds for each row execute function private.touch();
create trigger require_command before update of status on public.refunds
  for each row when (old.status is distinct from new.status) execute function private.require_command();
alter table public.refunds enable row level security;
grant select on public.refunds to authenticated, service_role;
create policy refunds_select on public.refunds for select to authenticated
  using (payment_id in (select p.id from public.payments as p));

create table public.transfers (
  id uuid not null default gen_random_uuid(),
  payment_id uuid not null,
  provider_id uuid not null,
  amount_minor bigint not null,
  currency text not null,
  reversed_minor bigint not null default 0,
  status text not null default 'pending',
  failure_code text,
  stripe_transfer_id text,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint transfers_pkey primary key (id),
  constraint transfers_payment_id_fkey foreign key (payment_id) references public.payments (id),
  constraint transfers_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint transfers_stripe_transfer_once unique (stripe_transfer_id),
  constraint transfers_amount_positive check (amount_minor > 0),
  constraint transfers_reversed_within_amount check (reversed_minor between 0 and amount_minor),
  constraint transfers_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint transfers_status_known check (status in ('pending', 'succeeded', 'failed')),
  constraint transfers_settled check ((status = 'pending') = (settled_at is null))
);
create unique index transfers_one_under_way on public.transfers (payment_id) where status = 'pending';
create index transfers_payment_id_idx on public.transfers (payment_id);
create index transfers_provider_id_idx on public.transfers (provider_id, created_at desc, id);
comment on table public.transfers is 'A provider''s share on its way to their account, or there.';
comment on column public.transfers.reversed_minor is 'What came back of it, because the payment was refunded afterwards.';
create trigger touch before update on public.transfers for each row execute function private.touch();
create trigger require_command before update of status on public.transfers
  for each row when (old.status is distinct from new.status) execute function private.require_command();
alter table public.transfers enable row level security;
grant select on public.transfers to authenticated, service_role;
create policy transfers_select on public.transfers for select to authenticated
  using (provider_id = (select auth.uid()));

create table public.provider_accounts (
  provider_id uuid not null,
  stripe_account_id text not null,
  charges_enabled boolean not null default false,
  payouts_enabled boolean not null default false,
  details_submitted boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint provider_accounts_pkey primary key (provider_id),
  constraint provider_accounts_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint provider_accounts_account_once unique (stripe_account_id)
);
comment on table public.provider_accounts is 'A provider''s connected account at Stripe, as Stripe last told of it.';
comment on column public.provider_accounts.payouts_enabled is 'Whether their share can be transferred; until then it is a pending payout.';
create trigger touch before update on public.provider_accounts for each row execute function private.touch();
alter table public.provider_accounts enable row level security;
grant select on public.provider_accounts to authenticated, service_role;
create policy provider_accounts_select on public.provider_accounts for select to authenticated
  using (provider_id = (select auth.uid()));
