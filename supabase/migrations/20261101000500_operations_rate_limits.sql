-- Counters of requests that must hold across processes: sign-in, codes and payments.

create table private.rate_limits (
  bucket text not null,
  window_start timestamptz not null,
  requests integer not null,
  constraint rate_limits_pkey primary key (bucket, window_start)
);
create index rate_limits_window_start_idx on private.rate_limits (window_start);
comment on table private.rate_limits is 'Requests per bucket and window. A bucket''s name is a hash: it may stand for an address or an e-mail.';
alter table private.rate_limits enable row level security;
create policy rate_limits_none on private.rate_limits for all to public using (false);

create function private.take_rate_limit(bucket text, max_requests integer, window_seconds integer)
returns table (allowed boolean, remaining integer, reset_at timestamptz)
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_width constant interval := make_interval(secs => take_rate_limit.window_seconds);
  v_start constant timestamptz := date_bin(v_width, clock_timestamp(), timestamptz 'epoch');
  v_requests integer;
begin
  insert into private.rate_limits as l (bucket, window_start, requests)
  values (take_rate_limit.bucket, v_start, 1)
  on conflict on constraint rate_limits_pkey do update
  set requests = least(l.requests, take_rate_limit.max_requests) + 1
  returning l.requests into v_requests;
  return query select
    v_requests <= take_rate_limit.max_requests,
    greatest(take_rate_limit.max_requests - v_requests, 0),
    v_start + v_width;
end;
$$;
comment on function private.take_rate_limit(text, integer, integer) is
  'Counts one request in the bucket''s present window (fixed windows, aligned to the epoch, in UTC).';

create function public.take_rate_limit(bucket text, max_requests integer, window_seconds integer)
returns table (allowed boolean, remaining integer, reset_at timestamptz)
language sql
set search_path = ''
as $$
  select l.allowed, l.remaining, l.reset_at
  from private.take_rate_limit(take_rate_limit.bucket, take_rate_limit.max_requests, take_rate_limit.window_seconds) as l;
$$;
comment on function public.take_rate_limit(text, integer, integer) is
  'Counts one request against a limit of max_requests per window_seconds. For the service role.';
grant execute on function private.take_rate_limit(text, integer, integer) to service_role;
grant execute on function public.take_rate_limit(text, integer, integer) to service_role;
