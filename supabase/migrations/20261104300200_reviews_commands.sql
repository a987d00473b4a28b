-- Commands of reviews: the attendee says how it was, the provider answers.

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('review.created', 'notification', 'provider', true, null),
  ('review.answered', 'notification', 'attendee', true, null);

create function private.check_review(review public.reviews) returns void
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_field text;
  v_reason text;
begin
  select c.field, c.reason
  into v_field, v_reason
  from (values
    ('rating', review.rating between 1 and 5, 'must be between 1 and 5'),
    ('professionalism', coalesce(review.professionalism between 1 and 5, true), 'must be between 1 and 5'),
    ('expertise', coalesce(review.expertise between 1 and 5, true), 'must be between 1 and 5'),
    ('communication', coalesce(review.communication between 1 and 5, true), 'must be between 1 and 5'),
    ('value_for_money', coalesce(review.value_for_money between 1 and 5, true), 'must be between 1 and 5'),
    ('punctuality', coalesce(review.punctuality between 1 and 5, true), 'must be between 1 and 5'),
    ('text', coalesce(char_length(review.text) <= 5000, true), 'must have at most 5000 characters')
  ) as c (field, holds, reason)
  where c.holds is not true
  limit 1;
  if found then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', v_field, 'reason', v_reason)::text;
  end if;
end;
$$;
comment on function private.check_review(public.reviews) is
  'Raises INVALID_INPUT (400) with field and reason when a review breaks a rule that its author can mend.';

create function private.lock_reviewable(booking_id uuid, attendee_id uuid) returns public.bookings
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = lock_reviewable.booking_id
    and b.attendee_id = lock_reviewable.attendee_id;
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  -- Their rating changes with the review; the provider's lock comes before a booking's.
  perform private.lock_provider(v_booking.provider_id);
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = lock_reviewable.booking_id
  for no key update;
  if v_booking.status is distinct from 'completed' then
    raise sqlstate 'PT409' using
      message = 'BOOKING_NOT_COMPLETED',
      detail = json_build_object('status', v_booking.status)::text;
  end if;
  return v_booking;
end;
$$;
comment on function private.lock_reviewable(uuid, uuid) is
  'Locks provider and booking for its attendee''s review. Raises BOOKING_NOT_FOUND (404) for everybody else as well, '
  'BOOKING_NOT_COMPLETED (409).';

create function private.tell_review(event text, review public.reviews, version integer) returns void
language sql
set search_path = ''
as $$
  insert into private.outbox (event, key, version, payload)
  select
    tell_review.event,
    review.id,
    tell_review.version,
    jsonb_strip_nulls(jsonb_build_object(
      'review_id', review.id,
      'booking_id', review.booking_id,
      'attendee_id', review.attendee_id,
      'provider_id', review.provider_id,
      'actor_id', (private.actor()).id,
      'rating', review.rating,
      'event_id', b.event_id,
      'title', e.title,
      'starts_at', e.starts_at,
      'timezone', e.timezone
    ))
  from public.bookings as b
  left join public.events as e on e.id = b.event_id
  where b.id = review.booking_id;
$$;
comment on function private.tell_review(text, public.reviews, integer) is
  'Writes the domain event of a review: the rating and ids, not its words, which are read where it is shown.';

create function private.review_booking(
  booking_id uuid,
  rating integer,
  text text,
  professionalism integer,
  expertise integer,
  communication integer,
  value_for_money integer,
  punctuality integer
) returns public.reviews
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_attendee_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object(
    'booking_id', booking_id, 'rating', rating, 'text', text, 'professionalism', professionalism,
    'expertise', expertise, 'communication', communication, 'value_for_money', value_for_money,
    'punctuality', punctuality
  );
  v_replay constant jsonb := private.begin_command('review_booking', v_request);
  v_review public.reviews;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.reviews, v_replay);
  end if;
  v_review := jsonb_populate_record(null::public.reviews, v_request);
  perform private.check_review(v_review);
  v_review.attendee_id := v_attendee_id;
  v_review.provider_id := (private.lock_reviewable(v_review.booking_id, v_attendee_id)).provider_id;

  insert into public.reviews as r (
    booking_id, provider_id, attendee_id, rating, professionalism, expertise, communication, value_for_money,
    punctuality, text
  )
  values (
    v_review.booking_id, v_review.provider_id, v_review.attendee_id, v_review.rating, v_review.professionalism,
    v_review.expertise, v_review.communication, v_review.value_for_money, v_review.punctuality,
    nullif(trim(v_review.text), '')
  )
  returning r.* into v_review;
  perform private.tell_review('review.created', v_review, 1);
  perform private.finish_command('review_booking', v_request, v_review.id, to_jsonb(v_review));
  return v_review;
exception
  when unique_violation then
    raise sqlstate 'PT409' using message = 'ALREADY_REVIEWED';
  when numeric_value_out_of_range then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "rating", "reason": "must be between 1 and 5"}';
end;
$$;
comment on function private.review_booking(uuid, integer, text, integer, integer, integer, integer, integer) is
  'See public.review_booking.';

create function public.review_booking(
  booking_id uuid,
  rating integer,
  text text default null,
  professionalism integer default null,
  expertise integer default null,
  communication integer default null,
  value_for_money integer default null,
  punctuality integer default null
) returns public.reviews
language sql
set search_path = ''
as $$
  select private.review_booking(
    review_booking.booking_id, review_booking.rating, review_booking.text, review_booking.professionalism,
    review_booking.expertise, review_booking.communication, review_booking.value_for_money, review_booking.punctuality
  );
$$;
comment on function public.review_booking(uuid, integer, text, integer, integer, integer, integer, integer) is
  'Reviews a completed booking of the signed-in person, once: rating and aspects from 1 to 5, text of at most 5,000 '
  'characters. Tells the provider. Raises SIGN_IN_REQUIRED (401), BOOKING_NOT_FOUND (404), BOOKING_NOT_COMPLETED and '
  'ALREADY_REVIEWED (409), INVALID_INPUT (400).';
grant execute on function private.review_booking(uuid, integer, text, integer, integer, integer, integer, integer)
  to authenticated;
grant execute on function public.review_booking(uuid, integer, text, integer, integer, integer, integer, integer)
  to authenticated;

create function private.respond_to_review(review_id uuid, response text) returns public.reviews
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := jsonb_build_object('review_id', review_id, 'response', response);
  v_replay constant jsonb := private.begin_command('respond_to_review', v_request);
  v_review public.reviews;
  v_is_first boolean;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.reviews, v_replay);
  end if;
  if coalesce(trim(respond_to_review.response), '') = '' then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "response", "reason": "must not be empty"}';
  end if;
  perform private.check_length('response', trim(respond_to_review.response), 5000);
  select r.*
  into v_review
  from public.reviews as r
  where r.id = respond_to_review.review_id
  for no key update;
  if not found then
    raise sqlstate 'PT404' using message = 'REVIEW_NOT_FOUND';
  end if;
  if v_review.provider_id is distinct from v_provider_id then
    raise sqlstate 'PT403' using message = 'NOT_YOUR_REVIEW';
  end if;

  v_is_first := v_review.response is null;
  update public.reviews as r
  set response = trim(respond_to_review.response), responded_at = now()
  where r.id = v_review.id
  returning r.* into v_review;
  if v_is_first then
    perform private.tell_review('review.answered', v_review, 2);
  end if;
  perform private.finish_command('respond_to_review', v_request, v_review.id, to_jsonb(v_review));
  return v_review;
end;
$$;
comment on function private.respond_to_review(uuid, text) is 'See public.respond_to_review.';

create function public.respond_to_review(review_id uuid, response text) returns public.reviews
language sql
set search_path = ''
as $$
  select private.respond_to_review(respond_to_review.review_id, respond_to_review.response);
$$;
comment on function public.respond_to_review(uuid, text) is
  'Publishes the signed-in provider''s answer to a review of theirs, at most 5,000 characters; a later one takes its '
  'place. The attendee is told of the first. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER and NOT_YOUR_REVIEW (403), '
  'REVIEW_NOT_FOUND (404), INVALID_INPUT (400).';
grant execute on function private.respond_to_review(uuid, text) to authenticated;
grant execute on function public.respond_to_review(uuid, text) to authenticated;
