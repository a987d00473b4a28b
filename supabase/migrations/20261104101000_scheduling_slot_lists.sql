-- What everybody reads of a provider's slots: those that are open, and the calendar of a month.

create function private.read_zone(timezone text, provider_id uuid) returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  if read_zone.timezone is not null and not private.is_time_zone(read_zone.timezone) then
    perform private.refuse_problems('[{"field": "timezone", "reason": "must be an IANA time zone"}]');
  end if;
  return coalesce(
    read_zone.timezone,
    (
      select s.timezone
      from public.availability_schedules as s
      where s.provider_id = read_zone.provider_id
        and s.is_active
    ),
    'UTC'
  );
end;
$$;
comment on function private.read_zone(text, uuid) is
  'The zone that a list is shown in: the one that is asked for, else the provider''s, else UTC. Raises INVALID_INPUT (400).';

create function private.open_slots(
  of_provider uuid,
  starts_from timestamptz,
  starts_before timestamptz,
  duration_minutes integer
) returns table (id uuid, provider_id uuid, starts_at timestamptz, ends_at timestamptz, is_open boolean)
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with candidate as materialized (
    select
      s.id,
      s.provider_id,
      s.starts_at,
      s.ends_at,
      (extract(epoch from s.ends_at - s.starts_at) / 60)::integer as minutes
    from public.slots as s
    join public.availability_schedules as a on a.provider_id = s.provider_id and a.is_active
    where s.status = 'open'
      and (open_slots.of_provider is null or s.provider_id = open_slots.of_provider)
      and s.starts_at >= open_slots.starts_from
      and s.starts_at < open_slots.starts_before
      and s.starts_at >= now() + make_interval(mins => a.min_notice_minutes)
      and s.starts_at <= now() + make_interval(days => a.max_advance_days)
      and (
        open_slots.duration_minutes is null
        or s.ends_at = s.starts_at + make_interval(mins => open_slots.duration_minutes)
      )
    order by s.starts_at, s.id
    limit private.slot_candidates()
  ), asked as (
    select
      c.minutes,
      array_agg(distinct c.provider_id) as provider_ids,
      min(c.starts_at) as first_start,
      max(c.starts_at) as last_start
    from candidate as c
    group by c.minutes
  ), offered as materialized (
    select t.provider_id, t.starts_at, t.ends_at
    from asked as q
    cross join lateral private.open_times_of(
      q.provider_ids, q.first_start, q.last_start + interval '1 second', q.minutes
    ) as t
  )
  select c.id, c.provider_id, c.starts_at, c.ends_at, o.starts_at is not null
  from candidate as c
  left join offered as o on o.provider_id = c.provider_id and o.starts_at = c.starts_at and o.ends_at = c.ends_at;
end;
$$;
comment on function private.open_slots(uuid, timestamptz, timestamptz, integer) is
  'The first slots of a provider (or of all: null) that notice and horizon allow, at most private.slot_candidates(), and '
  'whether each can be booked at this moment.';

create function private.slot_candidates() returns integer
language sql
immutable
set search_path = ''
as $$
  select 2000;
$$;
comment on function private.slot_candidates() is
  'How many slots a list looks at, soonest first. They are cut before the open ones among them are found: whatever the '
  'period and however many providers, the work is bounded.';

create function private.list_slots(
  provider_id uuid,
  first_date date,
  last_date date,
  timezone text,
  duration_minutes integer,
  offering_id uuid,
  page_size integer,
  page_offset integer,
  with_total boolean
) returns public.page
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_provider_id uuid := list_slots.provider_id;
  v_duration_minutes integer := list_slots.duration_minutes;
  v_offering public.offerings;
  v_zone text;
  v_first_date date;
  v_last_date date;
  v_page public.page;
begin
  if list_slots.offering_id is not null then
    select o.*
    into v_offering
    from public.offerings as o
    where o.id = list_slots.offering_id
      and o.is_active
      and o.provider_id = coalesce(v_provider_id, o.provider_id);
    if not found then
      raise sqlstate 'PT404' using message = 'OFFERING_NOT_FOUND';
    end if;
    v_provider_id := v_offering.provider_id;
    if v_offering.duration_minutes <> v_duration_minutes then
      perform private.refuse_problems(jsonb_build_array(jsonb_build_object(
        'field', 'duration_minutes', 'reason', format('must be %s, as the offering takes', v_offering.duration_minutes)
      )));
    end if;
    v_duration_minutes := coalesce(v_offering.duration_minutes, v_duration_minutes);
  end if;
  v_zone := private.read_zone(list_slots.timezone, v_provider_id);
  v_first_date := coalesce(list_slots.first_date, (now() at time zone v_zone)::date);
  v_last_date := coalesce(list_slots.last_date, v_first_date + 91);
  perform private.check_dates(v_first_date, v_last_date);

  with slot as materialized (
    select s.id, s.provider_id, s.starts_at, s.ends_at, s.is_open
    from private.open_slots(
      v_provider_id,
      private.local_instant(v_first_date, v_zone),
      private.local_instant(v_last_date + 1, v_zone),
      v_duration_minutes
    ) as s
  )
  select
    case when list_slots.with_total then (select count(*) from slot as s where s.is_open) end,
    case when list_slots.with_total then (select count(*) < private.slot_candidates() from slot) end,
    (
      select coalesce(json_agg(l order by l.starts_at, l.id), '[]')
      from (
        select
          o.id,
          o.provider_id,
          p.display_name as provider_name,
          o.starts_at,
          o.ends_at,
          v_zone as timezone,
          (o.starts_at at time zone v_zone)::date as date,
          to_char(o.starts_at at time zone v_zone, 'HH24:MI') as start_time,
          to_char(o.ends_at at time zone v_zone, 'HH24:MI') as end_time,
          price.amount_minor as price_minor,
          price.currency
        from (
          select s.id, s.provider_id, s.starts_at, s.ends_at
          from slot as s
          where s.is_open
          order by s.starts_at, s.id
          limit least(list_slots.page_size, 1000)
          offset list_slots.page_offset
        ) as o
        join public.providers as p on p.id = o.provider_id
        cross join lateral private.price_of_time(o.provider_id, o.starts_at, o.ends_at, list_slots.offering_id) as price
      ) as l
    )
  into v_page.total, v_page.total_is_exact, v_page.items;
  return v_page;
end;
$$;
comment on function private.list_slots(uuid, date, date, text, integer, uuid, integer, integer, boolean) is
  'See public.list_slots. Sees who is taken when, which nobody else may.';

create function public.list_slots(
  provider_id uuid default null,
  first_date date default null,
  last_date date default null,
  timezone text default null,
  duration_minutes integer default null,
  offering_id uuid default null,
  page_size integer default 100,
  page_offset integer default 0,
  with_total boolean default true
) returns public.page
language sql
stable
set search_path = ''
as $$
  select private.list_slots(
    list_slots.provider_id, list_slots.first_date, list_slots.last_date, list_slots.timezone,
    list_slots.duration_minutes, list_slots.offering_id, list_slots.page_size, list_slots.page_offset,
    list_slots.with_total
  );
$$;
comment on function public.list_slots(uuid, date, date, text, integer, uuid, integer, integer, boolean) is
  'Slots that can be booked at this moment, soonest first, looked for among the first 2,000; at most 1,000 a page. Dates are '
  'of the time zone (default: the provider''s, else UTC), at most 92 days, by default from today. Rows have id, provider_id, '
  'provider_name, starts_at, ends_at; timezone, date, start_time, end_time there; price_minor and currency, which a booking '
  'will pay: of the offering, whose length the slots then have, else the hourly rate''s. Raises INVALID_INPUT (400), '
  'OFFERING_NOT_FOUND (404).';
grant execute on function private.list_slots(uuid, date, date, text, integer, uuid, integer, integer, boolean)
  to anon, authenticated, service_role;
grant execute on function public.list_slots(uuid, date, date, text, integer, uuid, integer, integer, boolean)
  to anon, authenticated, service_role;
