-- The CRM: a booking as those see it who look after customers. For servers only.

create table public.crm_records (
  id uuid not null default gen_random_uuid(),
  source text not null,
  booking_id uuid not null,
  version integer not null default 0,
  user_id uuid not null,
  user_name text not null default '',
  user_email text not null default '',
  user_phone text not null default '',
  event_id uuid not null,
  event_title text not null default '',
  event_kind text not null,
  event_location text not null default '',
  starts_at timestamptz,
  provider_id uuid not null,
  booked_at timestamptz,
  notes text not null default '',
  booking_status text not null default 'received',
  crm_status text not null default 'new',
  received_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint crm_records_pkey primary key (id),
  constraint crm_records_once unique (booking_id, source),
  constraint crm_records_source_form check (source ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
  constraint crm_records_event_kind_known check (event_kind in ('session', 'retreat')),
  constraint crm_records_booking_status_known check (
    booking_status in ('received', 'completed', 'no_show', 'cancelled', 'expired')
  ),
  constraint crm_records_crm_status_known check (
    crm_status in ('new', 'reviewed', 'contacted', 'confirmed', 'completed')
  ),
  constraint crm_records_lengths check (
    char_length(user_name) <= 200
    and char_length(user_email) <= 255
    and char_length(user_phone) <= 50
    and char_length(event_title) <= 200
    and char_length(event_location) <= 500
    and char_length(notes) <= 2000
  )
);
create index crm_records_received_at_idx on public.crm_records (received_at desc, id);
create index crm_records_provider_id_idx on public.crm_records (provider_id, received_at desc, id);
create index crm_records_event_id_idx on public.crm_records (event_id, received_at desc, id);
create index crm_records_user_id_idx on public.crm_records (user_id, received_at desc, id);
create index crm_records_crm_status_idx on public.crm_records (crm_status, received_at desc, id);
comment on table public.crm_records is
  'One row per booking and source, as the last notification told it. Has no foreign keys: it may tell of bookings of '
  'other systems.';
comment on column public.crm_records.source is 'The system that the booking is of; convene for our own.';
comment on column public.crm_records.version is 'Version of the booking in its source; older notifications are ignored.';
comment on column public.crm_records.user_name is 'Empty, as all that tells who it is, once the person deleted their account.';
comment on column public.crm_records.booking_status is 'received while the booking stands, else what became of it.';
comment on column public.crm_records.crm_status is 'How far those who look after customers are with it.';

create trigger touch before update on public.crm_records for each row execute function private.touch();

create table public.crm_status_changes (
  id bigint generated always as identity,
  record_id uuid not null,
  old_status text not null,
  new_status text not null,
  notes text,
  changed_by text,
  changed_at timestamptz not null default now(),
  constraint crm_status_changes_pkey primary key (id),
  constraint crm_status_changes_record_id_fkey
    foreign key (record_id) references public.crm_records (id) on delete cascade,
  constraint crm_status_changes_notes_length check (char_length(notes) <= 2000),
  constraint crm_status_changes_changed_by_length check (char_length(changed_by) <= 200)
);
create index crm_status_changes_record_id_idx on public.crm_status_changes (record_id, id);
comment on table public.crm_status_changes is 'Every move of a record''s CRM status: who, when and why. Append only.';
comment on column public.crm_status_changes.changed_by is 'Who moved it, as the calling server said; null when it did not.';

alter table public.crm_records enable row level security;
grant select on public.crm_records to service_role;
create policy crm_records_none on public.crm_records for all to authenticated, anon using (false);
alter table public.crm_status_changes enable row level security;
grant select on public.crm_status_changes to service_role;
create policy crm_status_changes_none on public.crm_status_changes for all to authenticated, anon using (false);

create function private.forget_in_crm() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.crm_records as r
  set user_name = '', user_email = '', user_phone = '', notes = ''
  where r.user_id = new.id
    and r.source = 'convene';
  update public.crm_status_changes as c
  set notes = null
  from public.crm_records as r
  where r.id = c.record_id
    and r.user_id = new.id
    and r.source = 'convene';
  return null;
end;
$$;
comment on function private.forget_in_crm() is
  'After the end of an account: takes the person out of the CRM''s records and of what was noted on them.';
create trigger forget_in_crm after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null) execute function private.forget_in_crm();
