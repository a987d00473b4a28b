-- Slots are generated from a schedule: as often as one likes, for at most 92 days a call.

create type public.generated_slots as (generated integer, slots jsonb);
comment on type public.generated_slots is
  'How many slots a call made or opened again, and the first 1,000 of them with id, starts_at, ends_at, status, and date, '
  'start_time and end_time in the schedule''s zone.';

create function private.check_dates(first_date date, last_date date) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_problem jsonb;
begin
  v_problem := case
    when first_date is null or not isfinite(first_date) then '{"field": "first_date", "reason": "must be a date"}'
    when last_date is null or not isfinite(last_date) then '{"field": "last_date", "reason": "must be a date"}'
    when last_date < first_date then '{"field": "last_date", "reason": "must not be before the first date"}'
    when last_date - first_date >= 92 then '{"field": "last_date", "reason": "must be within 92 days, both dates counted"}'
    when last_date > current_date + 1000 then '{"field": "last_date", "reason": "must be within 1000 days from today"}'
  end;
  if v_problem is not null then
    perform private.refuse_problems(jsonb_build_array(v_problem));
  end if;
end;
$$;
comment on function private.check_dates(date, date) is
  'Raises INVALID_INPUT (400) unless these are the first and the last of at most 92 dates.';

create function private.store_slots(
  schedule public.availability_schedules,
  starts_from timestamptz,
  starts_before timestamptz,
  overwrite boolean
) returns public.generated_slots
language plpgsql
set search_path = ''
as $$
declare
  v_result public.generated_slots;
begin
  with offered as materialized (
    select t.starts_at, t.ends_at
    from private.schedule_times(array[schedule.id], store_slots.starts_from, store_slots.starts_before) as t
  ), stale as materialized (
    select s.id, exists (select from public.bookings as b where b.slot_id = s.id) as is_named
    from public.slots as s
    where store_slots.overwrite
      and s.provider_id = schedule.provider_id
      and s.starts_at >= store_slots.starts_from
      and s.starts_at < store_slots.starts_before
      and not exists (
        select
        from offered as o
        where o.starts_at = s.starts_at
          and o.ends_at = s.ends_at
      )
  ), deleted as (
    delete from public.slots as s
    using stale as x
    where s.id = x.id
      and not x.is_named
  ), withdrawn as (
    update public.slots as s
    set status = 'withdrawn'
    from stale as x
    where s.id = x.id
      and x.is_named
      and s.status = 'open'
  ), generated as (
    insert into public.slots as s (provider_id, schedule_id, starts_at, ends_at)
    select schedule.provider_id, schedule.id, o.starts_at, o.ends_at
    from offered as o
    on conflict on constraint slots_once_per_time do update
    set status = 'open', schedule_id = excluded.schedule_id
    where s.status <> 'open'
    returning s.id, s.starts_at, s.ends_at, s.status
  )
  select
    (select count(*) from generated),
    (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'id', g.id,
            'starts_at', g.starts_at,
            'ends_at', g.ends_at,
            'date', (g.starts_at at time zone schedule.timezone)::date,
            'start_time', to_char(g.starts_at at time zone schedule.timezone, 'HH24:MI'),
            'end_time', to_char(g.ends_at at time zone schedule.timezone, 'HH24:MI'),
            'status', g.status
          )
          order by g.starts_at, g.id
        ),
        '[]'
      )
      from (
        select n.id, n.starts_at, n.ends_at, n.status
        from generated as n
        order by n.starts_at, n.id
        limit 1000
      ) as g
    )
  into v_result;
  return v_result;
end;
$$;
comment on function private.store_slots(public.availability_schedules, timestamptz, timestamptz, boolean) is
  'Stores a schedule''s times as slots. With overwrite, the provider''s slots of the same period that it does not offer are '
  'deleted, or withdrawn where a booking names them; those that it offers keep their ids. The caller holds the provider''s '
  'lock, so no booking comes in between.';

create function private.generate_slots(schedule_id uuid, first_date date, last_date date, overwrite boolean)
returns public.generated_slots
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object(
    'schedule_id', schedule_id, 'first_date', first_date, 'last_date', last_date, 'overwrite', overwrite
  );
  v_replay constant jsonb := private.begin_command('generate_slots', v_request);
  v_schedule public.availability_schedules;
  v_result public.generated_slots;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.generated_slots, v_replay);
  end if;
  v_schedule := private.lock_own_schedule(generate_slots.schedule_id);
  perform private.check_dates(generate_slots.first_date, generate_slots.last_date);
  if not v_schedule.is_active then
    raise sqlstate 'PT409' using message = 'SCHEDULE_NOT_ACTIVE';
  end if;
  v_result := private.store_slots(
    v_schedule,
    greatest(private.local_instant(generate_slots.first_date, v_schedule.timezone), now()),
    private.local_instant(generate_slots.last_date + 1, v_schedule.timezone),
    coalesce(generate_slots.overwrite, false)
  );
  perform private.finish_command(
    'generate_slots', v_request, v_schedule.id, to_jsonb(v_result),
    v_request || jsonb_build_object('generated', v_result.generated)
  );
  return v_result;
end;
$$;
comment on function private.generate_slots(uuid, date, date, boolean) is 'See public.generate_slots.';

create function public.generate_slots(schedule_id uuid, first_date date, last_date date, overwrite boolean default false)
returns public.generated_slots
language sql
set search_path = ''
as $$
  select private.generate_slots(
    generate_slots.schedule_id, generate_slots.first_date, generate_slots.last_date, generate_slots.overwrite
  );
$$;
comment on function public.generate_slots(uuid, date, date, boolean) is
  'Stores the times of the signed-in provider''s active schedule as slots, for at most 92 dates of its zone, from now on. '
  'Again, it makes only what is missing. overwrite: slots of those dates that the schedule does not offer are deleted, or '
  'withdrawn where a booking names them. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), SCHEDULE_NOT_FOUND (404), '
  'SCHEDULE_NOT_ACTIVE (409), INVALID_INPUT (400).';
grant execute on function private.generate_slots(uuid, date, date, boolean) to authenticated;
grant execute on function public.generate_slots(uuid, date, date, boolean) to authenticated;
