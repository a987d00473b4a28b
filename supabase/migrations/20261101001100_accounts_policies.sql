-- Who sees a person: they themselves, and providers whom they booked.

create function private.has_booked_me(profile_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from public.bookings as b
    where b.provider_id = (select auth.uid())
      and b.attendee_id = has_booked_me.profile_id
  );
$$;
comment on function private.has_booked_me(uuid) is 'Whether this person ever booked the caller.';
grant execute on function private.has_booked_me(uuid) to authenticated;

create policy profiles_select on public.profiles for select to authenticated
  using (id = (select auth.uid()) or private.has_booked_me(id));
create policy profiles_update on public.profiles for update to authenticated
  using (id = (select auth.uid()) and deleted_at is null)
  with check (id = (select auth.uid()));
create policy contacts_select on public.contacts for select to authenticated
  using (profile_id = (select auth.uid()) or private.has_booked_me(profile_id));

create view public.my_account with (security_invoker = true) as
select
  p.id,
  p.name,
  c.email,
  c.phone,
  p.locale,
  p.timezone,
  p.email_verified_at is not null as email_verified,
  exists (select from public.providers as v where v.id = p.id and v.retired_at is null) as is_provider
from public.profiles as p
left join public.contacts as c on c.profile_id = p.id
where p.id = (select auth.uid());
comment on view public.my_account is 'The signed-in person: one row.';
grant select on public.my_account to authenticated;
