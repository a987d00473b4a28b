-- One answer to where a provider is.

create function private.zone_of(provider public.providers) returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    provider.timezone,
    (
      select s.timezone
      from public.availability_schedules as s
      where s.provider_id = provider.id
        and s.is_active
    )
  );
$$;
comment on function private.zone_of(public.providers) is
  'The zone that a provider says to be in, else the one of their active schedule; null without either.';
grant execute on function private.zone_of(public.providers) to authenticated, service_role;

create or replace function private.provider_zone(provider public.providers) returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(private.zone_of(provider), 'UTC');
$$;

create or replace function private.seller_zone(provider public.providers) returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    private.zone_of(provider),
    (
      select f.timezone
      from public.profiles as f
      where f.id = provider.id
    ),
    'UTC'
  );
$$;

create or replace function private.read_zone(timezone text, provider_id uuid) returns text
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
      select private.zone_of(p)
      from public.providers as p
      where p.id = read_zone.provider_id
    ),
    'UTC'
  );
end;
$$;
