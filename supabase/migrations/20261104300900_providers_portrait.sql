-- One provider as a client sees them before booking: profile, offerings, latest reviews, next open times.

create type public.provider_portrait as (
  provider json,
  email text,
  offerings json,
  reviews json,
  open_times json
);
comment on type public.provider_portrait is
  'A provider; their e-mail address, for themselves alone; their active offerings, their latest five reviews, their next '
  'five open times.';

create function private.read_provider(provider_id uuid) returns public.provider_portrait
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_provider public.providers;
  v_reviews public.reviews[];
  v_portrait public.provider_portrait;
begin
  select p.*
  into v_provider
  from public.providers as p
  where p.id = read_provider.provider_id
    and p.retired_at is null;
  if not found then
    raise sqlstate 'PT404' using message = 'PROVIDER_NOT_FOUND';
  end if;
  select array_agg(r.review)
  into v_reviews
  from (
    select n as review
    from public.reviews as n
    where n.provider_id = v_provider.id
    order by n.created_at desc, n.id
    limit 5
  ) as r;

  v_portrait.provider := json_build_object(
    'id', v_provider.id,
    'display_name', v_provider.display_name,
    'headline', coalesce(v_provider.headline, v_provider.specialization),
    'bio', v_provider.bio,
    'image_url', v_provider.image_url,
    'specialties', v_provider.specialties,
    'languages', v_provider.languages,
    'certifications', v_provider.certifications,
    'years_of_experience', v_provider.years_of_experience,
    'rating_average', v_provider.rating_average,
    'rating_count', v_provider.rating_count,
    'hourly_rate_minor', v_provider.hourly_rate_minor,
    'currency', v_provider.currency,
    'timezone', private.provider_zone(v_provider),
    'is_accepting', v_provider.is_accepting
  );
  v_portrait.email := (
    select c.email
    from public.contacts as c
    where c.profile_id = v_provider.id
      and c.profile_id = (select auth.uid())
  );
  v_portrait.offerings := (
    select coalesce(json_agg(o), '[]')
    from (
      select n.id, n.title, n.description, n.duration_minutes, n.price_minor, n.currency
      from public.offerings as n
      where n.provider_id = v_provider.id
        and n.is_active
      order by n.created_at desc, n.id
      limit 100
    ) as o
  );
  v_portrait.reviews := private.present_reviews(v_reviews);
  v_portrait.open_times := (
    select coalesce(json_agg(t.starts_at order by t.starts_at), '[]')
    from private.next_times(v_provider, 5) as t (starts_at)
  );
  return v_portrait;
end;
$$;
comment on function private.read_provider(uuid) is
  'See public.read_provider. Runs as its owner to read reviewers'' names and taken times, of which it tells no more than '
  'that.';

create function public.read_provider(provider_id uuid) returns public.provider_portrait
language sql
stable
set search_path = ''
as $$
  select private.read_provider(read_provider.provider_id);
$$;
comment on function public.read_provider(uuid) is
  'One active provider for everybody. Raises PROVIDER_NOT_FOUND (404).';
grant execute on function private.read_provider(uuid) to anon, authenticated, service_role;
grant execute on function public.read_provider(uuid) to anon, authenticated, service_role;
