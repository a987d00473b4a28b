-- Which payments still owe their provider something: the worker looks at these alone, not at all that were ever paid.

create table private.payables (
  payment_id uuid not null,
  provider_id uuid not null,
  owed_minor bigint not null,
  constraint payables_pkey primary key (payment_id),
  constraint payables_payment_id_fkey foreign key (payment_id) references public.payments (id),
  constraint payables_provider_id_fkey foreign key (provider_id) references public.providers (id)
);
create index payables_provider_id_idx on private.payables (provider_id);
comment on table private.payables is
  'What the ledger owes a provider for a payment, as long as that is not nothing. Kept by the trigger keep_payables on '
  'ledger_entries, which alone may change it.';
comment on column private.payables.owed_minor is 'In minor units; negative where more was transferred than is left of the payment.';
alter table private.payables enable row level security;
create policy payables_none on private.payables for all to public using (false);

create function private.keep_payables() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into private.payables as o (payment_id, provider_id, owed_minor)
  select n.payment_id, n.provider_id, -sum(n.amount_minor)
  from new_rows as n
  where n.account = 'provider_payable'
  group by n.payment_id, n.provider_id
  on conflict on constraint payables_pkey do update
  set owed_minor = o.owed_minor + excluded.owed_minor;
  delete from private.payables as o
  using new_rows as n
  where o.payment_id = n.payment_id
    and o.owed_minor = 0;
  return null;
end;
$$;
comment on function private.keep_payables() is 'After entries of a statement: the only writer of payables.';
create trigger keep_payables after insert on private.ledger_entries
  referencing new table as new_rows for each statement execute function private.keep_payables();

insert into private.payables (payment_id, provider_id, owed_minor)
select l.payment_id, l.provider_id, -sum(l.amount_minor)
from private.ledger_entries as l
where l.account = 'provider_payable'
group by l.payment_id, l.provider_id
having sum(l.amount_minor) <> 0;

create or replace function private.schedule_transfers(max_transfers integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_payment_id uuid;
  v_scheduled integer := 0;
begin
  for v_payment_id in
    with over as materialized (
      select p
      from private.payables as o
      join public.provider_accounts as a on a.provider_id = o.provider_id and a.payouts_enabled
      join public.payments as p on p.id = o.payment_id
      join public.bookings as b on b.id = p.booking_id
      left join public.events as e on e.id = b.event_id
      cross join private.money_settings as s
      where o.owed_minor > 0
        and b.status in ('completed', 'no_show', 'cancelled')
        and coalesce(upper(b.during), e.ends_at)
          <= now() - make_interval(hours => 1 + s.payout_delay_hours)
    )
    select (x.p).id
    from over as x
    where private.is_due_for_transfer(x.p)
    order by (x.p).paid_at
    limit schedule_transfers.max_transfers
  loop
    v_scheduled := v_scheduled + private.schedule_transfer(v_payment_id)::integer;
  end loop;
  return v_scheduled;
end;
$$;
