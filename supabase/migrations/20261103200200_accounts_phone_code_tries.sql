-- Five tries per code, counted before a code is compared and wherever they come from.

create function private.take_phone_code_try(phone text, limits jsonb, address text) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_address constant text := private.address_bucket('code tries', take_phone_code_try.address);
  v_now constant timestamptz := clock_timestamp();
  v_tries integer;
begin
  if v_address is not null and not (
    select t.allowed
    from private.take_rate_limit(
      v_address, (limits ->> 'address_max')::integer, (limits ->> 'address_seconds')::integer
    ) as t
  ) then
    return 'address';
  end if;
  update private.phone_codes as c
  set tries = c.tries + 1
  where c.phone_hash = private.phone_hash(take_phone_code_try.phone)
    and c.sent_at > v_now - interval '10 minutes'
    and (c.sending_until is null or c.sending_until < v_now)
    and c.tries < 5
  returning c.tries into v_tries;
  if found then
    return 'try';
  end if;
  return case
    when exists (
      select
      from private.phone_codes as c
      where c.phone_hash = private.phone_hash(take_phone_code_try.phone)
        and c.sent_at > v_now - interval '10 minutes'
        and c.tries >= 5
    ) then 'spent'
    else 'none'
  end;
end;
$$;
comment on function private.take_phone_code_try(text, jsonb, text) is 'See public.take_phone_code_try.';

create function private.return_phone_code_try(phone text) returns void
language sql
security definer
set search_path = ''
as $$
  update private.phone_codes as c
  set tries = greatest(c.tries - 1, 0)
  where c.phone_hash = private.phone_hash(return_phone_code_try.phone);
$$;
comment on function private.return_phone_code_try(text) is 'See public.return_phone_code_try.';

create function public.take_phone_code_try(phone text, limits jsonb, address text default null) returns text
language sql
set search_path = ''
as $$
  select private.take_phone_code_try(
    take_phone_code_try.phone, take_phone_code_try.limits, take_phone_code_try.address
  );
$$;
comment on function public.take_phone_code_try(text, jsonb, text) is
  'Counts one try at the code of a number: try (compare it), none (no code was sent within ten minutes), spent (five '
  'tries were made), address (the client''s address made address_max tries within address_seconds). For the service role.';

create function public.return_phone_code_try(phone text) returns void
language sql
set search_path = ''
as $$
  select private.return_phone_code_try(return_phone_code_try.phone);
$$;
comment on function public.return_phone_code_try(text) is
  'Takes back a try whose code was not compared, because the vendor who does that was down. For the service role.';
grant execute on function private.take_phone_code_try(text, jsonb, text) to service_role;
grant execute on function public.take_phone_code_try(text, jsonb, text) to service_role;
grant execute on function private.return_phone_code_try(text) to service_role;
grant execute on function public.return_phone_code_try(text) to service_role;

create function private.prune_phone_codes() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from private.phone_codes as c
  where c.sent_at < now() - interval '1 day'
    and (c.sending_until is null or c.sending_until < now());
  return null;
end;
$$;
comment on function private.prune_phone_codes() is
  'After old counters are deleted (private.prune): deletes old codes, which belong to them.';
create trigger prune_phone_codes after delete on private.rate_limits
  for each statement execute function private.prune_phone_codes();
