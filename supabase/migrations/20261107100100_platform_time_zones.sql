-- Abbreviations are no zones: CEST is one of Berlin's two offsets, and what PostgreSQL takes CET for keeps no summer time.
create or replace function private.is_time_zone(name text) returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- An offset, as in Berlin/Mitte+5, would make any words a zone of POSIX.
  if name is null
    or name !~* '^([a-z_]+(/[a-z_-]+)+|etc/gmt[+-]?[0-9]{1,2}|utc)$'
    or name ~* '^(posix|right)/'
  then
    return false;
  end if;
  perform timestamp '2000-01-01' at time zone name;
  return true;
exception
  when invalid_parameter_value then
    return false;
end;
$$;
comment on function private.is_time_zone(text) is
  'Whether this is an IANA time zone name: an area and a location, such as Europe/Berlin, or UTC. Immutable for '
  'constraints: the set of zones only grows.';

-- What was stored so is the zone that IANA links it to; UTC where it links none.
create function pg_temp.area_of(zone text) returns text
language sql
as $$
  select case
    when private.is_time_zone(zone) then zone
    when upper(zone) in ('CET', 'CEST', 'MET', 'MEST') then 'Europe/Brussels'
    when upper(zone) in ('EET', 'EEST') then 'Europe/Athens'
    when upper(zone) in ('WET', 'WEST') then 'Europe/Lisbon'
    when upper(zone) in ('EST', 'EDT') then 'America/New_York'
    when upper(zone) in ('MST', 'MDT') then 'America/Denver'
    when upper(zone) = 'HST' then 'Pacific/Honolulu'
    else 'UTC'
  end;
$$;
update public.profiles as p
set timezone = pg_temp.area_of(p.timezone)
where p.timezone is not null
  and not private.is_time_zone(p.timezone);
update public.providers as p
set timezone = pg_temp.area_of(p.timezone)
where p.timezone is not null
  and not private.is_time_zone(p.timezone);
update public.events as e
set timezone = pg_temp.area_of(e.timezone)
where e.timezone is not null
  and not private.is_time_zone(e.timezone);
update public.bookings as b
set timezone = pg_temp.area_of(b.timezone)
where b.timezone is not null
  and not private.is_time_zone(b.timezone);
update public.availability_schedules as s
set timezone = pg_temp.area_of(s.timezone)
where s.timezone is not null
  and not private.is_time_zone(s.timezone);
drop function pg_temp.area_of(text);
