-- Extensions, schemas, and privileges that start from nothing.

create schema if not exists extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists vector with schema extensions;
create extension if not exists cube with schema extensions;
create extension if not exists earthdistance with schema extensions;

-- Without these four, every function stays executable by everybody, and older hosted projects open every table.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;

create schema private;
comment on schema private is 'Rules of the domain and tables that no client reaches. Not exposed to the API.';
grant usage on schema private to anon, authenticated, service_role;

create schema admin;
comment on schema admin is 'Commands and views for administrators in the SQL editor. Not exposed to the API.';
