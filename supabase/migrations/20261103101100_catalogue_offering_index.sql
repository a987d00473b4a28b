-- What the search of offerings reads: listed ones only, in a form made for it.

create table private.offering_index (
  offering_id uuid not null,
  title_text text not null,
  title_vector tsvector not null generated always as (to_tsvector('pg_catalog.english', title_text)) stored,
  description_text text not null,
  description_vector tsvector not null generated always as (to_tsvector('pg_catalog.english', description_text)) stored,
  categories text[] not null,
  created_at timestamptz not null,
  constraint offering_index_pkey primary key (offering_id),
  constraint offering_index_offering_id_fkey foreign key (offering_id) references public.offerings (id) on delete cascade
);
create index offering_index_title_words_idx on private.offering_index using gin (title_vector);
create index offering_index_title_similar_idx on private.offering_index using gin (title_text extensions.gin_trgm_ops);
create index offering_index_description_words_idx on private.offering_index using gin (description_vector);
create index offering_index_description_similar_idx on private.offering_index
  using gin (description_text extensions.gin_trgm_ops);
create index offering_index_categories_idx on private.offering_index using gin (categories);
create index offering_index_created_at_idx on private.offering_index (created_at desc, offering_id);
comment on table private.offering_index is
  'One row per listed offering, kept by index_offerings. Beside the table, so that a row of offerings is what it says.';
comment on column private.offering_index.title_text is
  'Folded. Words are those of English: stems and stop words of other languages only cost precision, not results.';
comment on column private.offering_index.categories is
  'Terms that a search by category finds it under: as given, and the slugs it was matched to.';
alter table private.offering_index enable row level security;
create policy offering_index_none on private.offering_index for all to public using (false);

create function private.index_offerings() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from private.offering_index as i
  using changed as o
  where i.offering_id = o.id
    and not o.is_active;
  insert into private.offering_index as i (offering_id, title_text, description_text, categories, created_at)
  select
    o.id,
    private.fold(o.title),
    private.fold(o.description),
    array_remove(array[private.category_term(o.category), c.slug, s.slug], null),
    o.created_at
  from changed as o
  left join public.categories as c on c.id = o.category_id
  left join public.subcategories as s on s.id = o.subcategory_id
  where o.is_active
  on conflict on constraint offering_index_pkey do update
  set
    title_text = excluded.title_text,
    description_text = excluded.description_text,
    categories = excluded.categories
  where (i.title_text, i.description_text, i.categories)
    is distinct from (excluded.title_text, excluded.description_text, excluded.categories);
  return null;
end;
$$;
comment on function private.index_offerings() is 'After offerings were written: keeps offering_index.';

create trigger index_new after insert on public.offerings
  referencing new table as changed
  for each statement execute function private.index_offerings();
create trigger index_changed after update on public.offerings
  referencing new table as changed
  for each statement execute function private.index_offerings();

create function private.withdraw_offerings() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.offerings as o
  set is_active = false, deleted_at = coalesce(o.deleted_at, now()), version = o.version + 1
  where o.provider_id = new.id
    and o.deleted_at is null;
  return null;
end;
$$;
comment on function private.withdraw_offerings() is 'After a provider retired: deletes what they offered.';
create trigger withdraw_offerings after update of retired_at on public.providers
  for each row when (old.retired_at is null and new.retired_at is not null)
  execute function private.withdraw_offerings();

create function private.forget_offerings() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.offerings as o
  set description = '', category = null, basic_info = '{}', details = '{}'
  where o.provider_id = new.id;
  return null;
end;
$$;
comment on function private.forget_offerings() is
  'After an account was deleted: empties what its owner wrote of their offerings. The title stays for those who booked.';
create trigger forget_offerings after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function private.forget_offerings();

create or replace function public.export_my_data() returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
begin
  return jsonb_build_object(
    'exported_at', now(),
    'profile', (select to_jsonb(p) from public.profiles as p where p.id = v_user_id),
    'contact', (select to_jsonb(c) from public.contacts as c where c.profile_id = v_user_id),
    'provider', (select to_jsonb(p) from public.providers as p where p.id = v_user_id),
    'offerings', (
      select coalesce(jsonb_agg(o order by o.created_at), '[]') from public.offerings as o where o.provider_id = v_user_id
    ),
    'events', (
      select coalesce(jsonb_agg(e order by e.created_at), '[]') from public.events as e where e.provider_id = v_user_id
    ),
    'bookings', (
      select coalesce(jsonb_agg(b order by b.created_at), '[]')
      from public.booking_details as b
      where b.attendee_id = v_user_id
    ),
    'notifications', (
      select coalesce(jsonb_agg(n order by n.created_at), '[]')
      from public.notifications as n
      where n.recipient_id = v_user_id
    )
  );
end;
$$;
