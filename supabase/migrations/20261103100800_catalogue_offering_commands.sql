-- Commands of one offering: create, update, delete, activate.

create function private.create_offering(
  title text,
  description text,
  category text,
  basic_info jsonb,
  details jsonb,
  price_schedule jsonb,
  duration_minutes integer
) returns public.offerings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := private.without_nulls(jsonb_build_object(
    'title', title, 'description', description, 'category', category, 'basic_info', basic_info, 'details', details,
    'price_schedule', price_schedule, 'duration_minutes', duration_minutes
  ));
  v_replay constant jsonb := private.begin_command('create_offering', v_request);
  v_currency text;
  v_offering public.offerings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.offerings, v_replay);
  end if;
  select p.currency
  into v_currency
  from public.providers as p
  where p.id = v_provider_id
  for key share;
  perform private.refuse_problems(private.change_problems('{"title": ""}' || v_request, v_currency));

  v_offering.description := '';
  v_offering.basic_info := '{}';
  v_offering.details := '{}';
  v_offering.price_schedule := '{}';
  v_offering.currency := v_currency;
  v_offering := private.changed_offering(v_offering, v_request, v_currency);
  insert into public.offerings as o (
    provider_id, title, description, category, category_id, subcategory_id, basic_info, details, price_schedule,
    price_minor, currency, duration_minutes
  )
  values (
    v_provider_id, v_offering.title, v_offering.description, v_offering.category, v_offering.category_id,
    v_offering.subcategory_id, v_offering.basic_info, v_offering.details, v_offering.price_schedule,
    v_offering.price_minor, v_offering.currency, v_offering.duration_minutes
  )
  returning o.* into v_offering;
  insert into private.outbox (event, key, version, payload)
  values ('offering.created', v_offering.id, v_offering.version, private.offering_payload(v_offering));
  perform private.finish_command('create_offering', v_request, v_offering.id, to_jsonb(v_offering));
  return v_offering;
end;
$$;
comment on function private.create_offering(text, text, text, jsonb, jsonb, jsonb, integer) is
  'See public.create_offering.';

create function public.create_offering(
  title text,
  description text default null,
  category text default null,
  basic_info jsonb default null,
  details jsonb default null,
  price_schedule jsonb default null,
  duration_minutes integer default null
) returns public.offerings
language sql
set search_path = ''
as $$
  select private.create_offering(
    create_offering.title, create_offering.description, create_offering.category, create_offering.basic_info,
    create_offering.details, create_offering.price_schedule, create_offering.duration_minutes
  );
$$;
comment on function public.create_offering(text, text, text, jsonb, jsonb, jsonb, integer) is
  'Creates an active offering of the signed-in provider. The category is free text and matched to one of ours where one '
  'fits; price_minor and currency are read out of price_schedule (private.schedule_price). Raises SIGN_IN_REQUIRED (401), '
  'NOT_A_PROVIDER (403), INVALID_INPUT (400).';
grant execute on function private.create_offering(text, text, text, jsonb, jsonb, jsonb, integer) to authenticated;
grant execute on function public.create_offering(text, text, text, jsonb, jsonb, jsonb, integer) to authenticated;

create function private.update_offering(offering_id uuid, changes jsonb) returns public.offerings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('offering_id', offering_id, 'changes', changes);
  v_replay constant jsonb := private.begin_command('update_offering', v_request);
  v_currency text;
  v_offering public.offerings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.offerings, v_replay);
  end if;
  v_offering := private.lock_own_offering(update_offering.offering_id);
  select p.currency into v_currency from public.providers as p where p.id = v_offering.provider_id;
  perform private.refuse_problems(private.change_problems(changes, v_currency));
  v_offering := private.changed_offering(v_offering, changes, v_currency);
  select o.* into v_offering from private.store_offerings(array[v_offering], 'offering.updated') as o;
  perform private.finish_command('update_offering', v_request, v_offering.id, to_jsonb(v_offering), v_request);
  return v_offering;
end;
$$;
comment on function private.update_offering(uuid, jsonb) is 'See public.update_offering.';

create function public.update_offering(
  offering_id uuid,
  title text default null,
  description text default null,
  category text default null,
  basic_info jsonb default null,
  details jsonb default null,
  price_schedule jsonb default null,
  duration_minutes integer default null,
  is_active boolean default null
) returns public.offerings
language sql
set search_path = ''
as $$
  select private.update_offering(
    update_offering.offering_id,
    private.without_nulls(jsonb_build_object(
      'title', update_offering.title,
      'description', update_offering.description,
      'category', update_offering.category,
      'basic_info', update_offering.basic_info,
      'details', update_offering.details,
      'price_schedule', update_offering.price_schedule,
      'duration_minutes', update_offering.duration_minutes,
      'is_active', update_offering.is_active
    ))
  );
$$;
comment on function public.update_offering(uuid, text, text, text, jsonb, jsonb, jsonb, integer, boolean) is
  'Changes what is given of an offering of the signed-in provider; null leaves it, an empty category removes it, and each '
  'free-form object is replaced whole. A new price holds for new bookings. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER '
  '(403), OFFERING_NOT_FOUND (404), INVALID_INPUT (400).';
grant execute on function private.without_nulls(jsonb) to authenticated;
grant execute on function private.update_offering(uuid, jsonb) to authenticated;
grant execute on function public.update_offering(uuid, text, text, text, jsonb, jsonb, jsonb, integer, boolean)
  to authenticated;

create function private.set_offering_active(offering_id uuid, active boolean) returns public.offerings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('offering_id', offering_id, 'active', active);
  v_replay constant jsonb := private.begin_command('set_offering_active', v_request);
  v_offering public.offerings;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.offerings, v_replay);
  end if;
  v_offering := private.lock_own_offering(set_offering_active.offering_id, even_deleted => active);
  if v_offering.is_active is not distinct from set_offering_active.active then
    return v_offering;
  end if;
  v_offering.is_active := set_offering_active.active;
  v_offering.deleted_at := null;
  select o.*
  into v_offering
  from private.store_offerings(
    array[v_offering],
    case when active then 'offering.activated' else 'offering.deactivated' end
  ) as o;
  perform private.finish_command('set_offering_active', v_request, v_offering.id, to_jsonb(v_offering), v_request);
  return v_offering;
end;
$$;
comment on function private.set_offering_active(uuid, boolean) is 'See public.set_offering_active.';

create function public.set_offering_active(offering_id uuid, active boolean) returns public.offerings
language sql
set search_path = ''
as $$
  select private.set_offering_active(set_offering_active.offering_id, set_offering_active.active);
$$;
comment on function public.set_offering_active(uuid, boolean) is
  'Lists an offering of the signed-in provider or takes it off the lists; activating also brings a deleted one back. '
  'Nothing happens when it is so already. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), OFFERING_NOT_FOUND (404).';
grant execute on function private.set_offering_active(uuid, boolean) to authenticated;
grant execute on function public.set_offering_active(uuid, boolean) to authenticated;

create function private.delete_offering(offering_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_request constant jsonb := jsonb_build_object('offering_id', offering_id);
  v_replay constant jsonb := private.begin_command('delete_offering', v_request);
  v_offering public.offerings;
begin
  if v_replay is not null then
    return;
  end if;
  v_offering := private.lock_own_offering(delete_offering.offering_id);
  v_offering.is_active := false;
  v_offering.deleted_at := now();
  perform private.store_offerings(array[v_offering], 'offering.deleted');
  perform private.finish_command('delete_offering', v_request, v_offering.id, '{}');
end;
$$;
comment on function private.delete_offering(uuid) is 'See public.delete_offering.';

create function public.delete_offering(offering_id uuid) returns void
language sql
set search_path = ''
as $$
  select private.delete_offering(delete_offering.offering_id);
$$;
comment on function public.delete_offering(uuid) is
  'Deletes an offering of the signed-in provider softly: it is listed nowhere and answers nothing but '
  'set_offering_active, which brings it back. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), OFFERING_NOT_FOUND '
  '(404).';
grant execute on function private.delete_offering(uuid) to authenticated;
grant execute on function public.delete_offering(uuid) to authenticated;
