-- Providers: facilitator, mentor and specialist are one person under one id.

create table public.providers (
  id uuid not null,
  display_name text not null,
  bio text,
  specialization text,
  currency text not null default 'USD',
  cancellation_deadline_minutes integer not null default 1440,
  late_refund_percent smallint not null default 0,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint providers_pkey primary key (id),
  constraint providers_id_fkey foreign key (id) references public.profiles (id),
  constraint providers_display_name_length check (char_length(display_name) <= 200),
  constraint providers_bio_length check (char_length(bio) <= 10000),
  constraint providers_specialization_length check (char_length(specialization) <= 200),
  constraint providers_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint providers_cancellation_deadline_range check (cancellation_deadline_minutes between 0 and 525600),
  constraint providers_late_refund_range check (late_refund_percent between 0 and 100)
);
comment on table public.providers is 'Who publishes and is booked. Public: holds no contact data.';
comment on column public.providers.id is 'The profile''s id.';
comment on column public.providers.display_name is 'The name under which they offer.';
comment on column public.providers.specialization is 'What they are known for, in their own words.';
comment on column public.providers.currency is 'ISO 4217; what their prices are in unless an event says otherwise.';
comment on column public.providers.cancellation_deadline_minutes is 'Cancelling is free until so long before the start; frozen on each booking.';
comment on column public.providers.late_refund_percent is 'Share of the price that a later cancellation returns; frozen on each booking.';
comment on column public.providers.retired_at is 'When they stopped offering; their events are cancelled.';

create trigger touch before update on public.providers for each row execute function private.touch();

alter table public.providers enable row level security;
grant select on public.providers to anon, authenticated, service_role;
grant update (display_name, bio, specialization, cancellation_deadline_minutes, late_refund_percent)
  on public.providers to authenticated;
create policy providers_select on public.providers for select to anon, authenticated using (true);
create policy providers_update on public.providers for update to authenticated
  using (id = (select auth.uid()) and retired_at is null)
  with check (id = (select auth.uid()));

create function private.create_provider(profile_id uuid, bio text, specialization text) returns public.providers
language plpgsql
set search_path = ''
as $$
declare
  v_provider public.providers;
begin
  insert into public.providers (id, display_name, bio, specialization)
  select
    p.id,
    p.name,
    left(create_provider.bio, 10000),
    left(create_provider.specialization, 200)
  from public.profiles as p
  where p.id = create_provider.profile_id
  returning * into v_provider;
  return v_provider;
end;
$$;
comment on function private.create_provider(uuid, text, text) is 'Makes a provider of a profile.';

create function private.acting_provider() returns uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id constant uuid := (select auth.uid());
begin
  if v_user_id is null or not private.has_session() then
    raise sqlstate 'PT401' using message = 'SIGN_IN_REQUIRED';
  end if;
  if not exists (
    select
    from public.providers as p
    where p.id = v_user_id
      and p.retired_at is null
  ) then
    raise sqlstate 'PT403' using message = 'NOT_A_PROVIDER';
  end if;
  return v_user_id;
end;
$$;
comment on function private.acting_provider() is
  'The signed-in provider. Raises SIGN_IN_REQUIRED (401), also after signing out, or NOT_A_PROVIDER (403).';
grant execute on function private.acting_provider() to authenticated;

create function private.become_provider(bio text, specialization text) returns public.providers
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
  v_request constant jsonb := jsonb_build_object('bio', bio, 'specialization', specialization);
  v_replay constant jsonb := private.begin_command('become_provider', v_request);
  v_provider public.providers;
begin
  if v_replay is not null then
    return jsonb_populate_record(null::public.providers, v_replay);
  end if;
  v_provider := private.create_provider(v_user_id, become_provider.bio, become_provider.specialization);
  perform private.finish_command('become_provider', v_request, v_user_id, to_jsonb(v_provider));
  return v_provider;
exception
  when unique_violation then
    raise sqlstate 'PT409' using message = 'ALREADY_A_PROVIDER';
end;
$$;
comment on function private.become_provider(text, text) is 'See public.become_provider.';

create function public.become_provider(bio text default null, specialization text default null)
returns public.providers
language sql
set search_path = ''
as $$
  select private.become_provider(become_provider.bio, become_provider.specialization);
$$;
comment on function public.become_provider(text, text) is
  'Makes a provider of the signed-in person. Raises SIGN_IN_REQUIRED (401), ALREADY_A_PROVIDER (409).';
grant execute on function private.become_provider(text, text) to authenticated;
grant execute on function public.become_provider(text, text) to authenticated;
