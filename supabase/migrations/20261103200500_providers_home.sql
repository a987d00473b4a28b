-- All that a provider's start page shows, in one read; and their profile in the copy of their data.

create type public.provider_home as (
  profile jsonb,
  offerings jsonb,
  offerings_total integer,
  offerings_total_is_exact boolean
);
comment on type public.provider_home is
  'A row of my_provider_profile, and the latest rows of offering_listings with how many there are, counted up to 10000.';

create function public.read_my_home() returns public.provider_home
language sql
stable
set search_path = ''
as $$
  select to_jsonb(p), l.items::jsonb, l.total, l.total_is_exact
  from public.read_my_profile() as p
  cross join public.list_my_offerings() as l;
$$;
comment on function public.read_my_home() is
  'The signed-in provider''s profile and their latest 100 offerings, active or not. Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403).';
grant execute on function public.read_my_home() to authenticated;

alter function public.export_my_data() rename to export_account;
alter function public.export_account() set schema private;
comment on function private.export_account() is 'What public.export_my_data answers, but for the provider''s profile.';

create function public.export_my_data() returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_account() || jsonb_build_object(
    'provider_profile', (
      select to_jsonb(d)
      from public.provider_profiles as d
      where d.provider_id = (select auth.uid())
    )
  );
$$;
comment on function public.export_my_data() is
  'Everything that is kept about the signed-in person, as one document. Raises SIGN_IN_REQUIRED (401).';
grant execute on function public.export_my_data() to authenticated;
