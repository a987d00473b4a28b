-- The copy of a person's data holds what later areas keep about them.

create function private.my_crm_records() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object('status_changes', (
    select coalesce(jsonb_agg(c order by c.id), '[]')
    from public.crm_status_changes as c
    where c.record_id = r.id
  )) order by r.received_at), '[]')
  from public.crm_records as r
  where r.user_id = (select auth.uid());
$$;
comment on function private.my_crm_records() is
  'What the CRM keeps about the caller: records with the moves of their status. For the copy of their data.';
grant execute on function private.my_crm_records() to authenticated;

create or replace function public.export_my_data() returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_account() || jsonb_build_object(
    'provider_profile', (
      select to_jsonb(d)
      from public.provider_profiles as d
      where d.provider_id = (select auth.uid())
    ),
    'webhook_endpoints', (
      select coalesce(jsonb_agg(w order by w.created_at), '[]')
      from public.webhook_endpoints as w
      where w.owner_id = (select auth.uid())
    ),
    'calendar_feed', (
      select jsonb_build_object('created_at', f.created_at)
      from public.calendar_feeds as f
      where f.profile_id = (select auth.uid())
    ),
    'crm_records', private.my_crm_records()
  );
$$;
