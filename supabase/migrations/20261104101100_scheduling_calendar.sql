-- A provider's month as everybody may see it: what is free and what is not, and never whose it is.

create type public.calendar_month as (provider_id uuid, provider_name text, timezone text, slots json);
comment on type public.calendar_month is
  'slots: id, starts_at, ends_at, date, start_time, end_time (in the timezone), status (available, booked or blocked), '
  'price_minor, currency; in order.';

create function private.booked_time(provider_id uuid, within tstzrange) returns tstzmultirange
language sql
stable
set search_path = ''
as $$
  select coalesce(range_agg(tstzrange(d.starts_at, d.ends_at)) filter (where d.starts_at < d.ends_at), '{}')
  from unnest(private.taken_time(booked_time.provider_id, booked_time.within, 'booking')) as t (during)
  left join public.availability_schedules as s on s.provider_id = booked_time.provider_id and s.is_active
  cross join lateral (
    select
      lower(t.during) + make_interval(mins => coalesce(s.buffer_before_minutes, 0)),
      upper(t.during) - make_interval(mins => coalesce(s.buffer_after_minutes, 0))
  ) as d (starts_at, ends_at);
$$;
comment on function private.booked_time(uuid, tstzrange) is
  'When a provider has one-to-one bookings, without the buffers around them.';

create function private.calendar_slots(
  of_provider uuid,
  starts_from timestamptz,
  starts_before timestamptz,
  zone text,
  offering_id uuid
) returns json
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_booked constant tstzmultirange := private.booked_time(
    of_provider, tstzrange(starts_from - interval '1 day', starts_before + interval '2 days')
  );
begin
  return (
    with slot as materialized (
      select
        s.id,
        s.starts_at,
        s.ends_at,
        s.status,
        (extract(epoch from s.ends_at - s.starts_at) / 60)::integer as minutes
      from public.slots as s
      where s.provider_id = calendar_slots.of_provider
        and s.starts_at >= calendar_slots.starts_from
        and s.starts_at < calendar_slots.starts_before
    ), length as (
      select l.minutes, price.amount_minor, price.currency
      from (select distinct s.minutes from slot as s) as l
      cross join lateral private.price_of_time(
        calendar_slots.of_provider,
        calendar_slots.starts_from,
        calendar_slots.starts_from + make_interval(mins => l.minutes),
        calendar_slots.offering_id
      ) as price
    ), offered as materialized (
      select t.starts_at, t.ends_at
      from length as l
      cross join lateral private.open_times_of(
        array[calendar_slots.of_provider], calendar_slots.starts_from, calendar_slots.starts_before, l.minutes
      ) as t
    ), shown as (
      select
        s.id,
        s.starts_at,
        s.ends_at,
        (s.starts_at at time zone calendar_slots.zone)::date as date,
        to_char(s.starts_at at time zone calendar_slots.zone, 'HH24:MI') as start_time,
        to_char(s.ends_at at time zone calendar_slots.zone, 'HH24:MI') as end_time,
        case
          when v_booked && tstzrange(s.starts_at, s.ends_at) then 'booked'
          when s.status = 'withdrawn' then null
          when o.starts_at is not null then 'available'
          else 'blocked'
        end as status,
        l.amount_minor as price_minor,
        l.currency
      from slot as s
      join length as l on l.minutes = s.minutes
      left join offered as o on o.starts_at = s.starts_at and o.ends_at = s.ends_at
    )
    select coalesce(json_agg(s order by s.starts_at, s.ends_at), '[]')
    from shown as s
    where s.status is not null
  );
end;
$$;
comment on function private.calendar_slots(uuid, timestamptz, timestamptz, text, uuid) is
  'A provider''s slots in a period with what became of them; withdrawn ones only while they are booked.';

create function private.provider_calendar(provider_id uuid, month date, timezone text, offering_id uuid)
returns public.calendar_month
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_first date;
  v_calendar public.calendar_month;
begin
  select p.id, p.display_name
  into v_calendar.provider_id, v_calendar.provider_name
  from public.providers as p
  where p.id = provider_calendar.provider_id
    and p.retired_at is null;
  if not found then
    raise sqlstate 'PT404' using message = 'PROVIDER_NOT_FOUND';
  end if;
  v_calendar.timezone := private.read_zone(provider_calendar.timezone, v_calendar.provider_id);
  v_first := date_trunc('month', coalesce(provider_calendar.month, (now() at time zone v_calendar.timezone)::date))::date;
  if v_first not between '2000-01-01' and '2999-12-01' then
    perform private.refuse_problems('[{"field": "month", "reason": "must be a month such as 2030-01"}]');
  end if;
  v_calendar.slots := private.calendar_slots(
    v_calendar.provider_id,
    private.local_instant(v_first, v_calendar.timezone),
    private.local_instant(v_first + interval '1 month', v_calendar.timezone),
    v_calendar.timezone,
    provider_calendar.offering_id
  );
  return v_calendar;
end;
$$;
comment on function private.provider_calendar(uuid, date, text, uuid) is
  'See public.provider_calendar. Sees who is taken when, which nobody else may.';

create function public.provider_calendar(
  provider_id uuid,
  month date default null,
  timezone text default null,
  offering_id uuid default null
) returns public.calendar_month
language sql
stable
set search_path = ''
as $$
  select (c).*
  from private.provider_calendar(
    provider_calendar.provider_id, provider_calendar.month, provider_calendar.timezone, provider_calendar.offering_id
  ) as c;
$$;
comment on function public.provider_calendar(uuid, date, text, uuid) is
  'A provider''s slots in the month of a date (default: today), in a time zone (default: the provider''s): available ones can be booked at '
  'this moment, booked ones somebody has, blocked ones are free of both: time off, an event, too soon, too far ahead, '
  'buffers, the daily limit, or no longer in the schedule. Raises PROVIDER_NOT_FOUND and OFFERING_NOT_FOUND (404), '
  'INVALID_INPUT (400).';
grant execute on function private.provider_calendar(uuid, date, text, uuid) to anon, authenticated, service_role;
grant execute on function public.provider_calendar(uuid, date, text, uuid) to anon, authenticated, service_role;
