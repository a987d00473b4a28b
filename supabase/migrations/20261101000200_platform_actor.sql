-- Who acts, and the small checks that tables share.

create type private.actor as (kind text, id uuid);
comment on type private.actor is 'Who runs a statement: user (with id), service, administrator or anonymous.';

create function private.actor() returns private.actor
language sql
stable
set search_path = ''
as $$
  select case current_setting('role', true)
    when 'authenticated' then row('user', (select auth.uid()))::private.actor
    when 'service_role' then row('service', null)::private.actor
    when 'anon' then row('anonymous', null)::private.actor
    else row(
      case
        when pg_has_role(session_user, (
          select n.nspowner
          from pg_catalog.pg_namespace as n
          where n.nspname = 'private'
        ), 'member') then 'administrator'
        else 'anonymous'
      end,
      null
    )::private.actor
  end;
$$;
comment on function private.actor() is
  'The caller of the outermost statement, also inside security definer functions. The API sets a role for each '
  'request; whoever has none is an administrator only as a member of the owner of this schema.';
grant execute on function private.actor() to anon, authenticated, service_role;

create function private.request_header(name text) returns text
language sql
stable
set search_path = ''
as $$
  select nullif(current_setting('request.headers', true), '')::json ->> request_header.name;
$$;
comment on function private.request_header(text) is
  'A header of the HTTP request that runs this statement, by lower-case name; null outside a request.';

create function private.is_time_zone(name text) returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  if name is null or name !~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$' then
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
  'Whether this is an IANA time zone name. Immutable for constraints: the set of zones only grows.';
grant execute on function private.is_time_zone(text) to authenticated, service_role;

create function private.touch() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
comment on function private.touch() is 'Before update: keeps updated_at.';

create function private.require_command() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if coalesce(current_setting('convene.command', true), '') = '' then
    raise sqlstate 'PT403' using
      message = 'COMMAND_REQUIRED',
      detail = json_build_object('table', tg_table_name, 'column', 'status')::text,
      hint = 'A status changes through a command: it also frees seats, refunds and tells people. See schema admin.';
  end if;
  return new;
end;
$$;
comment on function private.require_command() is
  'Before a change of status: refuses one that did not come through a command (private.begin_command).';
