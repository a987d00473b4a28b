-- Reading a schedule out of JSON: windows, exceptions and rules, with every problem told at once.

create type private.window_input as (
  place text,
  weekday smallint,
  month_day smallint,
  on_date date,
  opens time,
  closes time,
  slot_minutes integer,
  is_enabled boolean
);
comment on type private.window_input is 'A window as it was sent; place is how errors call it. What could not be read is null.';

create function private.date_of(value text) returns date
language plpgsql
immutable
set search_path = ''
as $$
begin
  if value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
    return value::date;
  end if;
  return null;
exception
  when datetime_field_overflow or invalid_datetime_format then
    return null;
end;
$$;
comment on function private.date_of(text) is 'A date written YYYY-MM-DD; null when there is no such date.';

create function private.integer_of(value jsonb) returns integer
language sql
immutable
set search_path = ''
as $$
  select case
    when jsonb_typeof(value) = 'number' and value::numeric between -1000000 and 1000000 and value::numeric % 1 = 0
    then value::numeric::integer
  end;
$$;
comment on function private.integer_of(jsonb) is 'A whole number of at most a million; null for everything else.';

create function private.window_of(entry jsonb, place text) returns private.window_input
language sql
immutable
set search_path = ''
as $$
  select row(
    coalesce(entry ->> 'name', window_of.place),
    private.integer_of(entry -> 'weekday'),
    private.integer_of(entry -> 'month_day'),
    private.date_of(entry ->> 'on_date'),
    case when entry ->> 'opens' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then (entry ->> 'opens')::time end,
    case when entry ->> 'closes' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' then (entry ->> 'closes')::time end,
    case when coalesce(entry -> 'slot_minutes', 'null') = 'null' then 60 else private.integer_of(entry -> 'slot_minutes') end,
    case
      when coalesce(entry -> 'is_enabled', 'null') = 'null' then true
      when jsonb_typeof(entry -> 'is_enabled') = 'boolean' then (entry -> 'is_enabled')::boolean
    end
  )::private.window_input
  where window_of.entry is not null;
$$;
comment on function private.window_of(jsonb, text) is 'Reads one window, without judging it.';

create function private.windows_of(windows jsonb) returns setof private.window_input
language sql
immutable
set search_path = ''
as $$
  select (private.window_of(e.entry, format('windows.%s', e.place - 1))).*
  from jsonb_array_elements(case when jsonb_typeof(windows) = 'array' then windows else '[]' end)
    with ordinality as e (entry, place);
$$;
comment on function private.windows_of(jsonb) is 'Reads the windows of a schedule''s days, without judging them.';

create function private.exception_windows_of(exceptions jsonb) returns setof private.window_input
language sql
immutable
set search_path = ''
as $$
  select (private.window_of(
    w.entry - '{weekday,month_day}'::text[] || jsonb_build_object('on_date', e.entry ->> 'on_date'),
    format('exceptions.%s.windows.%s', e.place - 1, w.place - 1)
  )).*
  from jsonb_array_elements(case when jsonb_typeof(exceptions) = 'array' then exceptions else '[]' end)
    with ordinality as e (entry, place)
  cross join lateral jsonb_array_elements(
    case when jsonb_typeof(e.entry -> 'windows') = 'array' then e.entry -> 'windows' else '[]' end
  ) with ordinality as w (entry, place);
$$;
comment on function private.exception_windows_of(jsonb) is 'Reads the windows of a schedule''s exceptions, without judging them.';

create function private.window_problem(kind text, input private.window_input) returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when window_problem.kind = 'weekly' and (input.weekday between 1 and 7) is not true
      then 'must have a day of the week between 1 (Monday) and 7'
    when window_problem.kind = 'monthly' and (input.month_day between 1 and 31) is not true
      then 'must have a day of the month between 1 and 31'
    when window_problem.kind = 'custom' and (input.on_date between '2000-01-01' and '2999-12-31') is not true
      then 'must have a date such as 2030-01-15'
    when num_nonnulls(input.weekday, input.month_day, input.on_date) <> 1 then 'must have one kind of day'
    when input.opens is null then 'must begin at a time between 00:00 and 23:59'
    when input.closes is null then 'must end at a time between 00:01 and 24:00'
    when input.closes = input.opens then 'must end after it begins'
    when input.closes < input.opens then 'must not cross midnight: end it at 24:00, and begin another on the next day'
    when (input.slot_minutes between 5 and 1440) is not true then 'must have slots of 5 to 1440 minutes'
    when make_interval(mins => input.slot_minutes) > input.closes - input.opens then 'must be as long as its slots at least'
    when input.is_enabled is null then 'must be enabled or not: true or false'
  end;
$$;
comment on function private.window_problem(text, private.window_input) is 'Why a window cannot be; null when it can.';

create function private.check_availability(schedule public.availability_schedules, windows jsonb, exceptions jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_problems jsonb := '[]';
begin
  if schedule.kind not in ('weekly', 'monthly', 'custom') or schedule.kind is null then
    v_problems := v_problems || '{"field": "kind", "reason": "must be weekly, monthly or custom"}'::jsonb;
    perform private.refuse_problems(v_problems);
  end if;
  if not private.is_time_zone(schedule.timezone) then
    v_problems := v_problems || '{"field": "timezone", "reason": "must be an IANA time zone"}'::jsonb;
  end if;
  if jsonb_typeof(windows) <> 'array' or jsonb_array_length(windows) > 500 then
    v_problems := v_problems || '{"field": "windows", "reason": "must be a list of at most 500"}'::jsonb;
    perform private.refuse_problems(v_problems);
  end if;
  if jsonb_typeof(exceptions) <> 'array' or jsonb_array_length(exceptions) > 366 then
    v_problems := v_problems || '{"field": "exceptions", "reason": "must be a list of at most 366"}'::jsonb;
    perform private.refuse_problems(v_problems);
  end if;
  if schedule.kind = 'custom' and jsonb_array_length(exceptions) > 0 then
    v_problems := v_problems
      || '{"field": "exceptions", "reason": "are for weekly and monthly schedules: a custom one has its dates"}'::jsonb;
  end if;

  with input as materialized (
    select i.*, row_number() over () as number
    from (
      select i.*, schedule.kind as kind
      from private.windows_of(windows) as i
      union all
      select i.*, 'custom'
      from private.exception_windows_of(exceptions) as i
    ) as i
  ), problem as (
    select i.number, i.place as field, p.reason
    from input as i
    cross join lateral private.window_problem(
      i.kind,
      row(i.place, i.weekday, i.month_day, i.on_date, i.opens, i.closes, i.slot_minutes, i.is_enabled)::private.window_input
    ) as p (reason)
    where p.reason is not null
    union all
    select i.number, i.place, format('must not overlap %s', min(o.place))
    from input as i
    join input as o
      on o.number < i.number
      and (o.weekday, o.month_day, o.on_date) is not distinct from (i.weekday, i.month_day, i.on_date)
      and o.opens < i.closes
      and i.opens < o.closes
    group by i.number, i.place
    union all
    select e.place, format('exceptions.%s.on_date', e.place - 1), d.reason
    from jsonb_array_elements(exceptions) with ordinality as e (entry, place)
    cross join lateral (
      select case
        when private.date_of(e.entry ->> 'on_date') is null then 'must be a date such as 2030-01-15'
        when exists (
          select
          from jsonb_array_elements(exceptions) with ordinality as o (entry, place)
          where o.place < e.place
            and o.entry ->> 'on_date' = e.entry ->> 'on_date'
        ) then 'must not be there twice'
      end
    ) as d (reason)
    where d.reason is not null
  )
  select v_problems || coalesce(
    jsonb_agg(jsonb_build_object('field', p.field, 'reason', p.reason) order by p.number),
    '[]'
  )
  into v_problems
  from (select p.number, p.field, p.reason from problem as p order by p.number limit 50) as p;
  perform private.refuse_problems(v_problems);
end;
$$;
comment on function private.check_availability(public.availability_schedules, jsonb, jsonb) is
  'Raises INVALID_INPUT (400) with every problem of a schedule''s kind, zone, windows and exceptions that its author can '
  'mend, 50 at most.';

create function private.apply_rules(schedule public.availability_schedules, rules jsonb)
returns public.availability_schedules
language plpgsql
stable
set search_path = ''
as $$
declare
  v_problems jsonb;
begin
  if jsonb_typeof(rules) <> 'object' then
    perform private.refuse_problems('[{"field": "rules", "reason": "must be an object"}]');
  end if;
  select jsonb_agg(jsonb_build_object('field', g.name, 'reason', case
    when r.name is null then 'is no rule'
    else format('must be a whole number between %s and %s', r.low, r.high)
  end))
  into v_problems
  from jsonb_each(rules) as g (name, value)
  left join (values
    ('min_notice_minutes', 0, 525600, false),
    ('max_advance_days', 1, 730, false),
    ('cancellation_deadline_minutes', 0, 525600, true),
    ('buffer_before_minutes', 0, 1440, false),
    ('buffer_after_minutes', 0, 1440, false),
    ('slot_step_minutes', 5, 1440, true),
    ('daily_limit', 1, 288, true)
  ) as r (name, low, high, may_be_null) on r.name = g.name
  where (g.value = 'null' and r.may_be_null) is not true
    and (private.integer_of(g.value) between r.low and r.high) is not true;
  perform private.refuse_problems(coalesce(v_problems, '[]'));
  return jsonb_populate_record(schedule, rules);
end;
$$;
comment on function private.apply_rules(public.availability_schedules, jsonb) is
  'The schedule with the rules that are named, by the names of its columns. Raises INVALID_INPUT (400).';
