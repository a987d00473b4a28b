-- Steps that the offering commands share: what may be said of an offering, and how it is applied.

create function private.without_nulls(object jsonb) returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(e.key, e.value), '{}')
  from jsonb_each(object) as e
  where jsonb_typeof(e.value) <> 'null';
$$;
comment on function private.without_nulls(jsonb) is
  'An object without its null members; those of members stay, unlike with jsonb_strip_nulls.';

create function private.changed_offering(
  before public.offerings,
  changes jsonb,
  default_currency text
) returns public.offerings
language plpgsql
stable
set search_path = ''
as $$
declare
  v_offering public.offerings := before;
  v_price private.price;
  v_match private.category_match;
begin
  v_offering.title := coalesce(trim(changes ->> 'title'), before.title);
  v_offering.description := coalesce(changes ->> 'description', before.description);
  v_offering.basic_info := coalesce(changes -> 'basic_info', before.basic_info);
  v_offering.details := coalesce(changes -> 'details', before.details);
  v_offering.is_active := coalesce((changes ->> 'is_active')::boolean, before.is_active);
  v_offering.duration_minutes := coalesce((changes ->> 'duration_minutes')::integer, before.duration_minutes);
  if changes ? 'category' then
    v_offering.category := nullif(trim(changes ->> 'category'), '');
    v_match := private.match_category(left(v_offering.category, 100));
    v_offering.category_id := v_match.category_id;
    v_offering.subcategory_id := v_match.subcategory_id;
  end if;
  if changes ? 'price_schedule' then
    v_price := private.schedule_price(changes -> 'price_schedule', default_currency);
    v_offering.price_schedule := changes -> 'price_schedule';
    v_offering.price_minor := v_price.amount_minor;
    v_offering.currency := v_price.currency;
  end if;
  return v_offering;
end;
$$;
comment on function private.changed_offering(public.offerings, jsonb, text) is
  'An offering with what is given of it changed, category and price derived. The changes have no problem of '
  'private.change_problems.';

create function private.change_problems(changes jsonb, default_currency text) returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('field', p.field, 'reason', p.reason)), '[]')
  from (
    select distinct on (c.field) c.field, c.reason
    from (values
      (1, 'title', 'string', 'must be a text'),
      (2, 'description', 'string', 'must be a text'),
      (3, 'category', 'string', 'must be a text'),
      (4, 'basic_info', 'object', 'must be an object'),
      (5, 'details', 'object', 'must be an object'),
      (6, 'price_schedule', 'object', 'must be an object'),
      (7, 'duration_minutes', 'number', 'must be a number'),
      (8, 'is_active', 'boolean', 'must be true or false')
    ) as t (place, field, type, mistyped)
    cross join lateral (
      select changes -> t.field as value, changes ->> t.field as text
    ) as g
    cross join lateral (
      select t.field, t.mistyped as reason where jsonb_typeof(g.value) is distinct from t.type
      union all
      select t.field, case t.field
        when 'title' then case
          when char_length(trim(g.text)) not between 1 and 200 then 'must have 1 to 200 characters'
        end
        when 'description' then case when char_length(g.text) > 10000 then 'must have at most 10000 characters' end
        when 'category' then case when char_length(trim(g.text)) > 100 then 'must have at most 100 characters' end
        when 'duration_minutes' then case
          when g.value not between '1' and '10080' or (g.text)::numeric % 1 <> 0
            then 'must be a whole number between 1 and 10080'
        end
        when 'is_active' then null
        else case when octet_length(g.text) > 65536 then 'must have at most 65536 bytes' end
      end
      where jsonb_typeof(g.value) = t.type
      union all
      select t.field, (private.schedule_price(g.value, default_currency)).problem
      where t.field = 'price_schedule' and jsonb_typeof(g.value) = 'object'
    ) as c
    where changes ? t.field
      and c.reason is not null
    order by c.field
  ) as p;
$$;
comment on function private.change_problems(jsonb, text) is
  'What is wrong with what is said of an offering, as a list of {field, reason}: one per field, empty when nothing is.';

create function private.refuse_problems(problems jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  if jsonb_array_length(problems) > 0 then
    raise sqlstate 'PT400' using message = 'INVALID_INPUT', detail = problems::text;
  end if;
end;
$$;
comment on function private.refuse_problems(jsonb) is
  'Raises INVALID_INPUT (400) with a list of {field, reason} unless it is empty.';

create function private.lock_own_offering(offering_id uuid, even_deleted boolean default false)
returns public.offerings
language plpgsql
set search_path = ''
as $$
declare
  v_provider_id constant uuid := private.acting_provider();
  v_offering public.offerings;
begin
  select o.*
  into v_offering
  from public.offerings as o
  where o.id = lock_own_offering.offering_id
    and o.provider_id = v_provider_id
    and (o.deleted_at is null or lock_own_offering.even_deleted)
  for no key update;
  if not found then
    raise sqlstate 'PT404' using message = 'OFFERING_NOT_FOUND';
  end if;
  return v_offering;
end;
$$;
comment on function private.lock_own_offering(uuid, boolean) is
  'Locks an offering of the signed-in provider. Raises SIGN_IN_REQUIRED (401), NOT_A_PROVIDER (403), OFFERING_NOT_FOUND '
  '(404): somebody else''s and deleted ones are not there.';

create function private.offering_payload(offering public.offerings) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'offering_id', offering.id,
    'provider_id', offering.provider_id,
    'actor_id', (private.actor()).id,
    'title', offering.title,
    'category_id', offering.category_id,
    'subcategory_id', offering.subcategory_id,
    'price_minor', offering.price_minor,
    'currency', offering.currency,
    'is_active', offering.is_active
  ));
$$;
comment on function private.offering_payload(public.offerings) is 'What the outbox tells of a change to an offering.';

create function private.store_offerings(offerings public.offerings[], event text) returns setof public.offerings
language sql
set search_path = ''
as $$
  with stored as (
    update public.offerings as o
    set
      title = n.title,
      description = n.description,
      category = n.category,
      category_id = n.category_id,
      subcategory_id = n.subcategory_id,
      basic_info = n.basic_info,
      details = n.details,
      price_schedule = n.price_schedule,
      price_minor = n.price_minor,
      currency = n.currency,
      duration_minutes = n.duration_minutes,
      is_active = n.is_active,
      deleted_at = n.deleted_at,
      version = o.version + 1
    from unnest(store_offerings.offerings) as n
    where o.id = n.id
    returning o as offering
  ), told as (
    insert into private.outbox (event, key, version, payload)
    select store_offerings.event, (s.offering).id, (s.offering).version, private.offering_payload(s.offering)
    from stored as s
  )
  select (s.offering).*
  from stored as s;
$$;
comment on function private.store_offerings(public.offerings[], text) is
  'Writes changed offerings whose locks are held, and one domain event each. Answers them as they are now.';
