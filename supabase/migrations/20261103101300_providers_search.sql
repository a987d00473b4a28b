-- Search of providers, for everybody by name, for signed-in people also by e-mail address.

create index providers_name_prefix_idx on public.providers (private.fold(display_name) text_pattern_ops)
  where retired_at is null;
create index providers_name_similar_idx on public.providers
  using gin (private.fold(display_name) extensions.gin_trgm_ops)
  where retired_at is null;
create index providers_created_at_idx on public.providers (created_at desc, id) where retired_at is null;
create index contacts_email_idx on public.contacts (email);

create function private.search_providers(name text, email text, page_size integer, page_offset integer)
returns public.page
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
  v_name constant text := nullif(trim(private.fold(name)), '');
  v_email constant text := lower(trim(email));
  v_prefix constant text := regexp_replace(v_name, '([%_\\])', '\\\1', 'g') || '%';
  v_owner uuid;
  v_page public.page;
begin
  perform private.check_length('name', name, 200);
  perform private.check_length('email', email, 320);
  if email is not null then
    perform private.acting_user();
    select c.profile_id into v_owner from public.contacts as c where c.email = v_email;
    v_owner := coalesce(v_owner, '00000000-0000-0000-0000-000000000000');
  end if;

  with candidates as materialized (
    select p.id, p.created_at, case when v_name is not null then private.fold(p.display_name) end as name
    from public.providers as p
    where p.retired_at is null
      and (v_owner is null or p.id = v_owner)
      and (
        v_name is null
        or private.fold(p.display_name) like v_prefix
        or private.fold(p.display_name) like '% ' || v_prefix
        or private.fold(p.display_name) operator(extensions.%>) v_name
      )
    order by case when v_name is null then p.created_at end desc
    limit case when v_name is null then 10001 else 1001 end
  ), page as (
    select
      row_number() over (order by
        c.name = v_name desc,
        c.name like v_prefix desc,
        extensions.word_similarity(v_name, c.name) desc,
        case when v_name is not null then c.name end,
        c.created_at desc,
        c.id
      ) as place,
      c.id
    from candidates as c
    order by 1
    limit least(search_providers.page_size, 100)
    offset search_providers.page_offset
  )
  select
    (select least(count(*), case when v_name is null then 10000 else 1000 end)::integer from candidates),
    (select count(*) <= case when v_name is null then 10000 else 1000 end from candidates),
    (
      select coalesce(json_agg(l order by l.place), '[]')
      from (
        select a.place, p.id, p.display_name, p.bio, p.specialization, p.created_at
        from page as a
        join public.providers as p on p.id = a.id
      ) as l
    )
  into v_page;
  return v_page;
end;
$$;
comment on function private.search_providers(text, text, integer, integer) is
  'See public.search_providers. Runs as its owner to read addresses, of which it tells nothing.';

create function public.search_providers(
  name text default null,
  email text default null,
  page_size integer default 20,
  page_offset integer default 0
)
returns public.page
language sql
stable
set search_path = ''
as $$
  select (p).total, (p).total_is_exact, (p).items
  from private.search_providers(
    search_providers.name, search_providers.email, search_providers.page_size, search_providers.page_offset
  ) as p;
$$;
comment on function public.search_providers(text, text, integer, integer) is
  'Providers by the beginning of their name or of a part of it, or by a similar one, whatever case and accents, best '
  'first; at most 100 a page, each with id, display_name, bio, specialization and created_at. By e-mail only as the exact '
  'address and only for signed-in people; no contact data is ever told. Raises SIGN_IN_REQUIRED (401) for an e-mail, '
  'INVALID_INPUT (400) above 200 characters.';
grant execute on function private.search_providers(text, text, integer, integer) to anon, authenticated, service_role;
grant execute on function public.search_providers(text, text, integer, integer) to anon, authenticated, service_role;
