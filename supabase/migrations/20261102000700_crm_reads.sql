-- What is read of the CRM: pages, figures, a dashboard. For the service role, each in one statement.

create type public.crm_page as (
  total integer,
  total_is_exact boolean,
  all_records bigint,
  items json
);
comment on type public.crm_page is
  'One page of crm_records. total counts those that the filters leave, up to 10,000; all_records counts all, when asked.';

create function public.list_crm_records(
  provider_id uuid default null,
  event_id uuid default null,
  user_id uuid default null,
  booking_status text default null,
  crm_status text default null,
  event_kind text default null,
  page_size integer default 10,
  page_offset integer default 0,
  with_all boolean default true
) returns public.crm_page
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_page public.crm_page;
begin
  select least(counted.n, 10000), counted.n <= 10000,
    case when list_crm_records.with_all then (select count(*) from public.crm_records) end
  into v_page.total, v_page.total_is_exact, v_page.all_records
  from (
    select count(*) as n
    from (
      select
      from public.crm_records as r
      where (list_crm_records.provider_id is null or r.provider_id = list_crm_records.provider_id)
        and (list_crm_records.event_id is null or r.event_id = list_crm_records.event_id)
        and (list_crm_records.user_id is null or r.user_id = list_crm_records.user_id)
        and (list_crm_records.booking_status is null or r.booking_status = list_crm_records.booking_status)
        and (list_crm_records.crm_status is null or r.crm_status = list_crm_records.crm_status)
        and (list_crm_records.event_kind is null or r.event_kind = list_crm_records.event_kind)
      limit 10001
    ) as bounded
  ) as counted;
  select coalesce(json_agg(l), '[]')
  into v_page.items
  from (
    select r.*
    from public.crm_records as r
    where (list_crm_records.provider_id is null or r.provider_id = list_crm_records.provider_id)
      and (list_crm_records.event_id is null or r.event_id = list_crm_records.event_id)
      and (list_crm_records.user_id is null or r.user_id = list_crm_records.user_id)
      and (list_crm_records.booking_status is null or r.booking_status = list_crm_records.booking_status)
      and (list_crm_records.crm_status is null or r.crm_status = list_crm_records.crm_status)
      and (list_crm_records.event_kind is null or r.event_kind = list_crm_records.event_kind)
    order by r.received_at desc, r.id
    limit least(list_crm_records.page_size, 100)
    offset list_crm_records.page_offset
  ) as l;
  return v_page;
end;
$$;
comment on function public.list_crm_records(uuid, uuid, uuid, text, text, text, integer, integer, boolean) is
  'Records that all given filters leave, latest first; at most 100 a page. For the service role.';
grant execute on function public.list_crm_records(uuid, uuid, uuid, text, text, text, integer, integer, boolean)
  to service_role;

create function public.read_crm_record(booking_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select to_jsonb(r) || jsonb_build_object('status_history', (
    select coalesce(jsonb_agg(c order by c.id), '[]')
    from public.crm_status_changes as c
    where c.record_id = r.id
  ))
  from public.crm_records as r
  where r.booking_id = read_crm_record.booking_id
  order by r.received_at desc
  limit 1;
$$;
comment on function public.read_crm_record(uuid) is
  'The record of a booking with status_history, rows of crm_status_changes, oldest first; null when there is none. For '
  'the service role.';
grant execute on function public.read_crm_record(uuid) to service_role;

create type public.crm_figures as (
  bookings integer,
  sessions integer,
  retreats integer,
  recent integer,
  users integer,
  events integer
);
comment on type public.crm_figures is
  'Bookings of a provider as the CRM knows them, without cancelled and expired ones; recent were received within 30 days.';

create function public.crm_figures(provider_id uuid) returns public.crm_figures
language sql
stable
set search_path = ''
as $$
  select
    count(*)::integer,
    (count(*) filter (where r.event_kind = 'session'))::integer,
    (count(*) filter (where r.event_kind = 'retreat'))::integer,
    (count(*) filter (where r.received_at > now() - interval '30 days'))::integer,
    count(distinct r.user_id)::integer,
    count(distinct r.event_id)::integer
  from public.crm_records as r
  where r.provider_id = crm_figures.provider_id
    and r.booking_status not in ('cancelled', 'expired');
$$;
comment on function public.crm_figures(uuid) is 'Figures of one provider. For the service role.';
grant execute on function public.crm_figures(uuid) to service_role;

create function public.crm_provider_bookings(
  provider_id uuid,
  booking_status text default null,
  crm_status text default null,
  event_kind text default null,
  page_size integer default 10,
  page_offset integer default 0
) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'page', public.list_crm_records(
      provider_id => crm_provider_bookings.provider_id,
      booking_status => crm_provider_bookings.booking_status,
      crm_status => crm_provider_bookings.crm_status,
      event_kind => crm_provider_bookings.event_kind,
      page_size => crm_provider_bookings.page_size,
      page_offset => crm_provider_bookings.page_offset,
      with_all => false
    ),
    'figures', public.crm_figures(crm_provider_bookings.provider_id)
  );
$$;
comment on function public.crm_provider_bookings(uuid, text, text, text, integer, integer) is
  'A page (crm_page) of a provider''s records, and the figures (crm_figures) of all of them. For the service role.';
grant execute on function public.crm_provider_bookings(uuid, text, text, text, integer, integer) to service_role;

create function public.crm_dashboard(provider_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'figures', public.crm_figures(crm_dashboard.provider_id),
    'popular_events', (
      select coalesce(jsonb_agg(e order by e.bookings desc, e.event_id), '[]')
      from (
        select
          r.event_id,
          (array_agg(r.event_title order by r.received_at desc))[1] as event_title,
          (array_agg(r.event_kind order by r.received_at desc))[1] as event_kind,
          count(*)::integer as bookings
        from public.crm_records as r
        where r.provider_id = crm_dashboard.provider_id
          and r.booking_status not in ('cancelled', 'expired')
        group by r.event_id
        order by count(*) desc, r.event_id
        limit 5
      ) as e
    ),
    'recent_records', (
      select coalesce(jsonb_agg(l order by l.received_at desc, l.id), '[]')
      from (
        select r.*
        from public.crm_records as r
        where r.provider_id = crm_dashboard.provider_id
        order by r.received_at desc, r.id
        limit 10
      ) as l
    )
  );
$$;
comment on function public.crm_dashboard(uuid) is
  'A provider''s figures (crm_figures), the five most booked events {event_id, event_title, event_kind, bookings} and the '
  'ten latest records. For the service role.';
grant execute on function public.crm_dashboard(uuid) to service_role;

create type public.crm_totals as (records bigint, providers integer, events integer);
comment on type public.crm_totals is 'How many records, and of how many providers and events.';

create function public.crm_totals() returns public.crm_totals
language sql
stable
set search_path = ''
as $$
  select
    count(*),
    count(distinct r.provider_id)::integer,
    count(distinct r.event_id)::integer
  from public.crm_records as r;
$$;
comment on function public.crm_totals() is 'The CRM''s totals. For the service role.';
grant execute on function public.crm_totals() to service_role;
