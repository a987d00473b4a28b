-- The CRM's totals are told to everybody who asks for its health, so they may not read all there is.

create or replace function public.crm_totals() returns public.crm_totals
language sql
stable
set search_path = ''
as $$
  select
    count(*),
    count(distinct r.provider_id)::integer,
    count(distinct r.event_id)::integer
  from (
    select c.provider_id, c.event_id
    from public.crm_records as c
    limit 10000
  ) as r;
$$;
comment on function public.crm_totals() is
  'The CRM''s totals, of at most 10,000 records. For the service role.';
comment on type public.crm_totals is
  'How many records, and of how many providers and events; all counted in at most 10,000 records.';
