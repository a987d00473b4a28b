-- Commands of the CRM: take a notification, move a status. For the service role.

create function private.notify_crm(
  source text,
  booking_id uuid,
  version integer,
  booking_status text,
  user_id uuid,
  user_name text,
  user_email text,
  user_phone text,
  event_id uuid,
  event_title text,
  event_kind text,
  event_location text,
  starts_at timestamptz,
  provider_id uuid,
  booked_at timestamptz,
  notes text
) returns public.crm_records
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_forgotten constant boolean := notify_crm.source = 'convene' and exists (
    select
    from public.profiles as p
    where p.id = notify_crm.user_id
      and p.deleted_at is not null
  );
  v_record public.crm_records;
begin
  insert into public.crm_records as r (
    source, booking_id, version, booking_status, user_id, user_name, user_email, user_phone, event_id, event_title,
    event_kind, event_location, starts_at, provider_id, booked_at, notes
  )
  values (
    notify_crm.source,
    notify_crm.booking_id,
    coalesce(notify_crm.version, 0),
    notify_crm.booking_status,
    notify_crm.user_id,
    case when v_forgotten then '' else notify_crm.user_name end,
    case when v_forgotten then '' else notify_crm.user_email end,
    case when v_forgotten then '' else notify_crm.user_phone end,
    notify_crm.event_id,
    notify_crm.event_title,
    notify_crm.event_kind,
    notify_crm.event_location,
    notify_crm.starts_at,
    notify_crm.provider_id,
    notify_crm.booked_at,
    case when v_forgotten then '' else notify_crm.notes end
  )
  on conflict on constraint crm_records_once do update
  set
    version = excluded.version,
    booking_status = excluded.booking_status,
    user_name = excluded.user_name,
    user_email = excluded.user_email,
    user_phone = excluded.user_phone,
    event_title = excluded.event_title,
    event_kind = excluded.event_kind,
    event_location = excluded.event_location,
    starts_at = excluded.starts_at,
    notes = excluded.notes
  where r.version <= excluded.version
    and r.user_id = excluded.user_id
    and r.event_id = excluded.event_id
    and r.provider_id = excluded.provider_id
  returning r.* into v_record;
  if not found then
    select r.*
    into v_record
    from public.crm_records as r
    where r.booking_id = notify_crm.booking_id
      and r.source = notify_crm.source;
    if (v_record.user_id, v_record.event_id, v_record.provider_id)
      is distinct from (notify_crm.user_id, notify_crm.event_id, notify_crm.provider_id)
    then
      raise sqlstate 'PT409' using message = 'CRM_RECORD_DIFFERS';
    end if;
  end if;
  return v_record;
end;
$$;
comment on function private.notify_crm(
  text, uuid, integer, text, uuid, text, text, text, uuid, text, text, text, timestamptz, uuid, timestamptz, text
) is 'See public.notify_crm.';

create function public.notify_crm(
  source text,
  booking_id uuid,
  version integer,
  booking_status text,
  user_id uuid,
  user_name text,
  user_email text,
  user_phone text,
  event_id uuid,
  event_title text,
  event_kind text,
  event_location text,
  starts_at timestamptz,
  provider_id uuid,
  booked_at timestamptz,
  notes text
) returns public.crm_records
language sql
set search_path = ''
as $$
  select private.notify_crm(
    notify_crm.source,
    notify_crm.booking_id,
    notify_crm.version,
    notify_crm.booking_status,
    notify_crm.user_id,
    notify_crm.user_name,
    notify_crm.user_email,
    notify_crm.user_phone,
    notify_crm.event_id,
    notify_crm.event_title,
    notify_crm.event_kind,
    notify_crm.event_location,
    notify_crm.starts_at,
    notify_crm.provider_id,
    notify_crm.booked_at,
    notify_crm.notes
  );
$$;
comment on function public.notify_crm(
  text, uuid, integer, text, uuid, text, text, text, uuid, text, text, text, timestamptz, uuid, timestamptz, text
) is
  'Records what a source tells of a booking: a new record, or the same one brought up to date unless it knows a later '
  'version. Keeps nothing personal of somebody whose account is deleted. Raises CRM_RECORD_DIFFERS (409) when the '
  'booking is known as somebody else''s or of another event. For the service role.';
grant execute on function private.notify_crm(
  text, uuid, integer, text, uuid, text, text, text, uuid, text, text, text, timestamptz, uuid, timestamptz, text
) to service_role;
grant execute on function public.notify_crm(
  text, uuid, integer, text, uuid, text, text, text, uuid, text, text, text, timestamptz, uuid, timestamptz, text
) to service_role;

create function private.move_crm_status(booking_id uuid, crm_status text, notes text, changed_by text)
returns public.crm_status_changes
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object(
    'booking_id', booking_id, 'crm_status', crm_status, 'notes', notes, 'changed_by', changed_by
  );
  v_replay constant jsonb := private.begin_command('move_crm_status', v_request);
  v_record public.crm_records;
  v_change public.crm_status_changes;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.crm_status_changes, v_replay);
  end if;
  perform private.check_length('notes', move_crm_status.notes, 2000);
  perform private.check_length('changed_by', move_crm_status.changed_by, 200);
  select r.*
  into v_record
  from public.crm_records as r
  where r.booking_id = move_crm_status.booking_id
  order by r.received_at desc
  limit 1
  for no key update;
  if not found then
    raise sqlstate 'PT404' using message = 'BOOKING_NOT_FOUND';
  end if;
  update public.crm_records as r
  set crm_status = move_crm_status.crm_status
  where r.id = v_record.id;
  insert into public.crm_status_changes as c (record_id, old_status, new_status, notes, changed_by)
  values (
    v_record.id, v_record.crm_status, move_crm_status.crm_status, move_crm_status.notes, move_crm_status.changed_by
  )
  returning c.* into v_change;
  perform private.finish_command('move_crm_status', v_request, v_record.booking_id, to_jsonb(v_change));
  return v_change;
exception
  when check_violation then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "crm_status", "reason": "must be new, reviewed, contacted, confirmed or completed"}';
end;
$$;
comment on function private.move_crm_status(uuid, text, text, text) is 'See public.move_crm_status.';

create function public.move_crm_status(
  booking_id uuid,
  crm_status text,
  notes text default null,
  changed_by text default null
)
returns public.crm_status_changes
language sql
set search_path = ''
as $$
  select private.move_crm_status(
    move_crm_status.booking_id, move_crm_status.crm_status, move_crm_status.notes, move_crm_status.changed_by
  );
$$;
comment on function public.move_crm_status(uuid, text, text, text) is
  'Moves the CRM status of a booking, to any status from any, and records who, when and why. Raises BOOKING_NOT_FOUND '
  '(404), INVALID_INPUT (400). For the service role.';
grant execute on function private.move_crm_status(uuid, text, text, text) to service_role;
grant execute on function public.move_crm_status(uuid, text, text, text) to service_role;
