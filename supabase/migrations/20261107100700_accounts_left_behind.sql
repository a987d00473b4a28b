-- What somebody wrote goes with their account; why they did something stands with what they did, and nowhere else.

update private.audit_log as a
set detail = a.detail - 'reason'
where a.detail ? 'reason';

create or replace function private.finish_command(
  command text,
  request jsonb,
  subject_id uuid,
  response jsonb,
  detail jsonb default '{}'
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_actor constant private.actor := private.actor();
  v_key constant text := private.request_header('idempotency-key');
begin
  insert into private.audit_log (actor_kind, actor_id, command, subject_id, request_id, detail)
  values (
    v_actor.kind,
    v_actor.id,
    finish_command.command,
    finish_command.subject_id,
    left(private.request_header('x-request-id'), 100),
    finish_command.detail - 'reason'
  );
  if v_key is not null and current_setting('convene.command', true) = finish_command.command then
    insert into private.idempotency_keys as k (actor_id, command, key, request_hash, response)
    values (
      coalesce(v_actor.id, '00000000-0000-0000-0000-000000000000'),
      finish_command.command,
      v_key,
      sha256(convert_to(finish_command.request::text, 'UTF8')),
      finish_command.response
    )
    on conflict on constraint idempotency_keys_pkey do update
    set request_hash = excluded.request_hash, response = excluded.response, created_at = excluded.created_at;
  end if;
end;
$$;
comment on function private.finish_command(text, jsonb, uuid, jsonb, jsonb) is
  'Ends a command that changed something: writes the audit row, without the reason that a person gave, and keeps the answer '
  'for a repeated Idempotency-Key.';

create or replace function private.delete_account(profile_id uuid) returns void
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
  set notes = null, cancellation_reason = null, reschedule_reason = null
  where b.attendee_id = delete_account.profile_id;
  update public.bookings as b
  set
    cancellation_reason = case when b.cancelled_by = 'provider' then null else b.cancellation_reason end,
    reschedule_reason = null
  where b.provider_id = delete_account.profile_id
    and num_nonnulls(b.cancellation_reason, b.reschedule_reason) > 0;
  update public.refunds as r
  set reason = null
  from public.payments as p
  where p.id = r.payment_id
    and r.reason is not null
    and delete_account.profile_id in (p.payer_id, r.requested_by);
  delete from public.contacts as c where c.profile_id = delete_account.profile_id;
  delete from public.notifications as n where n.recipient_id = delete_account.profile_id;
  delete from private.idempotency_keys as k where k.actor_id = delete_account.profile_id;
  delete from auth.users as u where u.id = delete_account.profile_id;
end;
$$;

create function private.lock_everything_of(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform p.id
  from public.providers as p
  where p.id = lock_everything_of.profile_id
    or p.id in (
      select w.provider_id
      from public.waiting_entries as w
      where w.person_id = lock_everything_of.profile_id
        and w.during is not null
        and w.status in ('waiting', 'offered')
    )
    or p.id in (
      select b.provider_id
      from public.bookings as b
      where b.attendee_id = lock_everything_of.profile_id
        and b.during is not null
        and b.is_live
    )
  order by p.id
  for no key update;
  perform e.id
  from public.events as e
  where e.id in (
      select w.event_id
      from public.waiting_entries as w
      where w.person_id = lock_everything_of.profile_id
        and w.status in ('waiting', 'offered')
    )
    or e.id in (
      select b.event_id
      from public.bookings as b
      where b.attendee_id = lock_everything_of.profile_id
        and b.is_live
    )
    or (e.provider_id = lock_everything_of.profile_id and e.status = 'published' and e.starts_at > now())
  order by e.id
  for no key update;
end;
$$;
comment on function private.lock_everything_of(uuid) is
  'Locks the roots of all that a person has ahead: providers, then events, each by id, so that two who leave at once take '
  'turns.';

create or replace function private.leave_times(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_booking public.bookings;
begin
  for v_booking in
    select b.*
    from public.bookings as b
    where leave_times.profile_id in (b.attendee_id, b.provider_id)
      and b.during is not null
      and lower(b.during) > now()
      and b.status in ('held', 'pending_payment', 'confirmed')
    order by b.provider_id, b.id
  loop
    perform private.cancel_booking(v_booking.id, null);
  end loop;
end;
$$;

create or replace function private.leave_bookings(profile_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid;
begin
  perform private.lock_everything_of(leave_bookings.profile_id);
  -- What this person frees must not be offered to them again.
  delete from public.waiting_entries as w
  where w.person_id = leave_bookings.profile_id;
  -- What this person's bookings free must not be offered on their own time.
  update public.waiting_entries as w
  set status = 'closed'
  where w.provider_id = leave_bookings.profile_id
    and w.during is not null
    and w.status = 'waiting';
  perform private.leave_times(leave_bookings.profile_id);
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
  'Cancels what a person who leaves has ahead: their waiting, the line for their time, their events, their own bookings. '
  'Whoever has a root''s lock changes the entries and bookings under it, so all locks are taken first.';
