-- What is read of a schedule, and the commands that set it: create, update.

create view public.availability with (security_invoker = true) as
select
  s.id,
  s.provider_id,
  p.display_name as provider_name,
  s.kind,
  s.timezone,
  s.is_active,
  s.min_notice_minutes,
  s.max_advance_days,
  coalesce(s.cancellation_deadline_minutes, p.cancellation_deadline_minutes) as cancellation_deadline_minutes,
  s.buffer_before_minutes,
  s.buffer_after_minutes,
  s.slot_step_minutes,
  s.daily_limit,
  (
    select coalesce(
      jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
          'weekday', w.weekday,
          'month_day', w.month_day,
          'on_date', w.on_date,
          'opens', to_char(w.opens, 'HH24:MI'),
          'closes', to_char(w.closes, 'HH24:MI'),
          'slot_minutes', w.slot_minutes,
          'is_enabled', w.is_enabled
        ))
        order by w.weekday, w.month_day, w.on_date, w.opens
      ),
      '[]'
    )
    from public.availability_windows as w
    where w.schedule_id = s.id
  ) as windows,
  (
    select coalesce(jsonb_agg(x.on_date order by x.on_date), '[]')
    from public.availability_exceptions as x
    where x.schedule_id = s.id
  ) as exceptions,
  s.version,
  s.created_at,
  s.updated_at
from public.availability_schedules as s
join public.providers as p on p.id = s.provider_id
where p.retired_at is null;
comment on view public.availability is
  'Schedules with their windows, and the dates of their exceptions (whose windows are those with that on_date).';
grant select on public.availability to anon, authenticated, service_role;

create function private.store_windows(schedule public.availability_schedules, windows jsonb, exceptions jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if windows is not null then
    delete from public.availability_windows as w
    where w.schedule_id = schedule.id
      and (schedule.kind = 'custom' or w.on_date is null);
    insert into public.availability_windows (
      schedule_id, weekday, month_day, on_date, opens, closes, slot_minutes, is_enabled
    )
    select schedule.id, i.weekday, i.month_day, i.on_date, i.opens, i.closes, i.slot_minutes, i.is_enabled
    from private.windows_of(windows) as i;
  end if;
  if exceptions is not null and schedule.kind <> 'custom' then
    delete from public.availability_windows as w
    where w.schedule_id = schedule.id
      and w.on_date is not null;
    delete from public.availability_exceptions as x
    where x.schedule_id = schedule.id;
    insert into public.availability_windows (schedule_id, on_date, opens, closes, slot_minutes, is_enabled)
    select schedule.id, i.on_date, i.opens, i.closes, i.slot_minutes, i.is_enabled
    from private.exception_windows_of(exceptions) as i;
    insert into public.availability_exceptions (schedule_id, on_date)
    select schedule.id, (e.entry ->> 'on_date')::date
    from jsonb_array_elements(exceptions) as e (entry);
  end if;
end;
$$;
comment on function private.store_windows(public.availability_schedules, jsonb, jsonb) is
  'Replaces a schedule''s windows, its exceptions, or both; null keeps them. They have been checked.';

create function private.availability_of(schedule_id uuid) returns public.availability
language sql
stable
set search_path = ''
as $$
  select a
  from public.availability as a
  where a.id = availability_of.schedule_id;
$$;
comment on function private.availability_of(uuid) is 'A schedule as it is read.';

create function private.create_availability(kind text, timezone text, windows jsonb, exceptions jsonb, rules jsonb)
returns public.availability
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := jsonb_build_object(
    'kind', kind, 'timezone', timezone, 'windows', windows, 'exceptions', exceptions, 'rules', rules
  );
  v_replay constant jsonb := private.begin_command('create_availability', v_request);
  v_schedule public.availability_schedules;
  v_availability public.availability;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.availability, v_replay);
  end if;
  perform private.lock_provider(v_provider_id);
  v_schedule.provider_id := v_provider_id;
  v_schedule.kind := create_availability.kind;
  v_schedule.timezone := create_availability.timezone;
  v_schedule.min_notice_minutes := 1440;
  v_schedule.max_advance_days := 90;
  v_schedule.buffer_before_minutes := 0;
  v_schedule.buffer_after_minutes := 0;
  v_schedule := private.apply_rules(v_schedule, create_availability.rules);
  perform private.check_availability(v_schedule, create_availability.windows, create_availability.exceptions);

  insert into public.availability_schedules as s (
    provider_id, kind, timezone, min_notice_minutes, max_advance_days, cancellation_deadline_minutes,
    buffer_before_minutes, buffer_after_minutes, slot_step_minutes, daily_limit
  )
  values (
    v_provider_id, v_schedule.kind, v_schedule.timezone, v_schedule.min_notice_minutes, v_schedule.max_advance_days,
    v_schedule.cancellation_deadline_minutes, v_schedule.buffer_before_minutes, v_schedule.buffer_after_minutes,
    v_schedule.slot_step_minutes, v_schedule.daily_limit
  )
  returning s.* into v_schedule;
  perform private.store_windows(v_schedule, create_availability.windows, create_availability.exceptions);
  v_availability := private.availability_of(v_schedule.id);
  perform private.finish_command('create_availability', v_request, v_schedule.id, to_jsonb(v_availability));
  return v_availability;
exception
  when unique_violation then
    raise sqlstate 'PT409' using message = 'SCHEDULE_EXISTS';
end;
$$;
comment on function private.create_availability(text, text, jsonb, jsonb, jsonb) is 'See public.create_availability.';

create function public.create_availability(
  kind text,
  timezone text,
  windows jsonb,
  exceptions jsonb default '[]',
  rules jsonb default '{}'
) returns public.availability
language sql
set search_path = ''
as $$
  select private.create_availability(
    create_availability.kind, create_availability.timezone, create_availability.windows,
    create_availability.exceptions, create_availability.rules
  );
$$;
comment on function public.create_availability(text, text, jsonb, jsonb, jsonb) is
  'Says when the signed-in provider can be booked one to one. windows: a list of {weekday | month_day | on_date by kind, '
  'opens, closes (local HH:MM, 24:00 at the latest), slot_minutes (60), is_enabled (true)}; exceptions: a list of {on_date, '
  'windows}, closed without windows; rules: an object of columns of availability_schedules. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403), INVALID_INPUT (400) with all problems, SCHEDULE_EXISTS (409) while another one is active.';
grant execute on function private.create_availability(text, text, jsonb, jsonb, jsonb) to authenticated;
grant execute on function public.create_availability(text, text, jsonb, jsonb, jsonb) to authenticated;

create function private.lock_own_schedule(schedule_id uuid) returns public.availability_schedules
language plpgsql
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_schedule public.availability_schedules;
begin
  perform private.lock_provider(v_provider_id);
  select s.*
  into v_schedule
  from public.availability_schedules as s
  where s.id = lock_own_schedule.schedule_id
    and s.provider_id = v_provider_id;
  if not found then
    raise sqlstate 'PT404' using message = 'SCHEDULE_NOT_FOUND';
  end if;
  return v_schedule;
end;
$$;
comment on function private.lock_own_schedule(uuid) is
  'Locks the signed-in provider for a change of their schedule. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), '
  'SCHEDULE_NOT_FOUND (404) for another''s as well.';

create function private.update_availability(
  schedule_id uuid,
  windows jsonb,
  exceptions jsonb,
  rules jsonb,
  is_active boolean,
  timezone text
) returns public.availability
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'schedule_id', schedule_id, 'windows', windows, 'exceptions', exceptions, 'is_active', is_active,
    'timezone', timezone
  )) || jsonb_build_object('rules', rules);
  v_replay constant jsonb := private.begin_command('update_availability', v_request);
  v_schedule public.availability_schedules;
  v_availability public.availability;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.availability, v_replay);
  end if;
  v_schedule := private.lock_own_schedule(update_availability.schedule_id);
  v_schedule := private.apply_rules(v_schedule, update_availability.rules);
  v_schedule.timezone := coalesce(update_availability.timezone, v_schedule.timezone);
  perform private.check_availability(
    v_schedule, coalesce(update_availability.windows, '[]'), coalesce(update_availability.exceptions, '[]')
  );

  update public.availability_schedules as s
  set
    timezone = v_schedule.timezone,
    is_active = coalesce(update_availability.is_active, s.is_active),
    min_notice_minutes = v_schedule.min_notice_minutes,
    max_advance_days = v_schedule.max_advance_days,
    cancellation_deadline_minutes = v_schedule.cancellation_deadline_minutes,
    buffer_before_minutes = v_schedule.buffer_before_minutes,
    buffer_after_minutes = v_schedule.buffer_after_minutes,
    slot_step_minutes = v_schedule.slot_step_minutes,
    daily_limit = v_schedule.daily_limit,
    version = s.version + 1
  where s.id = v_schedule.id;
  perform private.store_windows(v_schedule, update_availability.windows, update_availability.exceptions);
  v_availability := private.availability_of(v_schedule.id);
  perform private.finish_command('update_availability', v_request, v_schedule.id, to_jsonb(v_availability), v_request);
  return v_availability;
exception
  when unique_violation then
    raise sqlstate 'PT409' using message = 'SCHEDULE_EXISTS';
end;
$$;
comment on function private.update_availability(uuid, jsonb, jsonb, jsonb, boolean, text) is
  'See public.update_availability.';

create function public.update_availability(
  schedule_id uuid,
  windows jsonb default null,
  exceptions jsonb default null,
  rules jsonb default '{}',
  is_active boolean default null,
  timezone text default null
) returns public.availability
language sql
set search_path = ''
as $$
  select private.update_availability(
    update_availability.schedule_id, update_availability.windows, update_availability.exceptions,
    update_availability.rules, update_availability.is_active, update_availability.timezone
  );
$$;
comment on function public.update_availability(uuid, jsonb, jsonb, jsonb, boolean, text) is
  'Changes what is given of a schedule of the signed-in provider; windows and exceptions are replaced as a whole, rules one '
  'by one. Bookings stay as they are; slots that the schedule no longer offers are not listed any more. Raises '
  'SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), SCHEDULE_NOT_FOUND (404), INVALID_INPUT (400), SCHEDULE_EXISTS (409) when '
  'it is to be active beside another.';
grant execute on function private.update_availability(uuid, jsonb, jsonb, jsonb, boolean, text) to authenticated;
grant execute on function public.update_availability(uuid, jsonb, jsonb, jsonb, boolean, text) to authenticated;
