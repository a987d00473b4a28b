-- Commands over a provider's profile: onboarding, and changes that merge.

create function private.merge_section(section jsonb, changes jsonb) returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(e.key, e.value) filter (where e.value <> 'null'), '{}')
  from jsonb_each(coalesce(merge_section.section, '{}') || coalesce(merge_section.changes, '{}')) as e;
$$;
comment on function private.merge_section(jsonb, jsonb) is
  'A section with changes to its top-level keys: those given are replaced whole, null removes one, others stay.';

create function private.check_profile(name text, contact_email text, sections jsonb) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  v_key text;
  v_value jsonb;
begin
  if trim(check_profile.name) = '' or char_length(check_profile.name) > 200 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "name", "reason": "must have 1 to 200 characters"}';
  end if;
  if check_profile.contact_email !~ '^[^@\s]+@[^@\s]+$' or char_length(check_profile.contact_email) > 255 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "email", "reason": "must be an e-mail address"}';
  end if;
  if jsonb_typeof(check_profile.sections) is distinct from 'object' then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "sections", "reason": "must be an object"}';
  end if;
  for v_key, v_value in select e.key, e.value from jsonb_each(check_profile.sections) as e loop
    if not private.is_section(v_key) then
      raise sqlstate 'PT400' using
        message = 'INVALID_INPUT',
        detail = json_build_object('field', left(v_key, 100), 'reason', 'is not a section')::text;
    end if;
    if jsonb_typeof(v_value) <> 'object' then
      raise sqlstate 'PT400' using
        message = 'INVALID_INPUT',
        detail = json_build_object('field', v_key, 'reason', 'must be an object')::text;
    end if;
  end loop;
end;
$$;
comment on function private.check_profile(text, text, jsonb) is
  'Raises INVALID_INPUT (400) for a name, contact address or sections that cannot be; null says nothing.';

create function private.write_profile(profile_id uuid, name text, contact_email text, sections jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_constraint text;
begin
  update public.providers as p
  set display_name = coalesce(trim(write_profile.name), p.display_name), updated_at = now()
  where p.id = write_profile.profile_id;
  update public.profiles as p
  set name = trim(write_profile.name)
  where p.id = write_profile.profile_id
    and p.name is distinct from trim(write_profile.name)
    and write_profile.name is not null;

  insert into public.provider_profiles as d (
    provider_id, contact_email, basic_info, professional_details, bio_about, experience, certifications, visual_profile
  )
  values (
    write_profile.profile_id,
    write_profile.contact_email,
    private.merge_section('{}', sections -> 'basic_info'),
    private.merge_section('{}', sections -> 'professional_details'),
    private.merge_section('{}', sections -> 'bio_about'),
    private.merge_section('{}', sections -> 'experience'),
    private.merge_section('{}', sections -> 'certifications'),
    private.merge_section('{}', sections -> 'visual_profile')
  )
  on conflict on constraint provider_profiles_pkey do update
  set
    contact_email = coalesce(write_profile.contact_email, d.contact_email),
    basic_info = private.merge_section(d.basic_info, sections -> 'basic_info'),
    professional_details = private.merge_section(d.professional_details, sections -> 'professional_details'),
    bio_about = private.merge_section(d.bio_about, sections -> 'bio_about'),
    experience = private.merge_section(d.experience, sections -> 'experience'),
    certifications = private.merge_section(d.certifications, sections -> 'certifications'),
    visual_profile = private.merge_section(d.visual_profile, sections -> 'visual_profile');
exception
  when check_violation then
    get stacked diagnostics v_constraint = constraint_name;
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object(
        'field', regexp_replace(v_constraint, '^provider_profiles_|_size$', '', 'g'),
        'reason', 'must not be larger than 64 kB'
      )::text;
end;
$$;
comment on function private.write_profile(uuid, text, text, jsonb) is
  'Merges what is given into a provider''s profile. The provider''s row is locked first, so changes take turns. Raises '
  'INVALID_INPUT (400) for a section that would be larger than 64 kB.';

create function private.read_my_profile() returns public.my_provider_profile
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_profile public.my_provider_profile;
begin
  perform private.acting_provider();
  select m.* into v_profile from public.my_provider_profile as m;
  return v_profile;
end;
$$;
comment on function private.read_my_profile() is 'See public.read_my_profile.';

create function private.complete_onboarding(name text, contact_email text, sections jsonb)
returns public.my_provider_profile
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('name', name, 'contact_email', contact_email, 'sections', sections);
  v_replay constant jsonb := private.begin_command('complete_onboarding', v_request);
  v_profile public.my_provider_profile;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.my_provider_profile, v_replay);
  end if;
  perform private.check_profile(coalesce(complete_onboarding.name, ''), complete_onboarding.contact_email, sections);
  perform private.create_provider(v_user_id, null, null);
  perform private.write_profile(v_user_id, complete_onboarding.name, complete_onboarding.contact_email, sections);
  v_profile := private.read_my_profile();
  perform private.finish_command('complete_onboarding', v_request, v_user_id, to_jsonb(v_profile));
  return v_profile;
exception
  when unique_violation then
    raise sqlstate 'PT409' using message = 'ALREADY_A_PROVIDER';
end;
$$;
comment on function private.complete_onboarding(text, text, jsonb) is 'See public.complete_onboarding.';

create function private.update_my_profile(name text, contact_email text, sections jsonb)
returns public.my_provider_profile
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_provider();
  v_request constant jsonb := jsonb_build_object('name', name, 'contact_email', contact_email, 'sections', sections);
  v_replay constant jsonb := private.begin_command('update_my_profile', v_request);
  v_profile public.my_provider_profile;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.my_provider_profile, v_replay);
  end if;
  perform private.check_profile(update_my_profile.name, update_my_profile.contact_email, sections);
  perform private.write_profile(v_user_id, update_my_profile.name, update_my_profile.contact_email, sections);
  v_profile := private.read_my_profile();
  perform private.finish_command('update_my_profile', v_request, v_user_id, to_jsonb(v_profile));
  return v_profile;
end;
$$;
comment on function private.update_my_profile(text, text, jsonb) is 'See public.update_my_profile.';

create function public.read_my_profile() returns public.my_provider_profile
language sql
stable
set search_path = ''
as $$
  select private.read_my_profile();
$$;
comment on function public.read_my_profile() is
  'The signed-in provider''s profile. Raises SIGN_IN_REQUIRED (401), also after signing out, or NOT_A_PROVIDER (403).';

create function public.complete_onboarding(name text, contact_email text default null, sections jsonb default '{}')
returns public.my_provider_profile
language sql
set search_path = ''
as $$
  select private.complete_onboarding(
    complete_onboarding.name, complete_onboarding.contact_email, complete_onboarding.sections
  );
$$;
comment on function public.complete_onboarding(text, text, jsonb) is
  'Makes a provider of the signed-in person, with name, unverified contact address and any of the six sections. Raises '
  'SIGN_IN_REQUIRED (401), ALREADY_A_PROVIDER (409), INVALID_INPUT (400).';

create function public.update_my_profile(name text default null, contact_email text default null, sections jsonb default '{}')
returns public.my_provider_profile
language sql
set search_path = ''
as $$
  select private.update_my_profile(
    update_my_profile.name, update_my_profile.contact_email, update_my_profile.sections
  );
$$;
comment on function public.update_my_profile(text, text, jsonb) is
  'Changes what is given of the signed-in provider''s profile; within a section, keys that are given are replaced, null '
  'removes one, others stay. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), INVALID_INPUT (400).';

grant execute on function private.read_my_profile() to authenticated;
grant execute on function public.read_my_profile() to authenticated;
grant execute on function private.complete_onboarding(text, text, jsonb) to authenticated;
grant execute on function public.complete_onboarding(text, text, jsonb) to authenticated;
grant execute on function private.update_my_profile(text, text, jsonb) to authenticated;
grant execute on function public.update_my_profile(text, text, jsonb) to authenticated;
