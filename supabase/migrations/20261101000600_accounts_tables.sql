-- People: the profile that outlives an account, and how to reach them.

create table public.profiles (
  id uuid not null,
  name text not null default '',
  locale text not null default 'en',
  timezone text,
  email_verified_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_pkey primary key (id),
  constraint profiles_name_length check (char_length(name) <= 200),
  constraint profiles_locale_form check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint profiles_timezone_known check (timezone is null or private.is_time_zone(timezone))
);
comment on table public.profiles is 'A person. Made when an e-mail address or phone is confirmed, emptied when the account is deleted.';
comment on column public.profiles.id is 'The auth user''s id, without a foreign key: bookings and payments outlive an account.';
comment on column public.profiles.locale is 'BCP 47 language of messages to this person.';
comment on column public.profiles.timezone is 'IANA zone of times in messages; null while unknown.';
comment on column public.profiles.email_verified_at is
  'When this person proved to own the e-mail address (code, link or a provider that vouches). Null: do not trust it.';
comment on column public.profiles.deleted_at is 'When the account was deleted.';

create table public.contacts (
  profile_id uuid not null,
  email text,
  phone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint contacts_pkey primary key (profile_id),
  constraint contacts_profile_id_fkey foreign key (profile_id) references public.profiles (id) on delete cascade,
  constraint contacts_email_lower_case check (email = lower(email)),
  constraint contacts_phone_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$')
);
comment on table public.contacts is 'How to reach a person. Kept equal to the auth user; shown to them and to providers they booked.';
comment on column public.contacts.phone is 'E.164.';

create trigger touch before update on public.profiles for each row execute function private.touch();
create trigger touch before update on public.contacts for each row execute function private.touch();

alter table public.profiles enable row level security;
grant select on public.profiles to authenticated, service_role;
grant update (name, locale, timezone) on public.profiles to authenticated;

alter table public.contacts enable row level security;
grant select on public.contacts to authenticated, service_role;

create function private.has_session() returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from auth.sessions as s
    where s.id = nullif(auth.jwt() ->> 'session_id', '')::uuid
      and s.user_id = (select auth.uid())
  );
$$;
comment on function private.has_session() is
  'Whether the access token''s session still exists. The API takes a token until it expires; commands do not.';
grant execute on function private.has_session() to authenticated;

create function private.acting_user() returns uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  v_actor constant private.actor := private.actor();
begin
  if v_actor.kind is distinct from 'user' or not private.has_session() or not exists (
    select
    from public.profiles as p
    where p.id = v_actor.id
      and p.deleted_at is null
  ) then
    raise sqlstate 'PT401' using message = 'SIGN_IN_REQUIRED';
  end if;
  return v_actor.id;
end;
$$;
comment on function private.acting_user() is
  'The signed-in person, for commands. Raises SIGN_IN_REQUIRED (401) for anybody else, also when they signed out or the '
  'account was deleted.';
