-- Follows Supabase Auth: a confirmed user gets a profile, and an address that somebody else proved is theirs.

create function private.proves_email(old_user auth.users, new_user auth.users) returns boolean
language sql
stable
set search_path = ''
as $$
  select
    -- A code or link that was sent to the address came back. A new password also clears the token, but then
    -- recovery_sent_at goes with it.
    (
      new_user.email is not distinct from old_user.email
      and coalesce(old_user.recovery_token, '') <> ''
      and coalesce(new_user.recovery_token, '') = ''
      and new_user.recovery_sent_at is not null
    )
    or (
      coalesce(old_user.confirmation_token, '') <> ''
      and coalesce(new_user.confirmation_token, '') = ''
      and old_user.email_confirmed_at is null
      and new_user.email_confirmed_at is not null
    )
    or (
      new_user.email is distinct from old_user.email
      and coalesce(old_user.email_change_token_new, '') <> ''
      and coalesce(new_user.email_change_token_new, '') = ''
    )
    -- A provider vouches for it.
    or exists (
      select
      from auth.identities as i
      where i.user_id = new_user.id
        and i.provider not in ('email', 'phone')
        and i.identity_data ->> 'email_verified' = 'true'
        and lower(i.identity_data ->> 'email') = new_user.email
    );
$$;
comment on function private.proves_email(auth.users, auth.users) is
  'Whether this change of an auth user shows that its owner reads the e-mail address. Follows what GoTrue writes on '
  'verify, user update and sign-in with a provider.';

create function private.refuse_unverified_link(new_user auth.users) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if exists (
    select
    from auth.identities as i
    where i.user_id = new_user.id
      and i.provider not in ('email', 'phone')
      and i.identity_data ->> 'email' is not null
      and i.identity_data ->> 'email_verified' is distinct from 'true'
      and exists (
        select
        from auth.identities as other
        where other.user_id = i.user_id
          and other.created_at < i.created_at
      )
  ) then
    raise sqlstate 'PT403' using message = 'UNVERIFIED_IDENTITY';
  end if;
end;
$$;
comment on function private.refuse_unverified_link(auth.users) is
  'Raises UNVERIFIED_IDENTITY when a provider account whose address nobody verified was linked to an account that '
  'was there before. Supabase Auth links by address alone while it confirms addresses unseen.';

create function private.secure_account() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.email is distinct from old.email then
    update public.profiles as p
    set email_verified_at = null
    where p.id = new.id;
  end if;
  perform private.refuse_unverified_link(new);
  if new.email is null or not private.proves_email(old, new) then
    return new;
  end if;
  update public.profiles as p
  set email_verified_at = now()
  where p.id = new.id
    and p.email_verified_at is null;
  if found and new.email is not distinct from old.email then
    -- Whoever signed up with the address before its owner came keeps neither password nor session.
    new.encrypted_password := null;
    delete from auth.sessions as s
    where s.user_id = new.id
      and s.created_at < now();
  end if;
  return new;
end;
$$;
comment on function private.secure_account() is
  'Before update of an auth user: refuses a link to an unverified address, and records when its e-mail address is proven. The first proof on an account that was '
  'never proven removes its password and ends its sessions, because sign-up confirms addresses unseen.';

create function private.sync_account() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_data constant jsonb := coalesce(new.raw_user_meta_data, '{}');
begin
  if new.email_confirmed_at is null and new.phone_confirmed_at is null then
    return null;
  end if;
  insert into public.profiles (id, name, locale, timezone, email_verified_at)
  values (
    new.id,
    left(trim(coalesce(v_data ->> 'name', v_data ->> 'full_name', '')), 200),
    case when v_data ->> 'locale' ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' then v_data ->> 'locale' else 'en' end,
    case when private.is_time_zone(v_data ->> 'timezone') then v_data ->> 'timezone' end,
    case when new.email is not null and private.proves_email(old, new) then now() end
  )
  on conflict on constraint profiles_pkey do nothing;
  if found and v_data ->> 'provider' = 'true' then
    perform private.create_provider(new.id, null, null);
  end if;

  insert into public.contacts as c (profile_id, email, phone)
  values (
    new.id,
    case when new.email_confirmed_at is not null then lower(nullif(new.email, '')) end,
    case when new.phone_confirmed_at is not null then '+' || ltrim(nullif(new.phone, ''), '+') end
  )
  on conflict on constraint contacts_pkey do update
  set email = excluded.email, phone = excluded.phone
  where (c.email, c.phone) is distinct from (excluded.email, excluded.phone);
  return null;
end;
$$;
comment on function private.sync_account() is
  'After insert or update of an auth user: makes the profile once an address is confirmed (GoTrue creates users when a '
  'code is sent) and keeps contacts. Reads name, locale, timezone and provider (true) from user metadata, which every access token repeats.';

create trigger convene_secure_account before update on auth.users
  for each row execute function private.secure_account();
create trigger convene_sync_account after insert or update on auth.users
  for each row execute function private.sync_account();
