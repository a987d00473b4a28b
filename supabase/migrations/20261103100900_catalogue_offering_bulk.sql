-- Commands of many offerings at once: all of them or none.

create function private.check_bulk_size(field text, size integer) returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if size is null or size not between 1 and 1000 then
    raise sqlstate 'PT400' using
      message = 'INVALID_INPUT',
      detail = json_build_object('field', field, 'reason', 'must be a list of 1 to 1000 entries')::text;
  end if;
end;
$$;
comment on function private.check_bulk_size(text, integer) is
  'Raises INVALID_INPUT (400) unless a bulk command has 1 to 1,000 entries.';

create function private.lock_own_offerings(offering_ids uuid[]) returns setof public.offerings
language sql
set search_path = ''
as $$
  select o.*
  from public.offerings as o
  where o.id = any(lock_own_offerings.offering_ids)
    and o.provider_id = (select private.acting_provider())
    and o.deleted_at is null
  order by o.id
  for no key update;
$$;
comment on function private.lock_own_offerings(uuid[]) is
  'Locks those of these offerings that the signed-in provider has, in the order of their ids.';

create function private.bulk_problems(field text, ids uuid[], found uuid[]) returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(
    jsonb_build_object('field', format(bulk_problems.field, i.place - 1), 'reason', p.reason) order by i.place
  ), '[]')
  from (
    select g.id, g.place, row_number() over (partition by g.id order by g.place) as nth
    from unnest(ids) with ordinality as g (id, place)
  ) as i
  cross join lateral (
    select case
      when i.id is null then 'must be a UUID'
      when i.nth > 1 then 'must not be there twice'
      when i.id <> all(bulk_problems.found) then 'is no offering of yours'
    end as reason
  ) as p
  where p.reason is not null;
$$;
comment on function private.bulk_problems(text, uuid[], uuid[]) is
  'Which of these ids are none, repeated or not among those found, as a list of {field, reason}. field has %s for the '
  'place, which counts from 0.';

create function private.bulk_update_offerings(offerings jsonb) returns setof public.offerings
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_replay constant jsonb := private.begin_command('bulk_update_offerings', offerings);
  v_items jsonb[];
  v_ids uuid[];
  v_before public.offerings[];
  v_after public.offerings[];
  v_currency text;
  v_problems jsonb;
begin
  if v_replay is not null then
    return query select o.* from jsonb_populate_recordset(null::public.offerings, v_replay) as o;
    return;
  end if;
  perform private.check_bulk_size(
    'offerings',
    case when jsonb_typeof(offerings) = 'array' then jsonb_array_length(offerings) end
  );
  select
    array_agg(private.without_nulls(case when jsonb_typeof(e.item) = 'object' then e.item else '{}' end) order by e.place),
    array_agg(case
      when e.item ->> 'id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (e.item ->> 'id')::uuid
    end order by e.place)
  into v_items, v_ids
  from jsonb_array_elements(offerings) with ordinality as e (item, place);
  select array_agg(o) into v_before from private.lock_own_offerings(v_ids) as o;
  select p.currency into v_currency from public.providers as p where p.id = v_provider_id;

  v_problems := private.bulk_problems(
    'offerings.%s.id', v_ids, array(select b.id from unnest(v_before) as b)
  ) || (
    select coalesce(jsonb_agg(
      p.problem || jsonb_build_object('field', format('offerings.%s.%s', i.place - 1, p.problem ->> 'field'))
      order by i.place
    ), '[]')
    from unnest(v_items) with ordinality as i (item, place)
    cross join lateral jsonb_array_elements(private.change_problems(i.item, v_currency)) as p (problem)
  );
  perform private.refuse_problems(v_problems);

  select array_agg(private.changed_offering(b, i.item, v_currency))
  into v_after
  from unnest(v_before) as b
  join unnest(v_ids, v_items) as i (id, item) on i.id = b.id;
  select array_agg(o order by array_position(v_ids, o.id))
  into v_after
  from private.store_offerings(v_after, 'offering.updated') as o;
  perform private.finish_command(
    'bulk_update_offerings', offerings, v_provider_id, to_jsonb(v_after), jsonb_build_object('ids', v_ids)
  );
  return query select o.* from unnest(v_after) as o;
end;
$$;
comment on function private.bulk_update_offerings(jsonb) is 'See public.bulk_update_offerings.';

create function public.bulk_update_offerings(offerings jsonb) returns setof public.offerings
language sql
set search_path = ''
as $$
  select o.*
  from private.bulk_update_offerings(bulk_update_offerings.offerings) as o;
$$;
comment on function public.bulk_update_offerings(jsonb) is
  'Changes 1 to 1,000 offerings of the signed-in provider, all of them or none: a list of objects with an id and what '
  'update_offering takes. Answers them in the same order. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), '
  'INVALID_INPUT (400) with one {field, reason} per problem, field being offerings.<index>.<field>: also for an id that '
  'is repeated or of no offering of theirs.';
grant execute on function private.bulk_update_offerings(jsonb) to authenticated;
grant execute on function public.bulk_update_offerings(jsonb) to authenticated;

create function private.bulk_delete_offerings(offering_ids uuid[]) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_request constant jsonb := to_jsonb(offering_ids);
  v_replay constant jsonb := private.begin_command('bulk_delete_offerings', v_request);
  v_offerings public.offerings[];
begin
  if v_replay is not null then
    return v_replay::integer;
  end if;
  perform private.check_bulk_size('offering_ids', cardinality(offering_ids));
  select array_agg(o) into v_offerings from private.lock_own_offerings(offering_ids) as o;
  perform private.refuse_problems(private.bulk_problems(
    'offering_ids.%s', offering_ids, array(select o.id from unnest(v_offerings) as o)
  ));
  for i in 1 .. cardinality(v_offerings) loop
    v_offerings[i].is_active := false;
    v_offerings[i].deleted_at := now();
  end loop;
  perform private.store_offerings(v_offerings, 'offering.deleted');
  perform private.finish_command(
    'bulk_delete_offerings', v_request, v_provider_id, to_jsonb(cardinality(v_offerings)),
    jsonb_build_object('ids', v_request)
  );
  return cardinality(v_offerings);
end;
$$;
comment on function private.bulk_delete_offerings(uuid[]) is 'See public.bulk_delete_offerings.';

create function public.bulk_delete_offerings(offering_ids uuid[]) returns integer
language sql
set search_path = ''
as $$
  select private.bulk_delete_offerings(bulk_delete_offerings.offering_ids);
$$;
comment on function public.bulk_delete_offerings(uuid[]) is
  'Deletes 1 to 1,000 offerings of the signed-in provider softly, all of them or none. Answers how many. Raises '
  'SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), INVALID_INPUT (400) with one {field, reason} per problem, field being '
  'offering_ids.<index>: also for an id that is repeated or of no offering of theirs.';
grant execute on function private.bulk_delete_offerings(uuid[]) to authenticated;
grant execute on function public.bulk_delete_offerings(uuid[]) to authenticated;
