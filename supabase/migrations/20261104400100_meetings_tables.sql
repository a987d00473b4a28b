-- Meetings of one-to-one bookings: where they take place, who came when, notes and recordings.

create function private.is_https_url(url text) returns boolean
language sql
immutable
set search_path = ''
as $$
  select url is null or (char_length(url) <= 2000 and url ~ '^https://[^/?#\s@]+([/?#]\S*)?$');
$$;
comment on function private.is_https_url(text) is 'Whether a text is an address with https and without credentials, or null.';

create table public.meetings (
  booking_id uuid not null,
  kind text not null,
  ready_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint meetings_pkey primary key (booking_id),
  constraint meetings_booking_id_fkey foreign key (booking_id) references public.bookings (id) on delete cascade,
  constraint meetings_kind_known check (kind in ('jitsi', 'daily', 'zoom')),
  constraint meetings_end_after_start check (ended_at >= started_at)
);
comment on table public.meetings is 'The meeting of a one-to-one booking. When it is to take place is the booking''s time.';
comment on column public.meetings.kind is 'Whose meeting it is.';
comment on column public.meetings.ready_at is 'Since when the vendor has it; null before, and after it was removed.';
comment on column public.meetings.started_at is 'When somebody joined first.';
comment on column public.meetings.ended_at is 'When the provider ended it; else, once the booking is completed, when the last one left.';
create trigger touch before update on public.meetings for each row execute function private.touch();
alter table public.meetings enable row level security;
grant select on public.meetings to authenticated, service_role;
create policy meetings_select on public.meetings for select to authenticated
  using (booking_id in (select b.id from public.bookings as b));

create table private.meeting_links (
  booking_id uuid not null,
  room text not null default 'convene-' || replace(gen_random_uuid()::text, '-', ''),
  external_id text,
  join_url text,
  starts_at timestamptz,
  ends_at timestamptz,
  tried_at timestamptz,
  closed_at timestamptz,
  constraint meeting_links_pkey primary key (booking_id),
  constraint meeting_links_booking_id_fkey
    foreign key (booking_id) references public.meetings (booking_id) on delete cascade,
  constraint meeting_links_url_form check (join_url ~ '^https?://'),
  constraint meeting_links_complete check (num_nulls(external_id, join_url, starts_at, ends_at) in (0, 4))
);
comment on table private.meeting_links is
  'How to get into a meeting: whoever has the link or a room''s name is in. private.meeting_of tells it when it is open.';
comment on column private.meeting_links.room is 'A name that cannot be guessed, for vendors that let us choose it. Equal for every try.';
comment on column private.meeting_links.external_id is 'The meeting''s id at the vendor.';
comment on column private.meeting_links.starts_at is 'The time that the vendor knows, until ends_at.';
comment on column private.meeting_links.tried_at is 'When the vendor was first asked to make it: a later try looks first whether it has.';
comment on column private.meeting_links.closed_at is 'When the vendor was told that it is over.';
alter table private.meeting_links enable row level security;
create policy meeting_links_none on private.meeting_links for all to public using (false);

create table public.meeting_participants (
  id uuid not null default gen_random_uuid(),
  booking_id uuid not null,
  profile_id uuid not null,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  constraint meeting_participants_pkey primary key (id),
  constraint meeting_participants_booking_id_fkey
    foreign key (booking_id) references public.meetings (booking_id) on delete cascade,
  constraint meeting_participants_profile_id_fkey foreign key (profile_id) references public.profiles (id),
  constraint meeting_participants_left_after_joined check (left_at >= joined_at)
);
create index meeting_participants_booking_id_idx on public.meeting_participants (booking_id, joined_at);
create index meeting_participants_profile_id_idx on public.meeting_participants (profile_id);
create unique index meeting_participants_there_once on public.meeting_participants (booking_id, profile_id)
  where left_at is null;
comment on table public.meeting_participants is 'Who was in a meeting from when to when, as they told by joining and leaving.';
comment on column public.meeting_participants.left_at is 'Null while there.';
alter table public.meeting_participants enable row level security;
grant select on public.meeting_participants to authenticated, service_role;
create policy meeting_participants_select on public.meeting_participants for select to authenticated
  using (booking_id in (select b.id from public.bookings as b));

create table public.meeting_notes (
  id uuid not null default gen_random_uuid(),
  booking_id uuid not null,
  author_id uuid not null,
  text text not null,
  is_public boolean not null default false,
  created_at timestamptz not null default now(),
  constraint meeting_notes_pkey primary key (id),
  constraint meeting_notes_booking_id_fkey foreign key (booking_id) references public.bookings (id) on delete cascade,
  constraint meeting_notes_author_id_fkey foreign key (author_id) references public.profiles (id) on delete cascade,
  constraint meeting_notes_text_length check (char_length(text) between 1 and 10000)
);
create index meeting_notes_booking_id_idx on public.meeting_notes (booking_id, created_at, id);
create index meeting_notes_author_id_idx on public.meeting_notes (author_id);
comment on table public.meeting_notes is 'What the people of a one-to-one booking noted on it.';
comment on column public.meeting_notes.is_public is 'True: for both people of the booking; false: for its author alone.';
alter table public.meeting_notes enable row level security;
grant select on public.meeting_notes to authenticated;
create policy meeting_notes_select on public.meeting_notes for select to authenticated
  using (
    author_id = (select auth.uid())
    or (is_public and booking_id in (select b.id from public.bookings as b))
  );

create table private.meeting_recordings (
  booking_id uuid not null,
  url text not null,
  transcript_url text,
  duration_seconds integer,
  share_token text,
  shared_until timestamptz,
  is_downloadable boolean not null default false,
  is_transcript_shared boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint meeting_recordings_pkey primary key (booking_id),
  constraint meeting_recordings_booking_id_fkey
    foreign key (booking_id) references public.bookings (id) on delete cascade,
  constraint meeting_recordings_share_token_once unique (share_token),
  constraint meeting_recordings_url_form check (private.is_https_url(url) and private.is_https_url(transcript_url)),
  constraint meeting_recordings_duration_range check (duration_seconds between 0 and 86400),
  constraint meeting_recordings_shared check ((share_token is null) = (shared_until is null)),
  constraint meeting_recordings_transcript_there check (not is_transcript_shared or transcript_url is not null)
);
comment on table private.meeting_recordings is
  'The recording of a meeting, which lies at its vendor. The attendee gets a link of ours that ends, never this address.';
comment on column private.meeting_recordings.share_token is 'Names the link that is shared; sharing again makes another.';
comment on column private.meeting_recordings.is_downloadable is 'What the provider allows the attendee; clients heed it.';
create trigger touch before update on private.meeting_recordings for each row execute function private.touch();
alter table private.meeting_recordings enable row level security;
create policy meeting_recordings_none on private.meeting_recordings for all to public using (false);
