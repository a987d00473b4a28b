-- What the worker does at the vendor: it compares the booking as it is now with what the vendor knows.

alter table private.outbox_routes
  drop constraint outbox_routes_destination_known,
  add constraint outbox_routes_destination_known
    check (destination in ('notification', 'email', 'crm', 'stripe', 'meeting'));
insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('booking.created', 'meeting', '', false, 'held'),
  ('booking.confirmed', 'meeting', '', false, null),
  ('booking.rescheduled', 'meeting', '', false, null),
  ('booking.cancelled', 'meeting', '', false, null),
  ('booking.completed', 'meeting', '', false, null),
  ('booking.no_show', 'meeting', '', false, null),
  ('meeting.ended', 'meeting', '', false, null),
  ('recording.shared', 'notification', 'attendee', false, null);

create or replace function private.outbox_targets(event text, payload jsonb)
returns table (destination text, target text, recipient_id uuid)
language sql
stable
set search_path = ''
as $$
  select r.destination, r.target, (outbox_targets.payload ->> (nullif(r.target, '') || '_id'))::uuid
  from private.outbox_routes as r
  where r.event = outbox_targets.event
    and r.skip_cause is distinct from coalesce(outbox_targets.payload ->> 'cause', '')
    and (r.destination <> 'meeting' or outbox_targets.payload ->> 'kind' = 'one_to_one')
    and not (
      r.skip_actor
      and outbox_targets.payload ->> (r.target || '_id') is not distinct from outbox_targets.payload ->> 'actor_id'
    );
$$;
comment on function private.outbox_targets(text, jsonb) is
  'Where a domain event goes, and which profile receives it. Only one-to-one bookings have meetings.';

create type public.meeting_task as (
  action text,
  kind text,
  is_retry boolean,
  room text,
  external_id text,
  title text,
  starts_at timestamptz,
  ends_at timestamptz,
  opens_at timestamptz,
  closes_at timestamptz
);
comment on type public.meeting_task is
  'What is to be done at the vendor: create, move, close (it is over), remove (it does not take place) or none. is_retry: '
  'creating was tried before and may have succeeded.';

create function private.plan_meeting(booking_id uuid, kind text) returns public.meeting_task
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_booking public.bookings;
  v_meeting public.meetings;
  v_link private.meeting_links;
  v_action text;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = plan_meeting.booking_id
    and b.during is not null
  for share;
  if v_booking.status = 'confirmed' then
    insert into public.meetings (booking_id, kind)
    values (v_booking.id, plan_meeting.kind)
    on conflict on constraint meetings_pkey do nothing;
    insert into private.meeting_links (booking_id)
    values (v_booking.id)
    on conflict on constraint meeting_links_pkey do nothing;
  end if;
  v_meeting := private.lock_meeting(v_booking);
  select l.*
  into v_link
  from private.meeting_links as l
  where l.booking_id = v_meeting.booking_id;
  v_action := private.meeting_action(v_booking, v_meeting, v_link);
  if v_action = 'create' then
    update public.meetings as m
    set kind = plan_meeting.kind
    where m.booking_id = v_booking.id
    returning m.* into v_meeting;
    update private.meeting_links as l
    set tried_at = coalesce(l.tried_at, now())
    where l.booking_id = v_booking.id;
  end if;
  return (
    v_action, v_meeting.kind, v_link.tried_at is not null, v_link.room, v_link.external_id,
    (private.occasion(v_booking)).title, lower(v_booking.during), upper(v_booking.during),
    private.meeting_opens_at(v_booking), private.meeting_closes_at(v_booking)
  )::public.meeting_task;
end;
$$;
comment on function private.plan_meeting(uuid, text) is 'See public.plan_meeting.';

create function private.meeting_action(booking public.bookings, meeting public.meetings, link private.meeting_links)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when booking.status = 'confirmed' and meeting.ended_at is null then case
      when link.external_id is null then 'create'
      when (link.starts_at, link.ends_at) is distinct from (lower(booking.during), upper(booking.during)) then 'move'
      else 'none'
    end
    when link.external_id is null or link.closed_at is not null then 'none'
    when booking.status in ('confirmed', 'completed', 'no_show') then 'close'
    else 'remove'
  end;
$$;
comment on function private.meeting_action(public.bookings, public.meetings, private.meeting_links) is
  'What brings the vendor into line with a booking. See type meeting_task.';

create function private.settle_meeting(booking_id uuid, task jsonb, external_id text, join_url text) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_task constant public.meeting_task := jsonb_populate_record(null::public.meeting_task, task);
  v_booking public.bookings;
  v_meeting public.meetings;
begin
  select b.*
  into v_booking
  from public.bookings as b
  where b.id = settle_meeting.booking_id
  for share;
  v_meeting := private.lock_meeting(v_booking);
  case v_task.action
    when 'create', 'move' then
      update private.meeting_links as l
      set
        external_id = coalesce(settle_meeting.external_id, l.external_id),
        join_url = coalesce(settle_meeting.join_url, l.join_url),
        starts_at = v_task.starts_at,
        ends_at = v_task.ends_at,
        closed_at = null
      where l.booking_id = v_booking.id;
      update public.meetings as m
      set ready_at = coalesce(m.ready_at, now())
      where m.booking_id = v_booking.id;
    when 'close' then
      update private.meeting_links as l
      set closed_at = now()
      where l.booking_id = v_booking.id;
      if v_meeting.started_at is not null and v_meeting.ended_at is null then
        perform private.finish_meeting(v_booking, private.probable_end(v_booking));
      end if;
    when 'remove' then
      delete from private.meeting_links as l
      where l.booking_id = v_booking.id;
      update public.meetings as m
      set ready_at = null
      where m.booking_id = v_booking.id;
    else null;
  end case;
end;
$$;
comment on function private.settle_meeting(uuid, jsonb, text, text) is 'See public.settle_meeting.';

create function private.probable_end(booking public.bookings) returns timestamptz
language sql
stable
set search_path = ''
as $$
  select case
    when bool_and(p.left_at is not null) then max(p.left_at)
    else least(now(), upper(booking.during))
  end
  from public.meeting_participants as p
  where p.booking_id = booking.id;
$$;
comment on function private.probable_end(public.bookings) is
  'When a meeting ended that nobody ended: when its last one left, or its booked end while somebody never said so.';

create function public.plan_meeting(booking_id uuid, kind text) returns public.meeting_task
language sql
set search_path = ''
as $$
  select private.plan_meeting(plan_meeting.booking_id, plan_meeting.kind);
$$;
comment on function public.plan_meeting(uuid, text) is
  'What is to be done at the vendor for a booking as it is now; a new meeting is of this kind, an existing one stays of '
  'its own. May be asked again and again. For the service role.';
grant execute on function private.plan_meeting(uuid, text) to service_role;
grant execute on function public.plan_meeting(uuid, text) to service_role;

create function public.settle_meeting(
  booking_id uuid,
  task jsonb,
  external_id text default null,
  join_url text default null
) returns void
language sql
set search_path = ''
as $$
  select private.settle_meeting(
    settle_meeting.booking_id, settle_meeting.task, settle_meeting.external_id, settle_meeting.join_url
  );
$$;
comment on function public.settle_meeting(uuid, jsonb, text, text) is
  'Notes that a task of plan_meeting was done, and what the vendor calls the meeting. For the service role.';
grant execute on function private.settle_meeting(uuid, jsonb, text, text) to service_role;
grant execute on function public.settle_meeting(uuid, jsonb, text, text) to service_role;
