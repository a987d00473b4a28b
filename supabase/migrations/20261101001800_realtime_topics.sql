-- Private topics: who may join and send, and the hints that tables broadcast. A hint carries ids and versions only.

create type private.topic as (kind text, id uuid, other_id uuid);
comment on type private.topic is 'A parsed topic: user:<id>, booking:<id>, conversation:<id>:<other id>.';

create function private.parse_topic(topic text) returns private.topic
language sql
immutable
set search_path = ''
as $$
  select case
    when topic ~ ('^(user|booking):' || u.uuid || '$')
      then row(split_part(topic, ':', 1), split_part(topic, ':', 2)::uuid, null)::private.topic
    when topic ~ ('^conversation:' || u.uuid || ':' || u.uuid || '$')
      then row('conversation', split_part(topic, ':', 2)::uuid, split_part(topic, ':', 3)::uuid)::private.topic
  end
  from (values ('[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')) as u (uuid);
$$;
comment on function private.parse_topic(text) is 'The parts of a topic; null for anything that is not one of ours.';

create function private.may_join_topic(topic text) returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_topic constant private.topic := private.parse_topic(may_join_topic.topic);
  v_user_id constant uuid := (select auth.uid());
begin
  if v_topic is null or v_user_id is null then
    return false;
  end if;
  return coalesce(
    case (v_topic).kind
      when 'user' then (v_topic).id = v_user_id
      when 'conversation' then v_user_id in ((v_topic).id, (v_topic).other_id)
      when 'booking' then exists (
        select
        from public.bookings as b
        where b.id = (v_topic).id
          and v_user_id in (b.attendee_id, b.provider_id)
      )
    end,
    false
  );
end;
$$;
comment on function private.may_join_topic(text) is 'Whether the signed-in person may receive what is sent on a topic.';
grant execute on function private.may_join_topic(text) to authenticated;

create function private.may_send_on_topic(topic text) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    (private.parse_topic(may_send_on_topic.topic)).kind = 'conversation'
      and private.may_join_topic(may_send_on_topic.topic),
    false
  );
$$;
comment on function private.may_send_on_topic(text) is
  'Whether the signed-in person may send (typing, presence): on their conversations only. user: and booking: are the '
  'database''s to send on.';
grant execute on function private.may_send_on_topic(text) to authenticated;

create policy convene_topics_select on realtime.messages for select to authenticated
  using (extension in ('broadcast', 'presence') and private.may_join_topic((select realtime.topic())));
create policy convene_topics_insert on realtime.messages for insert to authenticated
  with check (extension in ('broadcast', 'presence') and private.may_send_on_topic((select realtime.topic())));

create function private.broadcast_notification() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(
    jsonb_build_object('notification_id', new.id, 'kind', new.kind, 'subject_id', new.subject_id),
    'notification',
    'user:' || new.recipient_id,
    true
  );
  return null;
end;
$$;
comment on function private.broadcast_notification() is 'After a notification: tells its recipient''s open clients to fetch it.';
create trigger broadcast_notification after insert on public.notifications
  for each row execute function private.broadcast_notification();

create function private.broadcast_booking() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(
    jsonb_build_object('booking_id', new.id, 'version', new.version),
    'booking',
    'booking:' || new.id,
    true
  );
  return null;
end;
$$;
comment on function private.broadcast_booking() is 'After a change of a booking: tells both people''s open clients to fetch it.';
create trigger broadcast_booking after update on public.bookings
  for each row when (old.version is distinct from new.version) execute function private.broadcast_booking();
