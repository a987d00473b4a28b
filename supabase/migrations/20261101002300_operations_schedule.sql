-- On hosted Supabase the database calls the worker every ten seconds; URL and token come from Vault.

create function private.call_worker() returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_url text;
  v_token text;
begin
  select max(s.decrypted_secret) filter (where s.name = 'worker_url'),
    max(s.decrypted_secret) filter (where s.name = 'worker_token')
  into v_url, v_token
  from vault.decrypted_secrets as s
  where s.name in ('worker_url', 'worker_token');
  if v_url is null or v_token is null then
    raise warning 'The worker is not called: Vault lacks worker_url or worker_token';
    return;
  end if;
  perform net.http_post(
    url => v_url,
    headers => jsonb_build_object('authorization', 'Bearer ' || v_token, 'content-type', 'application/json'),
    body => '{}'::jsonb,
    timeout_milliseconds => 5000
  );
end;
$$;
comment on function private.call_worker() is 'Asks the worker to run, through pg_net; its address and token are in Vault.';

do $$
begin
  if not exists (select from pg_catalog.pg_available_extensions as e where e.name = 'pg_cron')
    or not exists (select from pg_catalog.pg_available_extensions as e where e.name = 'pg_net')
  then
    raise notice 'pg_cron or pg_net is not available: something else must call the worker';
    return;
  end if;
  create extension if not exists pg_cron with schema pg_catalog;
  create extension if not exists pg_net with schema extensions;
  perform cron.schedule('convene-worker', '10 seconds', 'select private.call_worker()');
end;
$$;
