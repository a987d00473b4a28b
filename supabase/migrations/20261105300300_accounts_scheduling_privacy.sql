-- People's rights over their data reach availability and meetings.

alter function public.export_my_data() rename to export_without_scheduling;
alter function public.export_without_scheduling() set schema private;
comment on function private.export_without_scheduling() is
  'What public.export_my_data answers, but for availability and meetings.';

create function private.my_blocked_times() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object('kind', t.kind, 'starts_at', lower(t.during), 'ends_at', upper(t.during))
      order by lower(t.during), t.id
    ),
    '[]'
  )
  from private.provider_time as t
  where t.provider_id = (select auth.uid())
    and t.kind in ('time_off', 'external');
$$;
comment on function private.my_blocked_times() is 'Every blocked time of the caller, past ones too. For the copy of their data.';
grant execute on function private.my_blocked_times() to authenticated;

create function private.my_recordings() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(r) - 'share_token' order by r.created_at), '[]')
  from private.meeting_recordings as r
  join public.bookings as b on b.id = r.booking_id
  where b.provider_id = (select auth.uid());
$$;
comment on function private.my_recordings() is
  'The recordings that the caller said of and shared, without the links that open them. For the copy of their data.';
grant execute on function private.my_recordings() to authenticated;

create function public.export_my_data() returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_without_scheduling() || jsonb_build_object(
    'availability_schedules', (
      select coalesce(jsonb_agg(
        to_jsonb(s) || jsonb_build_object(
          'windows', (
            select coalesce(jsonb_agg(to_jsonb(w) - 'schedule_id' order by w.id), '[]')
            from public.availability_windows as w
            where w.schedule_id = s.id
          ),
          'exceptions', (
            select coalesce(jsonb_agg(x.on_date order by x.on_date), '[]')
            from public.availability_exceptions as x
            where x.schedule_id = s.id
          )
        )
        order by s.created_at
      ), '[]')
      from public.availability_schedules as s
      where s.provider_id = (select auth.uid())
    ),
    'slots', (
      select coalesce(jsonb_agg(s order by s.starts_at, s.id), '[]')
      from public.slots as s
      where s.provider_id = (select auth.uid())
    ),
    'blocked_times', private.my_blocked_times(),
    'meeting_notes', (
      select coalesce(jsonb_agg(n order by n.created_at, n.id), '[]')
      from public.meeting_notes as n
      where n.author_id = (select auth.uid())
    ),
    'meetings_joined', (
      select coalesce(jsonb_agg(p order by p.joined_at, p.id), '[]')
      from public.meeting_participants as p
      where p.profile_id = (select auth.uid())
    ),
    'recordings', private.my_recordings(),
    'event_links', (
      select coalesce(jsonb_agg(l order by l.created_at), '[]')
      from public.event_links as l
      where l.provider_id = (select auth.uid())
    ),
    'payout_account', (
      select to_jsonb(a)
      from public.provider_accounts as a
      where a.provider_id = (select auth.uid())
    )
  );
$$;
comment on function public.export_my_data() is
  'Everything that is kept about the signed-in person, as one document. Raises SIGN_IN_REQUIRED (401).';
grant execute on function public.export_my_data() to authenticated;

create or replace function private.forget_meeting_notes() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.meeting_notes as n
  where n.author_id = new.id;
  delete from private.meeting_recordings as r
  using public.bookings as b
  where b.id = r.booking_id
    and b.provider_id = new.id;
  update private.meeting_recordings as r
  set share_token = null, shared_until = null
  from public.bookings as b
  where b.id = r.booking_id
    and b.attendee_id = new.id
    and r.share_token is not null;
  return null;
end;
$$;
comment on function private.forget_meeting_notes() is
  'After an account was deleted: what the person noted on bookings goes with it, as do the recordings that they told of '
  'as provider; what was shared with them is shared no more.';

create function private.forget_availability() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.availability_schedules as s
  set is_active = false, version = s.version + 1
  where s.provider_id = new.id
    and s.is_active;
  delete from public.availability_windows as w
  using public.availability_schedules as s
  where s.id = w.schedule_id
    and s.provider_id = new.id;
  delete from public.availability_exceptions as x
  using public.availability_schedules as s
  where s.id = x.schedule_id
    and s.provider_id = new.id;
  delete from public.slots as s
  where s.provider_id = new.id
    and not exists (select from public.bookings as b where b.slot_id = s.id);
  update public.slots as s
  set status = 'withdrawn'
  where s.provider_id = new.id
    and s.status = 'open';
  delete from private.provider_time as t
  where t.provider_id = new.id
    and t.kind in ('time_off', 'external');
  return null;
end;
$$;
comment on function private.forget_availability() is
  'After an account was deleted: when the person worked is nobody''s business any more. A schedule and slots that bookings '
  'name stay as empty rows.';
create trigger forget_availability after update of deleted_at on public.profiles
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function private.forget_availability();

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values ('recording.shared', 'email', 'attendee', false, null);
