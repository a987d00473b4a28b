-- People's rights over their data: a copy of it, and its end.

create function public.export_my_data() returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
begin
  return jsonb_build_object(
    'exported_at', now(),
    'profile', (select to_jsonb(p) from public.profiles as p where p.id = v_user_id),
    'contact', (select to_jsonb(c) from public.contacts as c where c.profile_id = v_user_id),
    'provider', (select to_jsonb(p) from public.providers as p where p.id = v_user_id),
    'events', (
      select coalesce(jsonb_agg(e order by e.created_at), '[]') from public.events as e where e.provider_id = v_user_id
    ),
    'bookings', (
      select coalesce(jsonb_agg(b order by b.created_at), '[]')
      from public.booking_details as b
      where b.attendee_id = v_user_id
    ),
    'notifications', (
      select coalesce(jsonb_agg(n order by n.created_at), '[]')
      from public.notifications as n
      where n.recipient_id = v_user_id
    )
  );
end;
$$;
comment on function public.export_my_data() is
  'Everything that is kept about the signed-in person, as one document. Raises SIGN_IN_REQUIRED (401).';
grant execute on function private.acting_user() to authenticated;
grant execute on function public.export_my_data() to authenticated;

create function private.check_no_money_in_flight(profile_id uuid) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if exists (
    select
    from public.bookings as b
    where check_no_money_in_flight.profile_id in (b.attendee_id, b.provider_id)
      and b.status in ('held', 'pending_payment', 'confirmed')
      and b.payment_status in ('paid', 'partly_refunded')
  ) then
    raise sqlstate 'PT409' using message = 'MONEY_IN_FLIGHT';
  end if;
end;
$$;
comment on function private.check_no_money_in_flight(uuid) is
  'Raises MONEY_IN_FLIGHT (409) while a paid booking of this person is still to take place.';

create function private.leave_bookings(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid;
begin
  perform private.lock_provider(leave_bookings.profile_id);
  for v_id in
    select e.id
    from public.events as e
    where e.provider_id = leave_bookings.profile_id
      and e.status = 'published'
      and e.starts_at > now()
    order by e.id
  loop
    perform private.cancel_event(v_id, null);
  end loop;
  for v_id in
    select b.id
    from public.bookings as b
    join public.events as e on e.id = b.event_id
    where b.attendee_id = leave_bookings.profile_id
      and b.status in ('held', 'pending_payment', 'confirmed')
      and e.starts_at > now()
    order by b.event_id
  loop
    perform private.cancel_booking(v_id, null);
  end loop;
end;
$$;
comment on function private.leave_bookings(uuid) is
  'Cancels what a person who leaves has ahead: their events, then their own bookings, in the order of locks.';

create function private.delete_account(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.check_no_money_in_flight(delete_account.profile_id);
  perform private.leave_bookings(delete_account.profile_id);

  update public.profiles as p
  set name = '', locale = 'en', timezone = null, email_verified_at = null, deleted_at = now()
  where p.id = delete_account.profile_id;
  update public.providers as p
  set display_name = '', bio = null, specialization = null, retired_at = coalesce(p.retired_at, now())
  where p.id = delete_account.profile_id;
  update public.bookings as b
  set notes = null, cancellation_reason = null
  where b.attendee_id = delete_account.profile_id;
  delete from public.contacts as c where c.profile_id = delete_account.profile_id;
  delete from public.notifications as n where n.recipient_id = delete_account.profile_id;
  delete from private.idempotency_keys as k where k.actor_id = delete_account.profile_id;
  delete from auth.users as u where u.id = delete_account.profile_id;
end;
$$;
comment on function private.delete_account(uuid) is
  'Ends an account: cancels what is ahead, empties the profile, deletes contact data, notifications and the auth user '
  'with its sessions. Bookings stay, without the person. Raises MONEY_IN_FLIGHT (409).';

create function private.delete_my_account() returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
begin
  perform private.begin_command('delete_my_account', '{}');
  perform private.delete_account(v_user_id);
  perform private.finish_command('delete_my_account', '{}', v_user_id, '{}');
end;
$$;
comment on function private.delete_my_account() is 'See public.delete_my_account.';

create function public.delete_my_account() returns void
language sql
set search_path = ''
as $$
  select private.delete_my_account();
$$;
comment on function public.delete_my_account() is
  'Deletes the account of the signed-in person. Upcoming events and bookings are cancelled and everybody is told. Raises '
  'SIGN_IN_REQUIRED (401), MONEY_IN_FLIGHT (409).';
grant execute on function private.delete_my_account() to authenticated;
grant execute on function public.delete_my_account() to authenticated;
