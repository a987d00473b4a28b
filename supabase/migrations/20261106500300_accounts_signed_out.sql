-- Who signed out changes nothing and joins no topic any more, though the API takes their token until it expires.

alter policy providers_update on public.providers
  using (id = (select auth.uid()) and retired_at is null and (select private.has_session()));
alter policy profiles_update on public.profiles
  using (id = (select auth.uid()) and deleted_at is null and (select private.has_session()));
alter policy contacts_update on public.contacts
  using (profile_id = (select auth.uid()) and (select private.has_session()));
alter policy notifications_update on public.notifications
  using (recipient_id = (select auth.uid()) and (select private.has_session()));
alter policy notifications_delete on public.notifications
  using (recipient_id = (select auth.uid()) and (select private.has_session()));

create or replace function private.may_join_topic(topic text) returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_topic constant private.topic := private.parse_topic(may_join_topic.topic);
  v_user_id constant uuid := (select auth.uid());
begin
  if v_topic is null or v_user_id is null or not private.has_session() then
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
comment on function private.has_session() is
  'Whether the access token''s session still exists. The API takes a token until it expires, for reading; commands, changes '
  'and topics do not.';
