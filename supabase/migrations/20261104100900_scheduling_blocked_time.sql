-- Time off, and busy times of other calendars: they take a provider's time as bookings do.

create type public.blocked_time as (id bigint, kind text, starts_at timestamptz, ends_at timestamptz);
comment on type public.blocked_time is 'When a provider is not to be booked: time_off, or external for what another calendar says.';

create function private.lock_provider_time(provider_id uuid) returns void
language sql
set search_path = ''
as $$
  select private.lock_provider(lock_provider_time.provider_id);
$$;
comment on function private.lock_provider_time(uuid) is
  'Locks a provider before their time is taken, and frees what lapsed holds of one-to-one time still take.';

create function private.block_time(starts_at timestamptz, ends_at timestamptz, kind text) returns public.blocked_time
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := jsonb_build_object('starts_at', starts_at, 'ends_at', ends_at, 'kind', kind);
  v_replay constant jsonb := private.begin_command('block_time', v_request);
  v_during tstzrange;
  v_blocked public.blocked_time;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.blocked_time, v_replay);
  end if;
  perform private.check_blocked_time(block_time.starts_at, block_time.ends_at, block_time.kind);
  v_during := tstzrange(block_time.starts_at, block_time.ends_at);
  perform private.lock_provider_time(v_provider_id);
  select t.id, t.kind, block_time.starts_at, block_time.ends_at
  into v_blocked
  from private.provider_time as t
  where t.provider_id = v_provider_id
    and t.kind = block_time.kind
    and t.during = v_during
    and t.live;
  if not found then
    insert into private.provider_time as t (provider_id, kind, during)
    values (v_provider_id, block_time.kind, v_during)
    returning t.id, t.kind, block_time.starts_at, block_time.ends_at into v_blocked;
  end if;
  perform private.finish_command('block_time', v_request, v_provider_id, to_jsonb(v_blocked), v_request);
  return v_blocked;
exception
  when exclusion_violation then
    raise sqlstate 'PT409' using message = 'PROVIDER_NOT_FREE';
end;
$$;
comment on function private.block_time(timestamptz, timestamptz, text) is 'See public.block_time.';

create function private.check_blocked_time(starts_at timestamptz, ends_at timestamptz, kind text) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_problem jsonb;
begin
  v_problem := case
    when starts_at is null or not isfinite(starts_at) then '{"field": "starts_at", "reason": "must be an instant"}'
    when ends_at is null or not isfinite(ends_at) then '{"field": "ends_at", "reason": "must be an instant"}'
    when ends_at <= starts_at then '{"field": "ends_at", "reason": "must be after the start"}'
    when ends_at <= now() then '{"field": "ends_at", "reason": "must be in the future"}'
    when ends_at > starts_at + interval '366 days' then '{"field": "ends_at", "reason": "must be within 366 days of the start"}'
    when kind in ('time_off', 'external') is not true then '{"field": "kind", "reason": "must be time_off or external"}'
  end;
  if v_problem is not null then
    perform private.refuse_problems(jsonb_build_array(v_problem));
  end if;
end;
$$;
comment on function private.check_blocked_time(timestamptz, timestamptz, text) is
  'Raises INVALID_INPUT (400) unless this is time that can be blocked.';

create function public.block_time(starts_at timestamptz, ends_at timestamptz, kind text default 'time_off')
returns public.blocked_time
language sql
set search_path = ''
as $$
  select (b).*
  from private.block_time(block_time.starts_at, block_time.ends_at, block_time.kind) as b;
$$;
comment on function public.block_time(timestamptz, timestamptz, text) is
  'Keeps time of the signed-in provider free of one-to-one bookings: time_off, or external for a busy time of another '
  'calendar. The same time again is the same row. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), INVALID_INPUT (400), '
  'PROVIDER_NOT_FREE (409) when somebody has booked it.';
grant execute on function private.block_time(timestamptz, timestamptz, text) to authenticated;
grant execute on function public.block_time(timestamptz, timestamptz, text) to authenticated;

create function private.unblock_time(id bigint) returns public.blocked_time
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := jsonb_build_object('id', id);
  v_replay constant jsonb := private.begin_command('unblock_time', v_request);
  v_blocked public.blocked_time;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.blocked_time, v_replay);
  end if;
  perform private.lock_provider(v_provider_id);
  delete from private.provider_time as t
  where t.id = unblock_time.id
    and t.provider_id = v_provider_id
    and t.kind in ('time_off', 'external')
  returning t.id, t.kind, lower(t.during), upper(t.during) into v_blocked;
  if not found then
    raise sqlstate 'PT404' using message = 'BLOCKED_TIME_NOT_FOUND';
  end if;
  perform private.finish_command('unblock_time', v_request, v_provider_id, to_jsonb(v_blocked), to_jsonb(v_blocked));
  return v_blocked;
end;
$$;
comment on function private.unblock_time(bigint) is 'See public.unblock_time.';

create function public.unblock_time(id bigint) returns public.blocked_time
language sql
set search_path = ''
as $$
  select (b).*
  from private.unblock_time(unblock_time.id) as b;
$$;
comment on function public.unblock_time(bigint) is
  'Gives blocked time of the signed-in provider free again. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), '
  'BLOCKED_TIME_NOT_FOUND (404).';
grant execute on function private.unblock_time(bigint) to authenticated;
grant execute on function public.unblock_time(bigint) to authenticated;

create function private.list_blocked_times(starts_before timestamptz, ends_after timestamptz)
returns setof public.blocked_time
language sql
stable
security definer
set search_path = ''
as $$
  select t.id, t.kind, lower(t.during), upper(t.during)
  from private.provider_time as t
  where t.provider_id = private.acting_provider()
    and t.during && tstzrange(coalesce(ends_after, now()), coalesce(starts_before, 'infinity'))
    and t.live
    and t.kind in ('time_off', 'external')
  order by lower(t.during), t.id
  limit 1000;
$$;
comment on function private.list_blocked_times(timestamptz, timestamptz) is 'See public.list_blocked_times.';

create function public.list_blocked_times(starts_before timestamptz default null, ends_after timestamptz default null)
returns setof public.blocked_time
language sql
stable
set search_path = ''
as $$
  select b.id, b.kind, b.starts_at, b.ends_at
  from private.list_blocked_times(list_blocked_times.starts_before, list_blocked_times.ends_after) as b;
$$;
comment on function public.list_blocked_times(timestamptz, timestamptz) is
  'Blocked times of the signed-in provider that end after now (or ends_after), soonest first, at most 1,000. Raises '
  'SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403).';
grant execute on function private.list_blocked_times(timestamptz, timestamptz) to authenticated;
grant execute on function public.list_blocked_times(timestamptz, timestamptz) to authenticated;
