-- What facilitators say of themselves in six sections. A table of its own: rows of providers are public, these are not.

create table public.provider_profiles (
  provider_id uuid not null,
  contact_email text,
  basic_info jsonb not null default '{}',
  professional_details jsonb not null default '{}',
  bio_about jsonb not null default '{}',
  experience jsonb not null default '{}',
  certifications jsonb not null default '{}',
  visual_profile jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint provider_profiles_pkey primary key (provider_id),
  constraint provider_profiles_provider_id_fkey foreign key (provider_id) references public.providers (id) on delete cascade,
  constraint provider_profiles_contact_email_form check (
    contact_email ~ '^[^@\s]+@[^@\s]+$' and char_length(contact_email) <= 255
  ),
  constraint provider_profiles_basic_info_size check (
    jsonb_typeof(basic_info) = 'object' and octet_length(basic_info::text) <= 65536
  ),
  constraint provider_profiles_professional_details_size check (
    jsonb_typeof(professional_details) = 'object' and octet_length(professional_details::text) <= 65536
  ),
  constraint provider_profiles_bio_about_size check (
    jsonb_typeof(bio_about) = 'object' and octet_length(bio_about::text) <= 65536
  ),
  constraint provider_profiles_experience_size check (
    jsonb_typeof(experience) = 'object' and octet_length(experience::text) <= 65536
  ),
  constraint provider_profiles_certifications_size check (
    jsonb_typeof(certifications) = 'object' and octet_length(certifications::text) <= 65536
  ),
  constraint provider_profiles_visual_profile_size check (
    jsonb_typeof(visual_profile) = 'object' and octet_length(visual_profile::text) <= 65536
  )
);
comment on table public.provider_profiles is
  'What a provider says of themselves in six free-form sections, for themselves alone. Text in it is data, never markup.';
comment on column public.provider_profiles.contact_email is
  'Where they want to be written to. Nobody has verified it: never for sign-in, linking or search.';

create trigger touch before update on public.provider_profiles for each row execute function private.touch();

alter table public.provider_profiles enable row level security;
grant select on public.provider_profiles to authenticated, service_role;
create policy provider_profiles_select on public.provider_profiles for select to authenticated
  using (provider_id = (select auth.uid()));

create function private.is_section(name text) returns boolean
language sql
immutable
set search_path = ''
as $$
  select name = any (array[
    'basic_info', 'professional_details', 'bio_about', 'experience', 'certifications', 'visual_profile'
  ]);
$$;
comment on function private.is_section(text) is 'Whether a provider''s profile has a section of this name.';

create function private.has_content(section jsonb) returns boolean
language sql
immutable
set search_path = ''
as $$
  select exists (
    select
    from jsonb_each(case jsonb_typeof(has_content.section) when 'object' then has_content.section else '{}' end) as e
    where e.value not in ('null', '""', '[]', '{}')
  );
$$;
comment on function private.has_content(jsonb) is 'Whether anything in a section says something: not null, "", [] or {}. Nothing does where there is no section.';
grant execute on function private.has_content(jsonb) to authenticated, service_role;

create function private.profile_completeness(name text, email text, sections jsonb) returns jsonb
language sql
immutable
set search_path = ''
as $$
  with items as (
    select
      s.name,
      s.at,
      s.is_counted,
      private.has_content(sections -> s.name) as is_complete
    from (values
      ('basic_info', 1, true),
      ('professional_details', 2, true),
      ('bio_about', 3, true),
      ('experience', 4, true),
      ('certifications', 5, false),
      ('visual_profile', 6, false)
    ) as s (name, at, is_counted)
  ), required as (
    select
      (coalesce(trim(profile_completeness.name), '') <> '')::integer as name,
      (coalesce(profile_completeness.email, '') <> '')::integer as email
  )
  select jsonb_build_object(
    'required_fields_complete', max(r.name + r.email) = 2,
    'completed_sections', coalesce(jsonb_agg(i.name order by i.at) filter (where i.is_complete), '[]'),
    'missing_sections', coalesce(
      jsonb_agg(i.name order by i.at) filter (where i.is_counted and not i.is_complete), '[]'
    ),
    'overall_percentage', round(
      max(25 * (r.name + r.email)) + 12.5 * count(*) filter (where i.is_counted and i.is_complete)
    )::integer
  )
  from items as i
  cross join required as r;
$$;
comment on function private.profile_completeness(text, text, jsonb) is
  'How complete a profile is: 25 % each for name and e-mail, the required fields, and 12.5 % for each of basic_info, '
  'professional_details, bio_about and experience that says something, rounded half up. certifications and '
  'visual_profile not everybody has: they show as completed, never as missing, and do not count.';
grant execute on function private.profile_completeness(text, text, jsonb) to authenticated, service_role;

create view public.my_provider_profile with (security_invoker = true) as
select
  p.id,
  c.phone,
  coalesce(d.contact_email, c.email) as email,
  p.display_name as name,
  coalesce(d.basic_info, '{}') as basic_info,
  coalesce(d.professional_details, '{}') as professional_details,
  coalesce(d.bio_about, '{}') as bio_about,
  coalesce(d.experience, '{}') as experience,
  coalesce(d.certifications, '{}') as certifications,
  coalesce(d.visual_profile, '{}') as visual_profile,
  private.profile_completeness(
    p.display_name,
    coalesce(d.contact_email, c.email),
    jsonb_build_object(
      'basic_info', d.basic_info,
      'professional_details', d.professional_details,
      'bio_about', d.bio_about,
      'experience', d.experience,
      'certifications', d.certifications,
      'visual_profile', d.visual_profile
    )
  ) as completeness,
  p.retired_at is null as is_active,
  p.created_at,
  greatest(p.updated_at, d.updated_at) as updated_at
from public.providers as p
left join public.contacts as c on c.profile_id = p.id
left join public.provider_profiles as d on d.provider_id = p.id
where p.id = (select auth.uid());
comment on view public.my_provider_profile is
  'The signed-in provider''s own profile: one row. email is the contact address, or else the one they sign in with.';
grant select on public.my_provider_profile to authenticated;

create function private.forget_provider_profile() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.provider_profiles as d where d.provider_id = new.id;
  return null;
end;
$$;
comment on function private.forget_provider_profile() is
  'After an account was deleted (private.delete_account): deletes what the provider said of themselves.';
create trigger forget_provider_profile after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function private.forget_provider_profile();
