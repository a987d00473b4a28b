-- What everybody reads of a provider's reviews. Who wrote one is shown by first name and initial.

create function private.public_name(given_name text, family_name text) returns text
language sql
immutable
set search_path = ''
as $$
  select concat_ws(
    ' ',
    nullif(substring(public_name.given_name from '^[^\s@]+'), ''),
    nullif(upper(left(public_name.family_name, 1)), '') || '.'
  );
$$;
comment on function private.public_name(text, text) is
  'A person as the public may see them: first name and the initial of the last. Empty once the account is deleted. Of an '
  'e-mail address given as a name, nothing after the @.';

create function private.present_reviews(reviews public.reviews[]) returns json
language sql
stable
set search_path = ''
as $$
  select coalesce(json_agg(
    json_build_object(
      'id', r.id,
      'rating', r.rating,
      'professionalism', r.professionalism,
      'expertise', r.expertise,
      'communication', r.communication,
      'value_for_money', r.value_for_money,
      'punctuality', r.punctuality,
      'text', r.text,
      'reviewer_name', private.public_name(a.given_name, a.family_name),
      'response', r.response,
      'responded_at', r.responded_at,
      'created_at', r.created_at
    )
    order by r.place
  ), '[]')
  from unnest(present_reviews.reviews) with ordinality as r (
    id, booking_id, provider_id, attendee_id, rating, professionalism, expertise, communication, value_for_money,
    punctuality, text, response, responded_at, created_at, updated_at, place
  )
  left join public.profiles as a on a.id = r.attendee_id;
$$;
comment on function private.present_reviews(public.reviews[]) is
  'Reviews as everybody may see them, in the same order: without the ids of booking and person.';

create type public.review_page as (
  total integer,
  total_is_exact boolean,
  items json,
  rating_average double precision,
  rating_count integer,
  rating_counts integer[]
);
comment on type public.review_page is
  'One page of a provider''s reviews: id, rating, five aspects, text, reviewer_name, response, responded_at, created_at. '
  'total is of the filtered list, the rating of all reviews; rating_counts has those of 1 to 5.';

create function private.list_reviews(
  provider_id uuid,
  rating integer,
  sort text,
  page_size integer,
  page_offset integer
) returns public.review_page
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_provider public.providers;
  v_reviews public.reviews[];
  v_page public.review_page;
begin
  if list_reviews.sort is null or list_reviews.sort not in ('newest', 'oldest', 'highest', 'lowest') then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "sort", "reason": "must be newest, oldest, highest or lowest"}';
  end if;
  select p.*
  into v_provider
  from public.providers as p
  where p.id = list_reviews.provider_id
    and p.retired_at is null;
  if not found then
    raise sqlstate 'PT404' using message = 'PROVIDER_NOT_FOUND';
  end if;

  -- A key that does not apply is null in the plan, where only what applies is left to sort by.
  select array_agg(page.review)
  into v_reviews
  from (
    select r as review
    from public.reviews as r
    where r.provider_id = v_provider.id
      and (list_reviews.rating is null or r.rating = list_reviews.rating)
    order by
      case when list_reviews.sort = 'highest' then r.rating end desc,
      case when list_reviews.sort = 'lowest' then r.rating end,
      case when list_reviews.sort = 'oldest' then r.created_at end,
      case when list_reviews.sort = 'oldest' then r.id end desc,
      case when list_reviews.sort <> 'oldest' then r.created_at end desc,
      case when list_reviews.sort <> 'oldest' then r.id end
    limit least(list_reviews.page_size, 100)
    offset list_reviews.page_offset
  ) as page;
  v_page.total := case
    when list_reviews.rating is null then v_provider.rating_count
    else coalesce(v_provider.rating_counts[list_reviews.rating], 0)
  end;
  v_page.total_is_exact := true;
  v_page.items := private.present_reviews(v_reviews);
  v_page.rating_average := v_provider.rating_average;
  v_page.rating_count := v_provider.rating_count;
  v_page.rating_counts := v_provider.rating_counts;
  return v_page;
end;
$$;
comment on function private.list_reviews(uuid, integer, text, integer, integer) is
  'See public.list_reviews. Runs as its owner to read the names of which it shows a part.';

create function public.list_reviews(
  provider_id uuid,
  rating integer default null,
  sort text default 'newest',
  page_size integer default 20,
  page_offset integer default 0
) returns public.review_page
language sql
stable
set search_path = ''
as $$
  select private.list_reviews(
    list_reviews.provider_id, list_reviews.rating, list_reviews.sort, list_reviews.page_size, list_reviews.page_offset
  );
$$;
comment on function public.list_reviews(uuid, integer, text, integer, integer) is
  'Reviews of a provider for everybody, of one rating or of all; sort is newest, oldest, highest or lowest, the last two '
  'newest first among equals; at most 100 a page. Totals are kept, not counted. Raises PROVIDER_NOT_FOUND (404), '
  'INVALID_INPUT (400).';
grant execute on function private.list_reviews(uuid, integer, text, integer, integer) to anon, authenticated, service_role;
grant execute on function public.list_reviews(uuid, integer, text, integer, integer) to anon, authenticated, service_role;
