-- A lapsed hold gives way to whatever else takes the provider's time, not only to another booking.

create function private.free_lapsed_time() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.expire_time_holds(new.provider_id);
  return new;
end;
$$;
comment on function private.free_lapsed_time() is
  'Before an event, time off or a busy time takes time of a provider: frees what lapsed holds still take. The command holds '
  'the provider''s lock.';
create trigger free_lapsed_time before insert or update of during on private.provider_time
  for each row when (new.live and new.kind <> 'booking') execute function private.free_lapsed_time();

comment on function private.lock_provider_time(uuid) is 'Locks a provider before their time is taken.';
