-- Bookable times, computed from schedule, rules and the provider's taken time. Listing and booking share them.

create function private.schedule_times(
  schedule_ids uuid[],
  starts_from timestamptz,
  starts_before timestamptz,
  duration_minutes integer default null
) returns table (schedule_id uuid, on_date date, starts_at timestamptz, ends_at timestamptz)
language plpgsql
stable
set search_path = ''
as $$
begin
  -- `offset 0` keeps what is computed once for each window from being computed again for each of its times.
  return query
  select b.schedule_id, b.on_date, t.starts_at, t.starts_at + b.length
  from (
    select
      w.schedule_id,
      w.timezone,
      w.on_date,
      w.opens_at,
      w.closes_at,
      w.length,
      w.step,
      w.opens_at at time zone w.timezone as shown_opens,
      w.closes_at at time zone w.timezone as shown_closes
    from (
      select
        s.id as schedule_id,
        s.timezone,
        d.on_date,
        private.local_instant(d.on_date + w.opens, s.timezone) as opens_at,
        private.local_instant(d.on_date + w.closes, s.timezone, takes_last => true) as closes_at,
        make_interval(mins => l.minutes) as length,
        make_interval(mins => coalesce(s.slot_step_minutes, l.minutes)) as step
      from public.availability_schedules as s
      -- A window's date may differ by one from that of its first instant, where a gap covers midnight.
      cross join lateral generate_series(
        (schedule_times.starts_from at time zone s.timezone)::date - 1,
        (schedule_times.starts_before at time zone s.timezone)::date + 1,
        interval '1 day'
      ) as g (at)
      cross join lateral (select g.at::date) as d (on_date)
      join public.availability_windows as w
        on w.schedule_id = s.id
        and w.is_enabled
        and (
          w.on_date = d.on_date
          or (
            (w.weekday = extract(isodow from d.on_date) or w.month_day = extract(day from d.on_date))
            and not exists (
              select
              from public.availability_exceptions as x
              where x.schedule_id = s.id
                and x.on_date = d.on_date
            )
          )
        )
      cross join lateral (select coalesce(schedule_times.duration_minutes, w.slot_minutes)) as l (minutes)
      where s.id = any (schedule_times.schedule_ids)
      offset 0
    ) as w
    where w.opens_at < schedule_times.starts_before
      and w.closes_at > schedule_times.starts_from
    offset 0
  ) as b
  cross join lateral generate_series(b.opens_at, b.closes_at - b.length, b.step) as t (starts_at)
  where t.starts_at >= schedule_times.starts_from
    and t.starts_at < schedule_times.starts_before
    and (
      b.shown_closes - b.shown_opens = b.closes_at - b.opens_at
      or private.shows_within(t.starts_at, t.starts_at + b.length, b.timezone, b.shown_opens, b.shown_closes)
    );
end;
$$;
comment on function private.schedule_times(uuid[], timestamptz, timestamptz, integer) is
  'Every time that schedules offer, whether or not it is taken, of their windows'' own length or of another: the bounds of '
  'each local window become instants, times step between them in elapsed time, and where the clocks are changed those '
  'remain that the clock shows within the window. Starts in [starts_from, starts_before).';

create function private.taken_time(
  provider_id uuid,
  within tstzrange,
  kind text default null,
  ignoring_booking uuid default null
) returns tstzmultirange
language sql
stable
set search_path = ''
as $$
  select coalesce(range_agg(t.during), '{}')
  from private.provider_time as t
  left join public.bookings as b on b.id = t.booking_id
  where t.provider_id = taken_time.provider_id
    and t.during && taken_time.within
    and t.live
    and (taken_time.kind is null or t.kind = taken_time.kind)
    and (taken_time.ignoring_booking is null or t.booking_id is distinct from taken_time.ignoring_booking)
    and (b.expires_at <= now()) is not true;
$$;
comment on function private.taken_time(uuid, tstzrange, text, uuid) is
  'When a provider is taken, buffers included, by anything or by one kind; without holds that lapsed.';

create function private.booked_on(
  schedule public.availability_schedules,
  on_date date,
  ignoring_booking uuid default null
) returns integer
language sql
stable
set search_path = ''
as $$
  select count(*)::integer
  from private.provider_time as t
  join public.bookings as b on b.id = t.booking_id
  where t.provider_id = schedule.provider_id
    and t.during && tstzrange(
      (booked_on.on_date - 1)::timestamp at time zone 'UTC',
      (booked_on.on_date + 2)::timestamp at time zone 'UTC'
    )
    and t.live
    and t.kind = 'booking'
    and t.booking_id is distinct from booked_on.ignoring_booking
    and (b.expires_at <= now()) is not true
    and (
      (lower(t.during) + make_interval(mins => schedule.buffer_before_minutes)) at time zone schedule.timezone
    )::date = booked_on.on_date;
$$;
comment on function private.booked_on(public.availability_schedules, date, uuid) is
  'How many one-to-one bookings begin on a date of the schedule''s zone, without holds that lapsed.';

create function private.time_footprint(schedule public.availability_schedules, starts_at timestamptz, ends_at timestamptz)
returns tstzrange
language sql
immutable
set search_path = ''
as $$
  select tstzrange(
    time_footprint.starts_at - make_interval(mins => schedule.buffer_before_minutes),
    time_footprint.ends_at + make_interval(mins => schedule.buffer_after_minutes)
  );
$$;
comment on function private.time_footprint(public.availability_schedules, timestamptz, timestamptz) is
  'What a booking of this time takes of its provider: the time and the buffers around it.';

create function private.open_times_of(
  provider_ids uuid[],
  starts_from timestamptz,
  starts_before timestamptz,
  duration_minutes integer default null,
  ignoring_booking uuid default null
) returns table (provider_id uuid, starts_at timestamptz, ends_at timestamptz)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_schedule_ids uuid[];
  v_from timestamptz;
  v_before timestamptz;
begin
  select
    array_agg(s.id),
    greatest(open_times_of.starts_from, now() + make_interval(mins => min(s.min_notice_minutes))),
    least(open_times_of.starts_before, now() + make_interval(days => max(s.max_advance_days), mins => 1))
  into v_schedule_ids, v_from, v_before
  from public.availability_schedules as s
  join public.providers as p on p.id = s.provider_id
  where s.provider_id = any (open_times_of.provider_ids)
    and s.is_active
    and p.retired_at is null;
  if v_schedule_ids is null or v_from >= v_before then
    return;
  end if;

  return query
  select s.provider_id, t.starts_at, t.ends_at
  from private.schedule_times(v_schedule_ids, v_from, v_before, open_times_of.duration_minutes) as t
  join (
    select
      a as schedule,
      a.id,
      a.provider_id,
      a.daily_limit,
      now() + make_interval(mins => a.min_notice_minutes) as first_start,
      now() + make_interval(days => a.max_advance_days) as last_start,
      -- A day for the buffers, and one for the longest time.
      private.taken_time(
        a.provider_id, tstzrange(v_from - interval '1 day', v_before + interval '2 days'), null,
        open_times_of.ignoring_booking
      ) as taken
    from public.availability_schedules as a
    where a.id = any (v_schedule_ids)
    offset 0
  ) as s on s.id = t.schedule_id
  where t.starts_at between s.first_start and s.last_start
    and not s.taken && private.time_footprint(s.schedule, t.starts_at, t.ends_at)
    and (
      s.daily_limit is null
      or private.booked_on(s.schedule, t.on_date, open_times_of.ignoring_booking) < s.daily_limit
    );
end;
$$;
comment on function private.open_times_of(uuid[], timestamptz, timestamptz, integer, uuid) is
  'Times at which providers can be booked at this moment: their active schedules'' times within notice and horizon, whose '
  'footprint nothing takes, on days below the daily limit. No row of slots is needed. duration_minutes null: as long as '
  'each window''s times are. ignoring_booking: as if that booking were not there, to move it. In no order.';

create function private.open_times(
  provider_id uuid,
  starts_from timestamptz,
  starts_before timestamptz,
  duration_minutes integer default null,
  ignoring_booking uuid default null
) returns table (starts_at timestamptz, ends_at timestamptz)
language sql
stable
set search_path = ''
as $$
  select t.starts_at, t.ends_at
  from private.open_times_of(
    array[open_times.provider_id], open_times.starts_from, open_times.starts_before, open_times.duration_minutes,
    open_times.ignoring_booking
  ) as t
  order by t.starts_at, t.ends_at;
$$;
comment on function private.open_times(uuid, timestamptz, timestamptz, integer, uuid) is
  'private.open_times_of for one provider, soonest first.';

create function private.is_open_time(
  provider_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  ignoring_booking uuid default null
) returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select
    from private.open_times_of(
      array[is_open_time.provider_id],
      is_open_time.starts_at,
      is_open_time.starts_at + interval '1 second',
      nullif(greatest(extract(epoch from is_open_time.ends_at - is_open_time.starts_at) / 60, 0)::integer, 0),
      is_open_time.ignoring_booking
    ) as t
    where t.starts_at = is_open_time.starts_at
      and t.ends_at = is_open_time.ends_at
  );
$$;
comment on function private.is_open_time(uuid, timestamptz, timestamptz, uuid) is
  'Whether exactly this time can be booked with a provider at this moment, by the same rules as private.open_times. A '
  'command asks under the provider''s lock, after expiring lapsed holds; the constraints of provider_time have the last '
  'word.';
