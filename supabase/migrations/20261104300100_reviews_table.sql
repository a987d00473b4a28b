-- Reviews: what an attendee says of a completed booking, and the rating of a provider that follows from them.

alter table public.providers
  add column rating_counts integer[] not null default '{0,0,0,0,0}',
  add column rating_count integer not null generated always as (
    rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4] + rating_counts[5]
  ) stored,
  add column rating_average numeric(3, 2) generated always as (round(
    (rating_counts[1] + 2 * rating_counts[2] + 3 * rating_counts[3] + 4 * rating_counts[4] + 5 * rating_counts[5])::numeric
      / nullif(rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4] + rating_counts[5], 0),
    2
  )) stored,
  add constraint providers_rating_counts_form check (
    cardinality(rating_counts) = 5
    and 0 <= all (rating_counts)
    and array_position(rating_counts, null) is null
  );
comment on column public.providers.rating_counts is
  'How many reviews gave 1, 2, 3, 4 and 5. Kept by the trigger count_rating on reviews, which alone may change it.';
comment on column public.providers.rating_count is 'How many reviews there are.';
comment on column public.providers.rating_average is 'The average of all reviews to two decimals, rounded half up; null without any.';

create table public.reviews (
  id uuid not null default gen_random_uuid(),
  booking_id uuid not null,
  provider_id uuid not null,
  attendee_id uuid not null,
  rating smallint not null,
  professionalism smallint,
  expertise smallint,
  communication smallint,
  value_for_money smallint,
  punctuality smallint,
  text text,
  response text,
  responded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint reviews_pkey primary key (id),
  constraint reviews_one_per_booking unique (booking_id),
  constraint reviews_booking_id_fkey foreign key (booking_id) references public.bookings (id),
  constraint reviews_provider_id_fkey foreign key (provider_id) references public.providers (id),
  constraint reviews_attendee_id_fkey foreign key (attendee_id) references public.profiles (id),
  constraint reviews_rating_range check (rating between 1 and 5),
  constraint reviews_aspects_range check (
    professionalism between 1 and 5
    and expertise between 1 and 5
    and communication between 1 and 5
    and value_for_money between 1 and 5
    and punctuality between 1 and 5
  ),
  constraint reviews_text_length check (char_length(text) <= 5000),
  constraint reviews_response_length check (char_length(response) between 1 and 5000),
  constraint reviews_responded_at check ((response is null) = (responded_at is null))
);
create index reviews_provider_id_idx on public.reviews (provider_id, created_at desc, id);
create index reviews_provider_rating_idx on public.reviews (provider_id, rating desc, created_at desc, id);
create index reviews_attendee_id_idx on public.reviews (attendee_id, created_at desc, id);
comment on table public.reviews is
  'One per completed booking, by its attendee. Its two people read the row, everybody else public.list_reviews. Text in '
  'it is data, never markup.';
comment on column public.reviews.rating is '1 (worst) to 5 (best); the aspects as well, null where nothing was said.';
comment on column public.reviews.response is 'The provider''s answer, for everybody.';

create trigger touch before update on public.reviews for each row execute function private.touch();

alter table public.reviews enable row level security;
grant select on public.reviews to authenticated, service_role;
create policy reviews_select on public.reviews for select to authenticated
  using (attendee_id = (select auth.uid()) or provider_id = (select auth.uid()));

create function private.count_rating() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'TRUNCATE' then
    update public.providers as p
    set rating_counts = '{0,0,0,0,0}'
    where p.rating_count > 0;
    return null;
  end if;
  if tg_op in ('UPDATE', 'DELETE') then
    update public.providers as p
    set rating_counts[old.rating] = p.rating_counts[old.rating] - 1
    where p.id = old.provider_id;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    update public.providers as p
    set rating_counts[new.rating] = p.rating_counts[new.rating] + 1
    where p.id = new.provider_id;
  end if;
  return null;
end;
$$;
comment on function private.count_rating() is
  'After a change of reviews: the only writer of providers.rating_counts, from which average and count are generated. '
  'Commands hold the provider''s lock by then.';
create trigger count_rating after insert or delete on public.reviews
  for each row execute function private.count_rating();
create trigger count_changed_rating after update of rating, provider_id on public.reviews
  for each row when ((old.rating, old.provider_id) is distinct from (new.rating, new.provider_id))
  execute function private.count_rating();
create trigger count_no_rating after truncate on public.reviews
  for each statement execute function private.count_rating();

create function private.refuse_rating() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise sqlstate 'PT403' using
    message = 'COMMAND_REQUIRED',
    detail = json_build_object('table', tg_table_name, 'column', 'rating_counts')::text,
    hint = 'A rating follows from the rows of public.reviews alone.';
end;
$$;
comment on function private.refuse_rating() is
  'Before a provider''s rating is written by anything but the trigger on reviews: refuses, to administrators as well.';
create trigger refuse_rating before update of rating_counts on public.providers
  for each row when (old.rating_counts is distinct from new.rating_counts and pg_trigger_depth() = 0)
  execute function private.refuse_rating();
create trigger refuse_new_rating before insert on public.providers
  for each row when (new.rating_counts is distinct from '{0,0,0,0,0}')
  execute function private.refuse_rating();
