-- What every command begins and ends with: Idempotency-Key and audit log.

create table private.idempotency_keys (
  actor_id uuid not null,
  command text not null,
  key text not null,
  request_hash bytea not null,
  response jsonb not null,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (actor_id, command, key),
  constraint idempotency_keys_key_length check (char_length(key) between 1 and 255)
);
create index idempotency_keys_created_at_idx on private.idempotency_keys (created_at);
comment on table private.idempotency_keys is
  'First answers to requests with an Idempotency-Key, kept for 24 hours. Scoped to caller and command.';
comment on column private.idempotency_keys.actor_id is 'The user; the nil UUID for the service role.';
comment on column private.idempotency_keys.request_hash is 'SHA-256 of the command''s arguments.';
alter table private.idempotency_keys enable row level security;
create policy idempotency_keys_none on private.idempotency_keys for all to public using (false);

create table private.audit_log (
  id bigint generated always as identity,
  at timestamptz not null default now(),
  actor_kind text not null,
  actor_id uuid,
  command text not null,
  subject_id uuid,
  request_id text,
  detail jsonb not null default '{}',
  constraint audit_log_pkey primary key (id)
);
create index audit_log_subject_id_idx on private.audit_log (subject_id, id);
create index audit_log_actor_id_idx on private.audit_log (actor_id, id);
comment on table private.audit_log is 'One row per command that changed something: who, what, when. Append only.';
comment on column private.audit_log.subject_id is 'The event, booking or account that the command changed.';
comment on column private.audit_log.request_id is 'X-Request-Id of the HTTP request; the functions log the same id.';
alter table private.audit_log enable row level security;
create policy audit_log_none on private.audit_log for all to public using (false);

create function private.begin_command(command text, request jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_key constant text := private.request_header('idempotency-key');
  v_actor_id uuid;
  v_hash bytea;
  v_recorded record;
begin
  if coalesce(current_setting('convene.command', true), '') <> '' then
    return null;
  end if;
  perform set_config('convene.command', begin_command.command, true);
  if v_key is null then
    return null;
  end if;
  if char_length(v_key) not between 1 and 255 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = '{"field": "Idempotency-Key", "reason": "must have 1 to 255 characters"}';
  end if;

  v_actor_id := coalesce((private.actor()).id, '00000000-0000-0000-0000-000000000000');
  perform private.lock_idempotency_key(concat_ws(' ', v_actor_id, begin_command.command, v_key));
  select k.request_hash, k.response
  into v_recorded
  from private.idempotency_keys as k
  where k.actor_id = v_actor_id
    and k.command = begin_command.command
    and k.key = v_key
    and k.created_at > now() - interval '24 hours';
  if not found then
    return null;
  end if;

  v_hash := sha256(convert_to(begin_command.request::text, 'UTF8'));
  if v_recorded.request_hash is distinct from v_hash then
    raise sqlstate 'PT422' using message = 'IDEMPOTENCY_KEY_REUSED';
  end if;
  return v_recorded.response;
end;
$$;
comment on function private.begin_command(text, jsonb) is
  'Opens a command: marks the transaction as one, and answers the recorded response when this caller sent the same '
  'Idempotency-Key and arguments within 24 hours, else null. A call that waits for an equal one gets its answer. The '
  'key belongs to the outermost command of a transaction. '
  'Raises IDEMPOTENCY_KEY_REUSED (422) for other arguments, IDEMPOTENCY_KEY_IN_USE (409) after two seconds.';

create function private.lock_idempotency_key(name text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_before constant text := current_setting('lock_timeout');
begin
  perform set_config('lock_timeout', '2s', true);
  perform pg_advisory_xact_lock(hashtextextended(lock_idempotency_key.name, 0));
  perform set_config('lock_timeout', v_before, true);
exception
  when lock_not_available then
    raise sqlstate 'PT409' using message = 'IDEMPOTENCY_KEY_IN_USE';
end;
$$;
comment on function private.lock_idempotency_key(text) is
  'Makes equal keys take turns until the transaction ends. Raises IDEMPOTENCY_KEY_IN_USE (409) after two seconds.';

create function private.finish_command(
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
    finish_command.detail
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
  'Closes a command: writes the audit log, and records the response when the request has an Idempotency-Key. '
  'The key is still locked by begin_command, so a conflict can only be a record older than 24 hours.';
