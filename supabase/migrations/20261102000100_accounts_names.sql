-- A person's name in parts, and a phone number that they gave without proving it.

alter table public.profiles
  add column given_name text not null default '',
  add column family_name text not null default '',
  add constraint profiles_given_name_length check (char_length(given_name) <= 100),
  add constraint profiles_family_name_length check (char_length(family_name) <= 100);
comment on column public.profiles.name is 'The whole name as it is shown; follows the parts when these change.';
comment on column public.profiles.given_name is 'First name or names; guessed from the name where nobody said.';
comment on column public.profiles.family_name is 'Last name; guessed from the name where nobody said, empty for one word.';
grant update (given_name, family_name) on public.profiles to authenticated;

create function private.keep_names() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_had_parts constant boolean := tg_op = 'UPDATE' and (new.given_name, new.family_name) is not distinct from (old.given_name, old.family_name);
  v_has_name constant boolean := tg_op = 'INSERT' or new.name is distinct from old.name;
begin
  if new.given_name || new.family_name <> '' and not v_had_parts then
    new.name := left(trim(concat_ws(' ', new.given_name, new.family_name)), 200);
  elsif v_has_name then
    new.given_name := left(regexp_replace(trim(new.name), '\s+\S+$', ''), 100);
    new.family_name := left(coalesce(substring(trim(new.name) from '\s(\S+)$'), ''), 100);
  end if;
  return new;
end;
$$;
comment on function private.keep_names() is
  'Before insert or update of a profile: the name follows its parts; without them its last word is the family name.';
create trigger keep_names before insert or update of name, given_name, family_name on public.profiles
  for each row execute function private.keep_names();

alter table public.contacts
  add column unverified_phone text,
  add constraint contacts_unverified_phone_e164 check (unverified_phone ~ '^\+[1-9][0-9]{6,14}$');
comment on column public.contacts.unverified_phone is
  'E.164. A number that the person gave and did not prove: to reach them, never to sign in or to find them.';
grant update (unverified_phone) on public.contacts to authenticated;
create policy contacts_update on public.contacts for update to authenticated
  using (profile_id = (select auth.uid()))
  with check (profile_id = (select auth.uid()));

create or replace view public.my_account with (security_invoker = true) as
select
  p.id,
  p.name,
  c.email,
  coalesce(c.phone, c.unverified_phone) as phone,
  p.locale,
  p.timezone,
  p.email_verified_at is not null as email_verified,
  exists (select from public.providers as v where v.id = p.id and v.retired_at is null) as is_provider,
  p.given_name,
  p.family_name,
  p.created_at
from public.profiles as p
left join public.contacts as c on c.profile_id = p.id
where p.id = (select auth.uid());

create or replace function private.person(profile_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', p.id,
    'name', coalesce(nullif(v.display_name, ''), p.name),
    'email', c.email,
    'phone', coalesce(c.phone, c.unverified_phone),
    'locale', p.locale,
    'timezone', p.timezone
  )
  from public.profiles as p
  left join public.providers as v on v.id = p.id
  left join public.contacts as c on c.profile_id = p.id
  where p.id = person.profile_id;
$$;
