-- What a hosted Supabase project holds before our first migration: roles, schemas, privileges, and the parts of
-- auth and realtime that migrations and clients rely on. Runs once per database, as a superuser.

do $$
declare
  v_role record;
begin
  -- Roles belong to the server, so another database may be making them at this moment; an advisory lock would hold
  -- within this database only.
  lock table pg_catalog.pg_authid in share row exclusive mode;
  for v_role in
    select *
    from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      ('authenticator', 'login noinherit'),
      ('supabase_auth_admin', 'nologin noinherit createrole'),
      ('supabase_storage_admin', 'nologin noinherit createrole'),
      ('supabase_realtime_admin', 'nologin noinherit'),
      ('migrator', 'login createdb createrole bypassrls')
    ) as roles (name, options)
  loop
    if not exists (select from pg_catalog.pg_roles as r where r.rolname = v_role.name) then
      execute format('create role %I %s', v_role.name, v_role.options);
    end if;
  end loop;
end;
$$;

grant anon, authenticated, service_role to authenticator;
-- A hosted project's migration role is no superuser; membership stands for what the platform lets it do.
grant anon, authenticated, service_role, supabase_realtime_admin, supabase_storage_admin to migrator;

do $$
begin
  execute format('grant create, connect on database %I to migrator', current_database());
end;
$$;

-- Extensions: a hosted migration role may create any that the platform ships.
create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role, migrator;
grant create on schema extensions to migrator;
create extension pgcrypto with schema extensions;
create extension btree_gist with schema extensions;
create extension pg_trgm with schema extensions;
create extension vector with schema extensions;
create extension cube with schema extensions;
create extension earthdistance with schema extensions;

-- public
alter schema public owner to migrator;
grant usage on schema public to anon, authenticated, service_role;

-- auth: the tables are lite's, but for the one that tells how each session began; ownership, privileges and helper
-- functions are the platform's.
create table auth.mfa_amr_claims (
  session_id uuid not null references auth.sessions (id) on delete cascade,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  authentication_method text not null,
  id uuid not null constraint amr_id_pk primary key,
  constraint mfa_amr_claims_session_id_authentication_method_pkey unique (session_id, authentication_method)
);
comment on table auth.mfa_amr_claims is 'Auth: stores authenticator method reference claims for sign-ins';

grant usage on schema auth to anon, authenticated, service_role, migrator;
alter schema auth owner to supabase_auth_admin;
do $$
declare
  v_table name;
begin
  for v_table in select t.tablename from pg_catalog.pg_tables as t where t.schemaname = 'auth' loop
    execute format('alter table auth.%I owner to supabase_auth_admin', v_table);
    execute format('grant all on auth.%I to migrator', v_table);
  end loop;
end;
$$;

create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb;
$$;

create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid;
$$;

create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  );
$$;

create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  );
$$;

-- storage: the tables are lite's.
grant usage on schema storage to anon, authenticated, service_role, migrator;
alter schema storage owner to supabase_storage_admin;
do $$
declare
  v_table name;
begin
  for v_table in select t.tablename from pg_catalog.pg_tables as t where t.schemaname = 'storage' loop
    execute format('alter table storage.%I owner to supabase_storage_admin', v_table);
    execute format('alter table storage.%I enable row level security', v_table);
    execute format('grant all on storage.%I to anon, authenticated, service_role, migrator', v_table);
  end loop;
end;
$$;

-- realtime: what broadcast from the database and the authorisation of private topics stand on.
create schema realtime authorization supabase_realtime_admin;
grant usage on schema realtime to anon, authenticated, service_role, migrator;

create table realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
);
alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
create index messages_inserted_at_topic_index on realtime.messages (inserted_at desc, topic)
  where extension = 'broadcast' and private;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant all on realtime.messages to migrator;

create function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '');
$$;

-- Like the hosted one it runs as its caller, and a failure becomes a warning: a message never undoes the caller's work.
create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void
language plpgsql
as $$
declare
  v_id constant uuid := gen_random_uuid();
begin
  begin
    perform set_config('realtime.topic', send.topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (
      v_id,
      case when send.payload ? 'id' then send.payload else send.payload || jsonb_build_object('id', v_id) end,
      send.event,
      send.topic,
      send.private,
      'broadcast'
    );
  exception
    when others then
      raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end;
$$;
grant execute on function realtime.topic(), realtime.send(jsonb, text, text, boolean)
  to anon, authenticated, service_role, migrator;

-- The notification carries the id only: its payload is limited to 8,000 bytes. The probes that authorise a join
-- have no event and are rolled back.
create function realtime.announce_message() returns trigger language plpgsql as $$
begin
  if new.event is not null then
    perform pg_notify('realtime_messages', new.id::text);
  end if;
  return null;
end;
$$;
create trigger announce_message after insert on realtime.messages
  for each row execute function realtime.announce_message();

-- The CLI's record of applied migrations.
create schema supabase_migrations authorization migrator;
create table supabase_migrations.schema_migrations (
  version text not null primary key,
  statements text[],
  name text
);
alter table supabase_migrations.schema_migrations owner to migrator;
