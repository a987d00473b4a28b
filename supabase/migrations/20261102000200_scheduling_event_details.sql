-- What attendees bring and where they join online.

alter table public.events
  add column requirements text not null default '',
  add constraint events_requirements_length check (char_length(requirements) <= 2000);
comment on column public.events.requirements is 'What attendees bring or know; empty when nothing.';

create table public.event_links (
  event_id uuid not null,
  provider_id uuid not null,
  virtual_link text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint event_links_pkey primary key (event_id),
  constraint event_links_event_id_fkey foreign key (event_id) references public.events (id) on delete cascade,
  constraint event_links_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint event_links_virtual_link_form check (
    virtual_link ~ '^https://[^\s<>"]+$' and char_length(virtual_link) <= 2000
  )
);
create index event_links_provider_id_idx on public.event_links (provider_id);
comment on table public.event_links is 'Where to join an online event: for its provider and for those who have a seat.';
comment on column public.event_links.provider_id is 'The event''s provider, for the policy.';
comment on column public.event_links.virtual_link is 'An https address.';

create trigger touch before update on public.event_links for each row execute function private.touch();

create function private.has_seat(event_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from public.bookings as b
    where b.event_id = has_seat.event_id
      and b.attendee_id = (select auth.uid())
      and b.status in ('confirmed', 'completed')
  );
$$;
comment on function private.has_seat(uuid) is 'Whether the caller has a confirmed seat at this event.';
grant execute on function private.has_seat(uuid) to authenticated;

alter table public.event_links enable row level security;
grant select on public.event_links to anon, authenticated, service_role;
create policy event_links_select on public.event_links for select to authenticated
  using (provider_id = (select auth.uid()) or private.has_seat(event_id));

create function private.describe_event(event_id uuid, requirements text, virtual_link text) returns public.events
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb :=
    jsonb_build_object('event_id', event_id, 'requirements', requirements, 'virtual_link', virtual_link);
  v_replay constant jsonb := private.begin_command('describe_event', v_request);
  v_event public.events;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.events, v_replay);
  end if;
  perform private.check_length('requirements', describe_event.requirements, 2000);
  v_event := private.lock_own_event(describe_event.event_id);
  if describe_event.requirements is not null then
    update public.events as e
    set requirements = describe_event.requirements
    where e.id = v_event.id
    returning e.* into v_event;
  end if;
  if describe_event.virtual_link = '' then
    delete from public.event_links as l where l.event_id = v_event.id;
  elsif describe_event.virtual_link is not null then
    insert into public.event_links as l (event_id, provider_id, virtual_link)
    values (v_event.id, v_event.provider_id, describe_event.virtual_link)
    on conflict on constraint event_links_pkey do update
    set virtual_link = excluded.virtual_link;
  end if;
  perform private.finish_command('describe_event', v_request, v_event.id, to_jsonb(v_event));
  return v_event;
exception
  when check_violation then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "virtual_link", "reason": "must be an https address of at most 2000 characters"}';
end;
$$;
comment on function private.describe_event(uuid, text, text) is 'See public.describe_event.';

create function public.describe_event(event_id uuid, requirements text default null, virtual_link text default null)
returns public.events
language sql
set search_path = ''
as $$
  select private.describe_event(describe_event.event_id, describe_event.requirements, describe_event.virtual_link);
$$;
comment on function public.describe_event(uuid, text, text) is
  'Says what attendees bring to the signed-in provider''s event and where they join it online; null leaves a value, an '
  'empty text removes it. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_EVENT (403), EVENT_NOT_FOUND (404), '
  'INVALID_INPUT (400).';
grant execute on function private.describe_event(uuid, text, text) to authenticated;
grant execute on function public.describe_event(uuid, text, text) to authenticated;

create or replace view public.event_listings with (security_invoker = true) as
select
  e.id,
  e.provider_id,
  p.display_name as provider_name,
  e.kind,
  e.title,
  e.description,
  e.location,
  e.starts_at,
  e.ends_at,
  e.timezone,
  e.capacity,
  taken.seats as seats_taken,
  e.capacity - taken.seats as seats_left,
  e.price_minor,
  e.currency,
  e.payment_mode,
  e.status,
  e.version,
  e.created_at,
  p.bio as provider_bio,
  e.requirements,
  l.virtual_link
from public.events as e
join public.providers as p on p.id = e.provider_id
left join public.event_links as l on l.event_id = e.id
cross join lateral (
  select e.seats_taken - case when e.payment_mode = 'prepaid' then private.lapsed_seats(e.id) else 0 end as seats
) as taken;
comment on view public.event_listings is
  'Events with their provider and the seats that are really free at this moment. virtual_link is there for the provider '
  'and for those who have a seat.';
