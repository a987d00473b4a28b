-- Offerings: what a provider sells at any time that suits both. 000's offering, 004's service.

create table public.offerings (
  id uuid not null default gen_random_uuid(),
  provider_id uuid not null,
  title text not null,
  description text not null default '',
  category text,
  category_id uuid,
  subcategory_id uuid,
  basic_info jsonb not null default '{}',
  details jsonb not null default '{}',
  price_schedule jsonb not null default '{}',
  price_minor bigint,
  currency text not null,
  duration_minutes integer,
  is_active boolean not null default true,
  deleted_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint offerings_pkey primary key (id),
  constraint offerings_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint offerings_category_id_fkey foreign key (category_id) references public.categories (id),
  constraint offerings_subcategory_id_fkey foreign key (subcategory_id, category_id)
    references public.subcategories (id, category_id),
  constraint offerings_title_length check (char_length(title) between 1 and 200),
  constraint offerings_description_length check (char_length(description) <= 10000),
  constraint offerings_category_length check (char_length(category) between 1 and 100),
  constraint offerings_subcategory_has_category check (subcategory_id is null or category_id is not null),
  constraint offerings_basic_info_object check (jsonb_typeof(basic_info) = 'object'),
  constraint offerings_details_object check (jsonb_typeof(details) = 'object'),
  constraint offerings_price_schedule_object check (jsonb_typeof(price_schedule) = 'object'),
  constraint offerings_price_range check (price_minor between 0 and 100000000000),
  constraint offerings_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint offerings_duration_range check (duration_minutes between 1 and 10080),
  constraint offerings_deleted_is_inactive check (deleted_at is null or not is_active)
);
create index offerings_provider_id_idx on public.offerings (provider_id, created_at desc, id);
create index offerings_category_id_idx on public.offerings (category_id);
create index offerings_subcategory_id_idx on public.offerings (subcategory_id, category_id);
comment on table public.offerings is
  'What a provider offers outside events. Active ones are published to everybody; deleted ones are kept, because '
  'bookings refer to them.';
comment on column public.offerings.category is
  'In the provider''s words; category_id and subcategory_id are what it was matched to.';
comment on column public.offerings.category_id is 'The category that fits, by private.match_category; null when none does.';
comment on column public.offerings.basic_info is 'Free-form, for people.';
comment on column public.offerings.details is 'Free-form, for people.';
comment on column public.offerings.price_schedule is
  'Free-form; private.schedule_price reads price_minor and currency out of it.';
comment on column public.offerings.price_minor is 'What a booking costs, in minor units of currency; null: on request.';
comment on column public.offerings.duration_minutes is 'How long one booking takes; null while unsaid.';
comment on column public.offerings.is_active is 'Whether it is listed and can be booked.';
comment on column public.offerings.deleted_at is 'When it was deleted; setting it active restores it.';
comment on column public.offerings.version is 'Rises with every change.';

create trigger touch before update on public.offerings for each row execute function private.touch();

alter table public.offerings enable row level security;
grant select on public.offerings to anon, authenticated, service_role;
create policy offerings_select on public.offerings for select to anon, authenticated
  using (is_active or provider_id = (select auth.uid()));

create view public.offering_listings with (security_invoker = true) as
select
  o.id,
  o.provider_id,
  p.display_name as provider_name,
  o.title,
  o.description,
  o.category,
  o.category_id,
  o.subcategory_id,
  o.basic_info,
  o.details,
  o.price_schedule,
  o.price_minor,
  o.currency,
  o.duration_minutes,
  o.is_active,
  o.version,
  o.created_at,
  o.updated_at
from public.offerings as o
join public.providers as p on p.id = o.provider_id
where o.deleted_at is null;
comment on view public.offering_listings is 'Offerings with their provider''s name, without deleted ones.';
grant select on public.offering_listings to anon, authenticated, service_role;
