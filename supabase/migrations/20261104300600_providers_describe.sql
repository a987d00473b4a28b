-- The command by which a provider changes their public profile.

create function private.describe_provider(provider_id uuid, changes jsonb) returns public.providers
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('provider_id', provider_id, 'changes', changes);
  v_replay jsonb;
  v_old public.providers;
  v_new public.providers;
begin
  v_old := private.lock_own_provider(describe_provider.provider_id);
  v_replay := private.begin_command('describe_provider', v_request);
  if v_replay is not null then
    return jsonb_populate_record(null::public.providers, v_replay);
  end if;
  v_new := jsonb_populate_record(v_old, describe_provider.changes - 'hourly_rate');
  v_new.display_name := trim(v_new.display_name);
  v_new.image_url := nullif(v_new.image_url, '');
  if describe_provider.changes ? 'hourly_rate' then
    v_new.hourly_rate_minor := private.rate_in_minor_units(
      (describe_provider.changes ->> 'hourly_rate')::numeric, v_new.currency
    );
  elsif v_new.currency is distinct from v_old.currency and v_old.hourly_rate_minor > 0 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "hourly_rate", "reason": "must be given with another currency"}';
  end if;
  perform private.check_provider(v_new);

  update public.providers as p
  set
    display_name = v_new.display_name,
    bio = v_new.bio,
    headline = v_new.headline,
    specialties = v_new.specialties,
    languages = v_new.languages,
    certifications = v_new.certifications,
    years_of_experience = v_new.years_of_experience,
    timezone = v_new.timezone,
    is_accepting = v_new.is_accepting,
    currency = v_new.currency,
    hourly_rate_minor = v_new.hourly_rate_minor,
    image_url = v_new.image_url
  where p.id = v_old.id
  returning p.* into v_new;
  perform private.finish_command('describe_provider', v_request, v_new.id, to_jsonb(v_new));
  return v_new;
exception
  when numeric_value_out_of_range or invalid_text_representation then
    raise sqlstate 'PT400' using message = 'INVALID_INPUT', detail = '{"field": "body", "reason": "has a value out of range"}';
end;
$$;
comment on function private.describe_provider(uuid, jsonb) is
  'See public.describe_provider. Takes what is given as an object, of which it reads these names alone.';

create function public.describe_provider(
  provider_id uuid,
  display_name text default null,
  bio text default null,
  headline text default null,
  specialties text[] default null,
  languages text[] default null,
  certifications text[] default null,
  years_of_experience integer default null,
  timezone text default null,
  is_accepting boolean default null,
  hourly_rate numeric default null,
  currency text default null,
  image_url text default null
) returns public.providers
language sql
set search_path = ''
as $$
  select private.describe_provider(
    describe_provider.provider_id,
    jsonb_strip_nulls(jsonb_build_object(
      'display_name', describe_provider.display_name,
      'bio', describe_provider.bio,
      'headline', describe_provider.headline,
      'specialties', describe_provider.specialties,
      'languages', describe_provider.languages,
      'certifications', describe_provider.certifications,
      'years_of_experience', describe_provider.years_of_experience,
      'timezone', describe_provider.timezone,
      'is_accepting', describe_provider.is_accepting,
      'hourly_rate', describe_provider.hourly_rate,
      'currency', describe_provider.currency,
      'image_url', describe_provider.image_url
    ))
  );
$$;
comment on function public.describe_provider(
  uuid, text, text, text, text[], text[], text[], integer, text, boolean, numeric, text, text
) is
  'Changes what is given of the signed-in provider''s public profile; null changes nothing. hourly_rate is in major units '
  'of currency. An empty image_url removes the picture. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and '
  'NOT_YOUR_PROFILE (403), PROVIDER_NOT_FOUND (404), INVALID_INPUT (400).';
grant execute on function private.describe_provider(uuid, jsonb) to authenticated;
grant execute on function public.describe_provider(
  uuid, text, text, text, text[], text[], text[], integer, text, boolean, numeric, text, text
) to authenticated;
