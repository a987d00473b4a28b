-- A person's private calendar feed: whoever has its token reads it, until it is revoked.

create table public.calendar_feeds (
  profile_id uuid not null,
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint calendar_feeds_pkey primary key (profile_id),
  constraint calendar_feeds_profile_id_fkey foreign key (profile_id) references public.profiles (id) on delete cascade,
  constraint calendar_feeds_token_hash_once unique (token_hash)
);
comment on table public.calendar_feeds is 'Who has a calendar feed, at most one each. Shown to that person only.';
comment on column public.calendar_feeds.token_hash is 'SHA-256 of the token in the feed''s address, which is kept nowhere.';
comment on column public.calendar_feeds.created_at is 'When the present token was made.';

create trigger touch before update on public.calendar_feeds for each row execute function private.touch();

alter table public.calendar_feeds enable row level security;
grant select (profile_id, created_at, updated_at) on public.calendar_feeds to authenticated, service_role;
create policy calendar_feeds_select on public.calendar_feeds for select to authenticated
  using (profile_id = (select auth.uid()));

create function private.forget_calendar_feed() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.calendar_feeds as f where f.profile_id = new.id;
  return null;
end;
$$;
comment on function private.forget_calendar_feed() is 'After an account is deleted: its calendar feed ends.';
create trigger forget_calendar_feed after update of deleted_at on public.profiles
  for each row when (new.deleted_at is not null) execute function private.forget_calendar_feed();

create function private.create_calendar_feed() returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
  v_token constant text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  -- A recorded answer would keep the token: a repeated call makes a new one, and the latest is the one that counts.
  perform private.begin_command('create_calendar_feed', '{}');
  insert into public.calendar_feeds as f (profile_id, token_hash)
  values (v_user_id, sha256(convert_to(v_token, 'UTF8')))
  on conflict on constraint calendar_feeds_pkey do update
  set token_hash = excluded.token_hash, created_at = now();
  perform private.finish_command('create_calendar_feed', '{}', v_user_id, '{}');
  return v_token;
end;
$$;
comment on function private.create_calendar_feed() is 'See public.create_calendar_feed.';

create function public.create_calendar_feed() returns text
language sql
set search_path = ''
as $$
  select private.create_calendar_feed();
$$;
comment on function public.create_calendar_feed() is
  'Makes the signed-in person''s calendar feed and answers its token, this once: the feed is at '
  '/functions/v1/calendar/<token>.ics. A former token ends. Raises SIGN_IN_REQUIRED (401).';
grant execute on function private.create_calendar_feed() to authenticated;
grant execute on function public.create_calendar_feed() to authenticated;

create function private.revoke_calendar_feed() returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
begin
  perform private.begin_command('revoke_calendar_feed', '{}');
  delete from public.calendar_feeds as f where f.profile_id = v_user_id;
  perform private.finish_command('revoke_calendar_feed', '{}', v_user_id, '{}');
end;
$$;
comment on function private.revoke_calendar_feed() is 'See public.revoke_calendar_feed.';

create function public.revoke_calendar_feed() returns void
language sql
set search_path = ''
as $$
  select private.revoke_calendar_feed();
$$;
comment on function public.revoke_calendar_feed() is
  'Ends the signed-in person''s calendar feed; without one, nothing happens. Raises SIGN_IN_REQUIRED (401).';
grant execute on function private.revoke_calendar_feed() to authenticated;
grant execute on function public.revoke_calendar_feed() to authenticated;

create function private.calendar_of(profile_id uuid) returns setof public.calendar_entry
language sql
stable
set search_path = ''
as $$
  select case
    when (own.booking).id is null then private.event_entry(own.event)
    else private.booking_entry(own.booking, own.event)
  end
  from (
    select b as booking, e as event
    from public.bookings as b
    join public.events as e on e.id = b.event_id
    where b.attendee_id = calendar_of.profile_id
      and b.status <> 'expired'
      and (b.cancelled_at is null or b.cancelled_at > now() - interval '30 days')
      and e.ends_at > now() - interval '30 days'
      and e.starts_at < now() + interval '1 year'
    union all
    select null, e
    from public.events as e
    where e.provider_id = calendar_of.profile_id
      and (e.cancelled_at is null or e.cancelled_at > now() - interval '30 days')
      -- No event is longer than 366 days: this bounds the part of the index that is read.
      and e.starts_at > now() - interval '400 days'
      and e.ends_at > now() - interval '30 days'
      and e.starts_at < now() + interval '1 year'
  ) as own
  order by (own.event).ends_at < now(), (own.event).starts_at, coalesce((own.booking).id, (own.event).id)
  limit 1000;
$$;
comment on function private.calendar_of(uuid) is
  'A person''s bookings and own events from 30 days ago to a year ahead, at most 1,000, those ahead first. What was '
  'cancelled stays for 30 days, so that calendars learn of it.';

create function private.read_calendar_feed(token text) returns setof public.calendar_entry
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  select f.profile_id
  into v_profile_id
  from public.calendar_feeds as f
  where f.token_hash = sha256(convert_to(read_calendar_feed.token, 'UTF8'));
  if not found then
    raise sqlstate 'PT404' using message = 'NOT_FOUND';
  end if;
  return query select c.* from private.calendar_of(v_profile_id) as c;
end;
$$;
comment on function private.read_calendar_feed(text) is 'See public.read_calendar_feed.';

create function public.read_calendar_feed(token text) returns setof public.calendar_entry
language sql
stable
set search_path = ''
as $$
  select c.* from private.read_calendar_feed(read_calendar_feed.token) as c;
$$;
comment on function public.read_calendar_feed(text) is
  'The entries of a calendar feed, for whoever has its token. Raises NOT_FOUND (404) for one that is unknown or revoked.';
grant execute on function private.read_calendar_feed(text) to anon;
grant execute on function public.read_calendar_feed(text) to anon;
