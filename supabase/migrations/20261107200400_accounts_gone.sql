-- A token outlives the account that it was issued for, for hours: whose account is deleted is nobody.

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
where p.id = (select auth.uid())
  and p.deleted_at is null;
comment on view public.my_account is 'The signed-in person: one row; none once the account is deleted.';
