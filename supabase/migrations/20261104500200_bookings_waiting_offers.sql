-- What becomes free goes to the first in line, in the transaction that frees it.

insert into private.outbox_routes (event, destination, target, skip_actor, skip_cause)
values
  ('booking.offered', 'notification', 'attendee', false, null),
  ('booking.offered', 'email', 'attendee', false, null);

create function private.offered_until(starts_at timestamptz) returns timestamptz
language sql
stable
set search_path = ''
as $$
  select least(
    offered_until.starts_at,
    now() + least(interval '12 hours', greatest(interval '15 minutes', (offered_until.starts_at - now()) / 4))
  );
$$;
comment on function private.offered_until(timestamptz) is
  'How long an offer is held: a quarter of the time until the start, at least 15 minutes and at most 12 hours, and never '
  'beyond the start.';

create function private.offer(entry public.waiting_entries, booking public.bookings) returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.waiting_entries as w
  set status = 'offered', booking_id = booking.id
  where w.id = entry.id;
  perform private.tell('booking.created', booking, 'held');
  perform private.tell('booking.offered', booking, extra => jsonb_build_object('expires_at', booking.expires_at));
end;
$$;
comment on function private.offer(public.waiting_entries, public.bookings) is
  'Records that this booking is held for an entry, and tells its person.';

create function private.serve_event(event_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_event public.events;
  v_entry public.waiting_entries;
begin
  for v_entry in
    select w.*
    from public.waiting_entries as w
    where w.event_id = serve_event.event_id
      and w.status = 'waiting'
    order by w.place
  loop
    -- Each seat that is offered changes what is left.
    select e.*
    into v_event
    from public.events as e
    where e.id = serve_event.event_id;
    if v_event.status <> 'published' or v_event.starts_at <= now() then
      update public.waiting_entries as w
      set status = 'closed'
      where w.event_id = v_event.id
        and w.status = 'waiting';
      return;
    end if;
    exit when v_event.seats_taken >= v_event.capacity;
    perform private.offer(
      v_entry, private.seat(v_event, v_entry.person_id, null, private.offered_until(v_event.starts_at))
    );
  end loop;
end;
$$;
comment on function private.serve_event(uuid) is
  'Offers an event''s free seats to those who wait, in their order; closes its line once it began or was cancelled. The '
  'caller holds the event''s lock.';

create function private.serve_times(provider_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_provider public.providers;
  v_entry public.waiting_entries;
  v_booking public.bookings;
begin
  select p.*
  into v_provider
  from public.providers as p
  where p.id = serve_times.provider_id;
  update public.waiting_entries as w
  set status = 'closed'
  where w.provider_id = v_provider.id
    and w.during is not null
    and w.status = 'waiting'
    and (lower(w.during) <= now() or v_provider.retired_at is not null);
  for v_entry in
    select w.*
    from public.waiting_entries as w
    where w.provider_id = v_provider.id
      and w.during is not null
      and w.status = 'waiting'
      and not exists (
        select
        from private.provider_time as t
        where t.provider_id = v_provider.id
          and t.live
          and t.during && w.during
      )
    order by w.place
    limit 100
  loop
    continue when not private.is_open_time(v_provider.id, lower(v_entry.during), upper(v_entry.during));
    begin
      v_booking := private.time_booking(v_provider, private.time_of(v_entry), v_entry.offering_id);
      v_booking.attendee_id := v_entry.person_id;
      v_booking.expires_at := private.offered_until(lower(v_entry.during));
      perform private.offer(v_entry, private.take_time(v_booking));
    exception
      -- What the entry asks for is not sold any more: an offering withdrawn, another schedule.
      when sqlstate 'PT400' or sqlstate 'PT404' or sqlstate 'PT409' then
        continue;
    end;
  end loop;
end;
$$;
comment on function private.serve_times(uuid) is
  'Offers a provider''s time that is open again to those who wait for it, in their order; closes what began. The caller '
  'holds the provider''s lock.';

create function private.time_of(entry public.waiting_entries) returns private.chosen_time
language sql
stable
set search_path = ''
as $$
  select
    entry.provider_id,
    lower(entry.during),
    upper(entry.during),
    (
      select s.id
      from public.slots as s
      where s.provider_id = entry.provider_id
        and s.starts_at = lower(entry.during)
        and s.ends_at = upper(entry.during)
        and s.status = 'open'
      limit 1
    );
$$;
comment on function private.time_of(public.waiting_entries) is 'The time that an entry wants, with its slot where there is one.';

create function private.serve(event_id uuid, provider_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  if serve.event_id is not null then
    perform private.serve_event(serve.event_id);
  else
    perform private.serve_times(serve.provider_id);
  end if;
exception
  when integrity_constraint_violation or data_exception or plpgsql_error
    or sqlstate 'PT400' or sqlstate 'PT404' or sqlstate 'PT409'
  then
    raise warning 'the waiting list of % was not served: % %',
      coalesce(serve.event_id, serve.provider_id), sqlstate, sqlerrm;
end;
$$;
comment on function private.serve(uuid, uuid) is
  'Serves the line of an event, or of a provider''s time. What goes wrong is left to the sweep: who cancels must not be '
  'refused for the sake of who waits.';

create function private.serve_waiting_list() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_freed record;
begin
  update public.waiting_entries as w
  set status = case n.status when 'cancelled' then 'declined' when 'expired' then 'lapsed' else 'taken' end
  from new_rows as n
  join old_rows as o on o.id = n.id
  where n.status is distinct from o.status
    and n.status not in ('held', 'pending_payment')
    and w.booking_id = n.id
    and w.status = 'offered';
  for v_freed in
    select n.event_id, n.provider_id
    from new_rows as n
    join old_rows as o on o.id = n.id
    where (o.is_live and not n.is_live)
      or n.during is distinct from o.during
    group by n.event_id, n.provider_id
    order by n.event_id, n.provider_id
  loop
    if exists (
      select
      from public.waiting_entries as w
      where w.status = 'waiting'
        and (
          w.event_id = v_freed.event_id
          or (v_freed.event_id is null and w.provider_id = v_freed.provider_id and w.during is not null)
        )
    ) then
      perform private.serve(v_freed.event_id, v_freed.provider_id);
    end if;
  end loop;
  return null;
end;
$$;
comment on function private.serve_waiting_list() is
  'After bookings changed, and their seats were counted: says what became of offers, and offers what they freed. Commands '
  'hold the lock of the event or provider by then.';
create trigger serve_waiting_list after update on public.bookings
  referencing old table as old_rows new table as new_rows for each statement
  execute function private.serve_waiting_list();

create function private.serve_changed_event() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.serve(new.id, new.provider_id);
  return null;
end;
$$;
comment on function private.serve_changed_event() is
  'After an event got more seats or was cancelled: offers them, or closes its line.';
create trigger serve_changed_event after update of capacity, status on public.events
  for each row when (new.capacity > old.capacity or new.status is distinct from old.status)
  execute function private.serve_changed_event();

create function private.sweep_waiting_list(max_entries integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_due public.waiting_entries[];
  v_id uuid;
begin
  select coalesce(array_agg(w), '{}')
  into v_due
  from (
    select w.*
    from public.waiting_entries as w
    where w.status = 'waiting'
      and w.checked_at < now() - interval '1 minute'
    order by w.checked_at
    limit sweep_waiting_list.max_entries
  ) as w;
  for v_id in
    select p.id
    from public.providers as p
    where p.id in (select d.provider_id from unnest(v_due) as d where d.event_id is null)
    order by p.id
    for no key update skip locked
  loop
    perform private.serve(null, v_id);
  end loop;
  for v_id in
    select e.id
    from public.events as e
    where e.id in (select d.event_id from unnest(v_due) as d)
    order by e.id
    for no key update skip locked
  loop
    perform private.serve(v_id, null);
  end loop;
  update public.waiting_entries as w
  set checked_at = now()
  where w.id in (
    select x.id
    from public.waiting_entries as x
    where x.id in (select d.id from unnest(v_due) as d)
      and x.status = 'waiting'
    for update skip locked
  );
  return cardinality(v_due);
end;
$$;
comment on function private.sweep_waiting_list(integer) is
  'Looks again at entries that were not looked at for a minute: time that no booking freed (time off taken back, more '
  'hours), events that began. Takes the roots first, providers before events, and skips locked ones.';
