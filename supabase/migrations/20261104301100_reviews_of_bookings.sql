-- A booking shows what its attendee said of it.

create or replace function private.feedback_of(booking public.bookings) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('rating', r.rating, 'text', r.text)
  from public.reviews as r
  where r.booking_id = (feedback_of.booking).id;
$$;
comment on function private.feedback_of(public.bookings) is
  'The attendee''s review of a booking: {rating, text}; null while there is none.';
