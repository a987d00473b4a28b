-- Abbreviations such as CEST are no zones: they know no summer, and what formats dates does not know them.

create or replace function private.is_time_zone(name text) returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  if name is null or name !~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$' then
    return false;
  end if;
  if name = 'UTC' then
    return true;
  end if;
  if name !~ '/' then
    return exists (select from pg_catalog.pg_timezone_names as z where z.name = is_time_zone.name);
  end if;
  perform timestamp '2000-01-01' at time zone name;
  return true;
exception
  when invalid_parameter_value then
    return false;
end;
$$;
