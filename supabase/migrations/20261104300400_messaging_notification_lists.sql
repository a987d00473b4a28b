-- Reading one's notifications: pages with the number of unread ones, and marking them as read.

create index notifications_unread_idx on public.notifications (recipient_id, created_at desc, id) where read_at is null;
comment on column public.notifications.data is
  'Enough to show it: title, starts_at, timezone, role (as what the recipient hears of it: attendee or provider); of a '
  'review also provider_id and rating.';

create function private.notification_data(payload jsonb, target text) returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'title', payload -> 'title',
    'starts_at', payload -> 'starts_at',
    'timezone', payload -> 'timezone',
    'role', notification_data.target
  ) || case
    when payload ? 'review_id'
      then jsonb_build_object('provider_id', payload -> 'provider_id', 'rating', payload -> 'rating')
    else '{}'
  end;
$$;
comment on function private.notification_data(jsonb, text) is
  'What a notification keeps of a domain event: enough to say it in the recipient''s language, nobody''s contact data.';

create or replace function private.notify_people() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.notifications (recipient_id, outbox_id, kind, subject_id, data)
  select t.recipient_id, n.id, n.event, n.key, private.notification_data(n.payload, t.target)
  from new_rows as n
  cross join private.outbox_targets(n.event, n.payload) as t
  where t.destination = 'notification'
    and t.recipient_id is not null;
  return null;
end;
$$;

create type public.notification_page as (
  total integer,
  total_is_exact boolean,
  items json,
  unread integer,
  locale text,
  timezone text
);
comment on type public.notification_page is
  'One page of a person''s notifications as rows of the table, with how many are unread in all (up to 10,000) and the '
  'language and zone in which to tell them.';

create function public.list_my_notifications(
  unread_only boolean default false,
  kind text default null,
  page_size integer default 20,
  page_offset integer default 0
) returns public.notification_page
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_user_id constant uuid := (select auth.uid());
  v_kinds constant text := regexp_replace(list_my_notifications.kind, '([%_\\])', '\\\1', 'g') || '.%';
  v_page public.notification_page;
begin
  select least(count(*), 10000), count(*) <= 10000
  into v_page.total, v_page.total_is_exact
  from (
    select
    from public.notifications as n
    where n.recipient_id = v_user_id
      and (not list_my_notifications.unread_only or n.read_at is null)
      and (list_my_notifications.kind is null or n.kind = list_my_notifications.kind or n.kind like v_kinds)
    limit 10001
  ) as bounded;
  select coalesce(json_agg(l), '[]')
  into v_page.items
  from (
    select n.id, n.kind, n.subject_id, n.data, n.read_at, n.created_at
    from public.notifications as n
    where n.recipient_id = v_user_id
      and (not list_my_notifications.unread_only or n.read_at is null)
      and (list_my_notifications.kind is null or n.kind = list_my_notifications.kind or n.kind like v_kinds)
    order by n.created_at desc, n.id
    limit least(list_my_notifications.page_size, 100)
    offset list_my_notifications.page_offset
  ) as l;
  select count(*)
  into v_page.unread
  from (
    select
    from public.notifications as n
    where n.recipient_id = v_user_id
      and n.read_at is null
    limit 10000
  ) as bounded;
  select p.locale, p.timezone
  into v_page.locale, v_page.timezone
  from public.profiles as p
  where p.id = v_user_id;
  return v_page;
end;
$$;
comment on function public.list_my_notifications(boolean, text, integer, integer) is
  'Notifications of the signed-in person, latest first, all or unread ones only; kind is a whole kind such as '
  'booking.created or its first part; at most 100 a page.';
grant execute on function public.list_my_notifications(boolean, text, integer, integer) to authenticated;

create function public.mark_notification_read(notification_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.notifications as n
  set read_at = coalesce(n.read_at, now())
  where n.id = mark_notification_read.notification_id
    and n.recipient_id = (select auth.uid());
  if not found then
    raise sqlstate 'PT404' using message = 'NOTIFICATION_NOT_FOUND';
  end if;
end;
$$;
comment on function public.mark_notification_read(uuid) is
  'Marks a notification of the signed-in person as read; again changes nothing. Raises NOTIFICATION_NOT_FOUND (404) for '
  'other people''s as well.';
grant execute on function public.mark_notification_read(uuid) to authenticated;

create function public.mark_notifications_read() returns integer
language sql
set search_path = ''
as $$
  with marked as (
    update public.notifications as n
    set read_at = now()
    where n.recipient_id = (select auth.uid())
      and n.read_at is null
    returning n.id
  )
  select count(*)::integer from marked;
$$;
comment on function public.mark_notifications_read() is
  'Marks every notification of the signed-in person as read. Answers how many were not.';
grant execute on function public.mark_notifications_read() to authenticated;

create function public.delete_notification(notification_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from public.notifications as n
  where n.id = delete_notification.notification_id
    and n.recipient_id = (select auth.uid());
  if not found then
    raise sqlstate 'PT404' using message = 'NOTIFICATION_NOT_FOUND';
  end if;
end;
$$;
comment on function public.delete_notification(uuid) is
  'Deletes a notification of the signed-in person. Raises NOTIFICATION_NOT_FOUND (404) for other people''s as well.';
grant execute on function public.delete_notification(uuid) to authenticated;
