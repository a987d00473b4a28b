-- The daily proof of money goes in portions, so that no call of the worker grows with all that was ever paid.

alter table private.money_settings add column proved_to uuid;
comment on column private.money_settings.checked_at is 'When the last round of proving the ledger began.';
comment on column private.money_settings.proved_to is
  'Payments and bookings are proved in the order of their ids: how far the present round has come; null between rounds.';

create function private.check_portion(after uuid, until uuid) returns setof private.ledger_difference
language sql
stable
set search_path = ''
as $$
  select 'ledger: ' || coalesce(x.account, l.account), coalesce(x.payment_id, l.payment_id), x.minor, l.minor
  from (
    select p.id as payment_id, e.account, e.minor
    from public.payments as p
    cross join private.expected_balances(p) as e
    where p.id > check_portion.after
      and p.id <= check_portion.until
  ) as x
  full join (
    select l.payment_id, l.account, sum(l.amount_minor)::bigint as minor
    from private.ledger_entries as l
    where l.payment_id > check_portion.after
      and l.payment_id <= check_portion.until
    group by l.payment_id, l.account
  ) as l on l.payment_id = x.payment_id and l.account = x.account
  where coalesce(x.minor, 0) <> coalesce(l.minor, 0)
  union all
  select 'entries do not sum to zero', l.payment_id, 0, sum(l.amount_minor)::bigint
  from private.ledger_entries as l
  where l.payment_id > check_portion.after
    and l.payment_id <= check_portion.until
  group by l.payment_id
  having sum(l.amount_minor) <> 0
  union all
  select 'owed to the provider', coalesce(l.payment_id, o.payment_id), l.minor, o.owed_minor
  from (
    select l.payment_id, -sum(l.amount_minor)::bigint as minor
    from private.ledger_entries as l
    where l.payment_id > check_portion.after
      and l.payment_id <= check_portion.until
      and l.account = 'provider_payable'
    group by l.payment_id
  ) as l
  full join (
    select o.payment_id, o.owed_minor
    from private.payables as o
    where o.payment_id > check_portion.after
      and o.payment_id <= check_portion.until
  ) as o on o.payment_id = l.payment_id
  where coalesce(l.minor, 0) <> coalesce(o.owed_minor, 0)
  union all
  select 'refunds of the payment', p.id, r.minor, p.refunded_minor
  from public.payments as p
  cross join lateral (
    select coalesce(sum(r.amount_minor), 0)::bigint as minor
    from public.refunds as r
    where r.payment_id = p.id
      and r.status <> 'failed'
  ) as r
  where p.id > check_portion.after
    and p.id <= check_portion.until
    and p.refunded_minor <> r.minor
  union all
  select 'paid, but neither booked nor returned', p.id, p.amount_minor, p.refunded_minor
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  where p.id > check_portion.after
    and p.id <= check_portion.until
    and p.status = 'succeeded'
    and b.status in ('held', 'pending_payment', 'expired')
    and p.refunded_minor < p.amount_minor
  union all
  select 'booked in advance without money', null, b.price_minor, 0
  from public.bookings as b
  left join public.events as e on e.id = b.event_id
  where b.id > check_portion.after
    and b.id <= check_portion.until
    and b.status in ('confirmed', 'completed', 'no_show')
    and b.price_minor > 0
    and (b.during is not null or e.payment_mode = 'prepaid' and b.payment_status <> 'due')
    and not exists (
      select
      from public.payments as p
      where p.booking_id = b.id
        and p.status = 'succeeded'
    )
  union all
  select 'the booking''s payment_status', p.id, null, null
  from public.payments as p
  join public.bookings as b on b.id = p.booking_id
  cross join lateral (
    select coalesce(sum(r.amount_minor), 0) as minor
    from public.refunds as r
    where r.payment_id = p.id
      and r.status = 'succeeded'
  ) as returned
  where p.id > check_portion.after
    and p.id <= check_portion.until
    and p.status = 'succeeded'
    and b.payment_status is distinct from case
      when returned.minor = p.amount_minor then 'refunded'
      when returned.minor > 0 then 'partly_refunded'
      else 'paid'
    end;
$$;
comment on function private.check_portion(uuid, uuid) is
  'Where ledger, payments, refunds, transfers, disputes and bookings disagree, of the payments and bookings whose ids come '
  'after the first and not after the second.';

create or replace function private.check_ledger() returns setof private.ledger_difference
language sql
stable
set search_path = ''
as $$
  select d.problem, d.payment_id, d.expected, d.found
  from private.check_portion(
    '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  ) as d;
$$;

create function private.portion_end(after uuid, size integer) returns uuid
language sql
stable
set search_path = ''
as $$
  select least(
    (
      select p.id
      from public.payments as p
      where p.id > portion_end.after
      order by p.id
      offset portion_end.size - 1
      limit 1
    ),
    (
      select b.id
      from public.bookings as b
      where b.id > portion_end.after
      order by b.id
      offset 4 * portion_end.size - 1
      limit 1
    )
  );
$$;
comment on function private.portion_end(uuid, integer) is
  'Up to which id there are so many payments and four times as many bookings at most; null when that is all.';

create function private.prove_portion(size integer) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_settings private.money_settings;
  v_after uuid;
  v_until uuid;
begin
  select s.*
  into v_settings
  from private.money_settings as s
  where s.only_row
  for no key update skip locked;
  if not found or (v_settings.proved_to is null and v_settings.checked_at >= now() - interval '1 day') then
    return null;
  end if;
  v_after := coalesce(v_settings.proved_to, '00000000-0000-0000-0000-000000000000');
  v_until := private.portion_end(v_after, prove_portion.size);
  update private.money_settings as s
  set
    checked_at = case when s.proved_to is null then now() else s.checked_at end,
    proved_to = v_until
  where s.only_row;
  return (
    select coalesce(jsonb_agg(d), '[]')
    from private.check_portion(v_after, coalesce(v_until, 'ffffffff-ffff-ffff-ffff-ffffffffffff')) as d
  );
end;
$$;
comment on function private.prove_portion(integer) is
  'Proves the next portion of a round; a round begins a day after the last one began. Answers the differences; null when '
  'nothing is due or somebody else is at it.';

create or replace function private.sweep_money(fee_percent numeric, payout_delay_hours integer) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.begin_command('sweep_money', '{}');
  update private.money_settings as s
  set fee_percent = sweep_money.fee_percent, payout_delay_hours = sweep_money.payout_delay_hours
  where (s.fee_percent, s.payout_delay_hours)
    is distinct from (sweep_money.fee_percent, sweep_money.payout_delay_hours);
  return jsonb_build_object(
    'transfers', private.schedule_transfers(100),
    'differences', private.prove_portion(500)
  );
end;
$$;
comment on function public.sweep_money(numeric, integer) is
  'Sets fee and delay, orders transfers that are due, and once a day proves the ledger, at most 500 payments a call. Answers '
  '{transfers, differences}: null when nothing was to be proved, [] when what was proved is right. For the service role.';
