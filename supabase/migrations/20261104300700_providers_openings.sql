-- When a provider is free next, kept beside them: a list of many cannot compute the times of each.

alter table public.providers add column next_open_at timestamptz;
comment on column public.providers.next_open_at is
  'When their next open time within 30 days began when it was last computed; null when there was none. The worker computes '
  'it again after each change of their schedule or taken time, and when it can no longer be booked.';
create index providers_next_open_idx on public.providers (next_open_at) where retired_at is null and is_accepting;

create function private.soon() returns interval
language sql
immutable
set search_path = ''
as $$
  select interval '30 days';
$$;
comment on function private.soon() is 'Who has an open time within so long counts as available.';

create function private.announced_opening(provider public.providers) returns timestamptz
language sql
stable
set search_path = ''
as $$
  select case when provider.is_accepting and provider.next_open_at > now() then provider.next_open_at end;
$$;
comment on function private.announced_opening(public.providers) is
  'A provider''s next open time as lists tell it; null when none is known or they take no bookings.';

create table private.opening_checks (
  provider_id uuid not null,
  due_at timestamptz not null,
  constraint opening_checks_pkey primary key (provider_id),
  constraint opening_checks_provider_id_fkey foreign key (provider_id) references public.providers (id) on delete cascade
);
create index opening_checks_due_at_idx on private.opening_checks (due_at);
comment on table private.opening_checks is 'When the worker computes providers.next_open_at again; no row without a schedule.';
alter table private.opening_checks enable row level security;
create policy opening_checks_none on private.opening_checks for all to public using (false);

create function private.expect_opening(provider_id uuid) returns void
language sql
set search_path = ''
as $$
  insert into private.opening_checks as c (provider_id, due_at)
  values (expect_opening.provider_id, now())
  on conflict on constraint opening_checks_pkey do update
  set due_at = excluded.due_at
  where c.due_at > excluded.due_at;
$$;
comment on function private.expect_opening(uuid) is 'Makes a provider''s next open time due to be computed again.';

create function private.expect_openings() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.expect_opening(coalesce(new.provider_id, old.provider_id));
  return null;
end;
$$;
comment on function private.expect_openings() is
  'After a change of what a provider''s open times follow from: has the worker compute them again. The row it writes is '
  'locked after all others, so it adds no order of locks.';
create trigger expect_openings after insert or update or delete on private.provider_time
  for each row execute function private.expect_openings();
create trigger expect_openings after insert or update or delete on public.availability_schedules
  for each row execute function private.expect_openings();

create function private.expect_openings_of_schedule() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.expect_opening(s.provider_id)
  from public.availability_schedules as s
  where s.id = coalesce(new.schedule_id, old.schedule_id);
  return null;
end;
$$;
comment on function private.expect_openings_of_schedule() is 'The same after a change of a schedule''s windows or exceptions.';
create trigger expect_openings after insert or update or delete on public.availability_windows
  for each row execute function private.expect_openings_of_schedule();
create trigger expect_openings after insert or update or delete on public.availability_exceptions
  for each row execute function private.expect_openings_of_schedule();

create function private.expect_own_openings() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.expect_opening(new.id);
  return null;
end;
$$;
comment on function private.expect_own_openings() is 'The same after a provider takes bookings again, or no more.';
create trigger expect_own_openings after update of is_accepting on public.providers
  for each row when (old.is_accepting is distinct from new.is_accepting)
  execute function private.expect_own_openings();

create function private.next_times(provider public.providers, max_times integer) returns setof timestamptz
language sql
stable
set search_path = ''
as $$
  select distinct t.starts_at
  from private.open_times(provider.id, now(), now() + private.soon()) as t
  order by t.starts_at
  limit next_times.max_times;
$$;
comment on function private.next_times(public.providers, integer) is
  'When a provider''s next open times begin, computed at this moment.';

create function private.provider_zone(provider public.providers) returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    provider.timezone,
    (
      select s.timezone
      from public.availability_schedules as s
      where s.provider_id = provider.id
        and s.is_active
    ),
    'UTC'
  );
$$;
comment on function private.provider_zone(public.providers) is 'The zone that a provider names, else that of their schedule, else UTC.';

create function private.refresh_opening(provider_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_notice interval;
  v_next timestamptz;
begin
  select make_interval(mins => s.min_notice_minutes)
  into v_notice
  from public.availability_schedules as s
  where s.provider_id = refresh_opening.provider_id
    and s.is_active;
  if found then
    select min(t.starts_at)
    into v_next
    from private.open_times(refresh_opening.provider_id, now(), now() + private.soon()) as t;
  end if;
  update public.providers as p
  set next_open_at = v_next
  where p.id = refresh_opening.provider_id
    and p.next_open_at is distinct from v_next;
  if v_notice is null then
    delete from private.opening_checks as c where c.provider_id = refresh_opening.provider_id;
  else
    update private.opening_checks as c
    set due_at = greatest(least(v_next - v_notice, now() + interval '1 day'), now() + interval '1 minute')
    where c.provider_id = refresh_opening.provider_id;
  end if;
end;
$$;
comment on function private.refresh_opening(uuid) is
  'Computes a locked provider''s next open time, and when that has to be done again: once it cannot be booked any more, '
  'and daily, as the days ahead move on.';

create function private.refresh_openings(max_providers integer) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_refreshed integer := 0;
begin
  for v_id in
    select c.provider_id
    from private.opening_checks as c
    where c.due_at <= now()
    order by c.due_at, c.provider_id
    limit refresh_openings.max_providers
  loop
    perform from public.providers as p where p.id = v_id for no key update skip locked;
    continue when not found;
    perform from private.opening_checks as c
    where c.provider_id = v_id
      and c.due_at <= now()
    for update skip locked;
    continue when not found;
    perform private.refresh_opening(v_id);
    v_refreshed := v_refreshed + 1;
  end loop;
  return v_refreshed;
end;
$$;
comment on function private.refresh_openings(integer) is 'See public.refresh_openings.';

create function public.refresh_openings(max_providers integer) returns integer
language sql
set search_path = ''
as $$
  select private.refresh_openings(refresh_openings.max_providers);
$$;
comment on function public.refresh_openings(integer) is
  'Computes the next open time of up to so many providers for whom it is due, skipping those who are being changed. '
  'Answers how many; call it again while that is max_providers. For the service role.';
grant execute on function private.refresh_openings(integer) to service_role;
grant execute on function public.refresh_openings(integer) to service_role;
