-- What people teach, coach and consult on: categories, and words by which free text finds its category.

create function private.fold(given text) returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  select translate(
    lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g')),
    'øłđıæœß',
    'oldiaos'
  );
$$;
comment on function private.fold(text) is
  'Text without case and accents, for comparison. Letters that do not decompose become their nearest.';
grant execute on function private.fold(text) to authenticated, service_role;

create function private.category_term(given text) returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  select trim(regexp_replace(private.fold(given), '([^[:alnum:]]|\mand\M)+', ' ', 'g'));
$$;
comment on function private.category_term(text) is
  'A category''s name or slug, or what somebody wrote for one, reduced to its words: "Art & Crafts" and "art-crafts" are '
  'the same.';
grant execute on function private.category_term(text) to authenticated, service_role;

create table public.categories (
  id uuid not null,
  slug text not null,
  name text not null,
  description text not null,
  icon text not null,
  position smallint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint categories_pkey primary key (id),
  constraint categories_slug_once unique (slug),
  constraint categories_position_once unique (position),
  constraint categories_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint categories_name_length check (char_length(name) between 1 and 100),
  constraint categories_description_length check (char_length(description) between 1 and 1000)
);
comment on table public.categories is 'The main categories. Reference data: published to everybody, changed by migrations.';
comment on column public.categories.slug is 'Stable name for addresses and programs.';
comment on column public.categories.icon is 'Name of a Lucide icon.';
comment on column public.categories.position is 'Where it stands in the list.';

create table public.subcategories (
  id uuid not null,
  category_id uuid not null,
  slug text not null,
  name text not null,
  description text not null,
  keywords text[] not null,
  position smallint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint subcategories_pkey primary key (id),
  constraint subcategories_category_id_fkey foreign key (category_id) references public.categories (id),
  constraint subcategories_slug_once unique (slug),
  constraint subcategories_position_once unique (category_id, position),
  constraint subcategories_of_category unique (id, category_id),
  constraint subcategories_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint subcategories_name_length check (char_length(name) between 1 and 100),
  constraint subcategories_description_length check (char_length(description) between 1 and 1000),
  constraint subcategories_keywords_number check (cardinality(keywords) between 1 and 50)
);
comment on table public.subcategories is 'What a category consists of. Reference data, like categories.';
comment on column public.subcategories.slug is 'Stable name, unique among all subcategories.';
comment on column public.subcategories.keywords is 'What people also call it, what belongs to it; for search and for matching free text.';

create trigger touch before update on public.categories for each row execute function private.touch();
create trigger touch before update on public.subcategories for each row execute function private.touch();

alter table public.categories enable row level security;
grant select on public.categories to anon, authenticated, service_role;
create policy categories_select on public.categories for select to anon, authenticated using (true);
alter table public.subcategories enable row level security;
grant select on public.subcategories to anon, authenticated, service_role;
create policy subcategories_select on public.subcategories for select to anon, authenticated using (true);

create table private.category_terms (
  term text not null,
  category_id uuid not null,
  subcategory_id uuid,
  kind smallint not null,
  position integer not null,
  constraint category_terms_category_id_fkey foreign key (category_id) references public.categories (id) on delete cascade,
  constraint category_terms_subcategory_id_fkey foreign key (subcategory_id)
    references public.subcategories (id) on delete cascade
);
create index category_terms_term_idx on private.category_terms (term, kind, position);
create index category_terms_similar_idx on private.category_terms using gin (term extensions.gin_trgm_ops);
create index category_terms_category_id_idx on private.category_terms (category_id);
create index category_terms_subcategory_id_idx on private.category_terms (subcategory_id);
comment on table private.category_terms is
  'Every word or phrase that stands for a category or subcategory. Derived from both by refresh_category_terms.';
comment on column private.category_terms.kind is
  'How much it says: 1 name or slug of a category, 2 of a subcategory, 3 part of such a name, 4 keyword.';
alter table private.category_terms enable row level security;
create policy category_terms_none on private.category_terms for all to public using (false);

create function private.refresh_category_terms() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  delete from private.category_terms;
  insert into private.category_terms (term, category_id, subcategory_id, kind, position)
  select distinct on (x.term, x.category_id, x.subcategory_id)
    x.term,
    x.category_id,
    x.subcategory_id,
    x.kind,
    x.position
  from (
    select
      private.category_term(t.term) as term,
      c.id as category_id,
      null::uuid as subcategory_id,
      t.kind,
      c.position * 100 as position
    from public.categories as c
    cross join lateral (
      select c.name as term, 1 as kind
      union all select c.slug, 1
      union all select part, 3 from regexp_split_to_table(c.name, ',| & | and ') as part
    ) as t
    union all
    select private.category_term(t.term), c.id, s.id, t.kind, c.position * 100 + s.position
    from public.subcategories as s
    join public.categories as c on c.id = s.category_id
    cross join lateral (
      select s.name as term, 2 as kind
      union all select s.slug, 2
      union all select part, 3 from regexp_split_to_table(s.name, ',| & | and ') as part
      union all select word, 4 from unnest(s.keywords) as word
    ) as t
  ) as x
  where x.term <> ''
  order by x.term, x.category_id, x.subcategory_id, x.kind;
  return null;
end;
$$;
comment on function private.refresh_category_terms() is 'After a change of categories: derives category_terms anew.';
create trigger refresh_category_terms after insert or update or delete on public.categories
  for each statement execute function private.refresh_category_terms();
create trigger refresh_category_terms after insert or update or delete on public.subcategories
  for each statement execute function private.refresh_category_terms();
