-- What a person says when they register, beside what Supabase Auth keeps: written at once, and once.

alter table public.profiles add column registered_at timestamptz;
comment on column public.profiles.registered_at is
  'When complete_registration was called; null for who signed up without it, or was interrupted before.';

create function private.check_registration(given_name text, family_name text, phone text, bio text, specialization text)
returns void
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_problems constant json := (
    select json_agg(json_build_object('field', c.field, 'reason', c.reason))
    from (values
      ('given_name', char_length(given_name) <= 100, 'must have at most 100 characters'),
      ('family_name', char_length(family_name) <= 100, 'must have at most 100 characters'),
      ('phone', phone ~ '^\+[1-9][0-9]{6,14}$', 'must be a number such as +12025550123'),
      ('bio', char_length(bio) <= 10000, 'must have at most 10000 characters'),
      ('specialization', char_length(specialization) <= 200, 'must have at most 200 characters')
    ) as c (field, holds, reason)
    where c.holds = false
  );
begin
  if v_problems is not null then
    raise sqlstate 'PT400' using message = 'INVALID_INPUT', detail = v_problems::text;
  end if;
end;
$$;
comment on function private.check_registration(text, text, text, text, text) is
  'Raises INVALID_INPUT (400) with every field that breaks a rule; what is null was not said.';

create function private.complete_registration(
  given_name text,
  family_name text,
  phone text,
  bio text,
  specialization text
) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
begin
  perform private.check_registration(given_name, family_name, phone, bio, specialization);
  update public.profiles as p
  set
    registered_at = now(),
    given_name = coalesce(complete_registration.given_name, p.given_name),
    family_name = coalesce(complete_registration.family_name, p.family_name)
  where p.id = v_user_id
    and p.registered_at is null
    and p.created_at > now() - interval '15 minutes';
  if not found then
    raise sqlstate 'PT409' using message = 'EMAIL_TAKEN';
  end if;
  if phone is not null then
    update public.contacts as c
    set unverified_phone = complete_registration.phone
    where c.profile_id = v_user_id;
  end if;
  if coalesce(bio, specialization) is not null then
    update public.providers as p
    set bio = complete_registration.bio, specialization = complete_registration.specialization
    where p.id = v_user_id
      and p.retired_at is null;
  end if;
end;
$$;
comment on function private.complete_registration(text, text, text, text, text) is 'See public.complete_registration.';
grant execute on function private.complete_registration(text, text, text, text, text) to authenticated;

create function public.complete_registration(
  given_name text default null,
  family_name text default null,
  phone text default null,
  bio text default null,
  specialization text default null
) returns public.my_account
language sql
set search_path = ''
as $$
  select private.complete_registration(
    complete_registration.given_name,
    complete_registration.family_name,
    complete_registration.phone,
    complete_registration.bio,
    complete_registration.specialization
  );
  select a from public.my_account as a;
$$;
comment on function public.complete_registration(text, text, text, text, text) is
  'Writes what the person who has just signed up says of themselves, and answers their account: the parts of their name, a '
  'phone number (E.164, kept as unproven) and, for a provider, bio and specialization. Once, within 15 minutes of '
  'signing up. Raises SIGN_IN_REQUIRED (401), INVALID_INPUT (400), EMAIL_TAKEN (409) when it is too late or done.';
grant execute on function public.complete_registration(text, text, text, text, text) to authenticated;
