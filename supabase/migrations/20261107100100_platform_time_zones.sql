-- Abbreviations are no zones: CEST is one of Berlin's two offsets, and what PostgreSQL takes CET for keeps no summer time.
create or replace function private.is_time_zone(name text) returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  if name is null or name !~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)+$' and upper(name) <> 'UTC' or name ~* '^(posix|right)/' then
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
