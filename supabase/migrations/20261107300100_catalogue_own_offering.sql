-- One offering is read as the lists of them are: not with a token whose session has ended.

create function public.read_my_offering(offering_id uuid) returns public.offerings
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
  v_offering public.offerings;
begin
  select o.*
  into v_offering
  from public.offerings as o
  where o.id = read_my_offering.offering_id
    and o.provider_id = v_user_id
    and o.deleted_at is null;
  if not found then
    raise sqlstate 'PT404' using message = 'OFFERING_NOT_FOUND';
  end if;
  return v_offering;
end;
$$;
comment on function public.read_my_offering(uuid) is
  'An offering of the signed-in person, also one that is not active. Raises SIGN_IN_REQUIRED (401), OFFERING_NOT_FOUND '
  '(404), also when it is somebody else''s or deleted.';
grant execute on function public.read_my_offering(uuid) to authenticated;
