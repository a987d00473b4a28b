-- Limits of sign-in codes by SMS. Supabase Auth keeps the codes; it counts neither their tries nor their price.

create table private.phone_codes (
  phone_hash text not null,
  sent_at timestamptz not null,
  tries integer not null default 0,
  sending_until timestamptz,
  previous_sent_at timestamptz,
  previous_tries integer,
  constraint phone_codes_pkey primary key (phone_hash),
  constraint phone_codes_tries_positive check (tries >= 0)
);
create index phone_codes_sent_at_idx on private.phone_codes (sent_at);
comment on table private.phone_codes is
  'The last code sent to each number, by SHA-256 of the number: when, and how often somebody tried to enter it.';
comment on column private.phone_codes.sending_until is
  'While the vendor is asked to send, no code is tried; a function that died meanwhile is waited for until then.';
comment on column private.phone_codes.previous_sent_at is 'The code before, which counts again when this one was not sent.';
alter table private.phone_codes enable row level security;
create policy phone_codes_none on private.phone_codes for all to public using (false);

create function private.phone_hash(phone text) returns text
language sql
immutable
strict
set search_path = ''
as $$
  select encode(sha256(convert_to('phone ' || phone_hash.phone, 'UTF8')), 'base64');
$$;
comment on function private.phone_hash(text) is 'What stands for a number in E.164 where it is only counted.';

create function private.address_bucket(purpose text, address text) returns text
language sql
immutable
strict
set search_path = ''
as $$
  select encode(
    sha256(convert_to(
      address_bucket.purpose || ' ' ||
        case family(a.inet)
          when 6 then network(set_masklen(a.inet, 64))::text
          else host(a.inet)
        end,
      'UTF8'
    )),
    'base64'
  )
  from (select address_bucket.address::inet) as a (inet);
$$;
comment on function private.address_bucket(text, text) is
  'The bucket that counts a client''s address: of IPv6 the network of 64 bits, all of which one client has. Null for none.';

create function private.refund_rate_limit(bucket text, window_seconds integer) returns void
language sql
set search_path = ''
as $$
  update private.rate_limits as l
  set requests = greatest(l.requests - 1, 0)
  where l.bucket = refund_rate_limit.bucket
    and l.window_start = date_bin(
      make_interval(secs => refund_rate_limit.window_seconds), clock_timestamp(), timestamptz 'epoch'
    );
$$;
comment on function private.refund_rate_limit(text, integer) is 'Takes back what take_rate_limit counted in the present window.';

create function private.begin_phone_code(phone text, limits jsonb, address text) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_hash constant text := private.phone_hash(begin_phone_code.phone);
  v_address constant text := private.address_bucket('codes', begin_phone_code.address);
  v_interval constant interval := make_interval(secs => (limits ->> 'interval_seconds')::integer);
  v_now constant timestamptz := clock_timestamp();
  v_code private.phone_codes;
  v_count record;
begin
  insert into private.phone_codes as c (phone_hash, sent_at)
  values (v_hash, '-infinity')
  on conflict on constraint phone_codes_pkey do update
  set sent_at = c.sent_at
  returning * into v_code;
  if v_code.sent_at + v_interval > v_now then
    return greatest(1, ceil(extract(epoch from v_code.sent_at + v_interval - v_now)))::integer;
  end if;

  if v_address is not null then
    select t.allowed, t.reset_at into v_count
    from private.take_rate_limit(v_address, (limits ->> 'address_max')::integer, (limits ->> 'address_seconds')::integer) as t;
    if not v_count.allowed then
      return greatest(1, ceil(extract(epoch from v_count.reset_at - v_now)))::integer;
    end if;
  end if;
  select t.allowed, t.reset_at into v_count
  from private.take_rate_limit(v_hash, (limits ->> 'phone_max')::integer, (limits ->> 'phone_seconds')::integer) as t;
  if not v_count.allowed then
    return greatest(1, ceil(extract(epoch from v_count.reset_at - v_now)))::integer;
  end if;

  update private.phone_codes as c
  set
    sent_at = v_now,
    tries = 0,
    sending_until = v_now + interval '15 seconds',
    previous_sent_at = v_code.sent_at,
    previous_tries = v_code.tries
  where c.phone_hash = v_hash;
  return 0;
end;
$$;
comment on function private.begin_phone_code(text, jsonb, text) is 'See public.begin_phone_code.';

create function private.finish_phone_code(phone text, was_sent boolean, limits jsonb, address text) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_hash constant text := private.phone_hash(finish_phone_code.phone);
begin
  if finish_phone_code.was_sent then
    update private.phone_codes as c
    set sending_until = null, previous_sent_at = null, previous_tries = null
    where c.phone_hash = v_hash
      and c.sending_until is not null;
    return;
  end if;
  update private.phone_codes as c
  set
    sent_at = c.previous_sent_at,
    tries = c.previous_tries,
    sending_until = null,
    previous_sent_at = null,
    previous_tries = null
  where c.phone_hash = v_hash
    and c.sending_until is not null;
  if found then
    perform private.refund_rate_limit(v_hash, (limits ->> 'phone_seconds')::integer);
    perform private.refund_rate_limit(
      private.address_bucket('codes', finish_phone_code.address), (limits ->> 'address_seconds')::integer
    );
  end if;
end;
$$;
comment on function private.finish_phone_code(text, boolean, jsonb, text) is 'See public.finish_phone_code.';

create function public.begin_phone_code(phone text, limits jsonb, address text default null) returns integer
language sql
set search_path = ''
as $$
  select private.begin_phone_code(begin_phone_code.phone, begin_phone_code.limits, begin_phone_code.address);
$$;
comment on function public.begin_phone_code(text, jsonb, text) is
  'Asks whether a code may be sent to a number (E.164) for a client''s address (or null), and counts it: 0, or seconds to '
  'wait. limits: interval_seconds between two codes to a number; phone_max per phone_seconds; address_max per '
  'address_seconds. What it allowed must be finished with finish_phone_code. For the service role.';

create function public.finish_phone_code(phone text, was_sent boolean, limits jsonb, address text default null)
returns void
language sql
set search_path = ''
as $$
  select private.finish_phone_code(
    finish_phone_code.phone, finish_phone_code.was_sent, finish_phone_code.limits, finish_phone_code.address
  );
$$;
comment on function public.finish_phone_code(text, boolean, jsonb, text) is
  'Says what came of a code that begin_phone_code allowed, with the same arguments. One that was not sent counts for '
  'nothing, and the code before it may still be entered. For the service role.';
grant execute on function private.begin_phone_code(text, jsonb, text) to service_role;
grant execute on function public.begin_phone_code(text, jsonb, text) to service_role;
grant execute on function private.finish_phone_code(text, boolean, jsonb, text) to service_role;
grant execute on function public.finish_phone_code(text, boolean, jsonb, text) to service_role;
