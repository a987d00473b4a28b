-- A membership that nobody grants themselves; and what the rights over one's data mean for reviews and profiles.

alter table public.profiles
  add column membership text not null default 'free',
  add constraint profiles_membership_known check (membership in ('free', 'pro'));
comment on column public.profiles.membership is 'free, or pro once it is paid for; no client writes it.';

create function private.forget_provider_words() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.providers as p
  set headline = null, specialties = '{}', languages = '{}', certifications = '{}', years_of_experience = null,
    timezone = null, image_url = null, is_accepting = false
  where p.id = new.id;
  update public.reviews as r
  set response = null, responded_at = null
  where r.provider_id = new.id
    and r.response is not null;
  return null;
end;
$$;
comment on function private.forget_provider_words() is
  'After an account was deleted (private.delete_account): empties the public profile and takes back answers to reviews. '
  'What the person wrote of others stays, without their name.';
create trigger forget_provider_words after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function private.forget_provider_words();

alter function public.export_my_data() rename to export_without_reviews;
alter function public.export_without_reviews() set schema private;
comment on function private.export_without_reviews() is 'What public.export_my_data answers, but for reviews.';

create function public.export_my_data() returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_without_reviews() || jsonb_build_object(
    'reviews', (
      select coalesce(jsonb_agg(r order by r.created_at), '[]')
      from public.reviews as r
      where r.attendee_id = (select auth.uid())
    ),
    'reviews_received', (
      select coalesce(jsonb_agg(to_jsonb(r) - 'attendee_id' order by r.created_at), '[]')
      from public.reviews as r
      where r.provider_id = (select auth.uid())
    )
  );
$$;
comment on function public.export_my_data() is
  'Everything that is kept about the signed-in person, as one document. Raises SIGN_IN_REQUIRED (401).';
grant execute on function public.export_my_data() to authenticated;
