-- A slot may be generated away between being chosen and its provider's lock.

create or replace function private.require_open_time(chosen private.chosen_time, ignoring_booking uuid default null)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.is_open_time(chosen.provider_id, chosen.starts_at, chosen.ends_at, ignoring_booking)
    or (
      chosen.slot_id is not null
      and not exists (select from public.slots as s where s.id = chosen.slot_id and s.status = 'open')
    )
  then
    raise sqlstate 'PT409' using message = 'SLOT_NOT_AVAILABLE';
  end if;
end;
$$;
comment on function private.require_open_time(private.chosen_time, uuid) is
  'Raises SLOT_NOT_AVAILABLE (409) unless the provider can be booked at this time now, and the slot that was chosen is still '
  'there and open. The caller holds the provider''s lock, so it stays so.';
