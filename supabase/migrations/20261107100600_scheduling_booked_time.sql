-- A booking knows when it is; its time in private.provider_time has the buffers of the day on which it was booked.

alter table private.provider_time
  add constraint provider_time_booking_id_fkey foreign key (booking_id) references public.bookings (id);

create or replace function private.booked_on(
  schedule public.availability_schedules,
  on_date date,
  ignoring_booking uuid default null
) returns integer
language sql
stable
set search_path = ''
as $$
  select count(*)::integer
  from private.provider_time as t
  join public.bookings as b on b.id = t.booking_id
  where t.provider_id = schedule.provider_id
    and t.during && tstzrange(
      (booked_on.on_date - 1)::timestamp at time zone 'UTC',
      (booked_on.on_date + 2)::timestamp at time zone 'UTC'
    )
    and t.live
    and t.kind = 'booking'
    and t.booking_id is distinct from booked_on.ignoring_booking
    and (b.expires_at <= now()) is not true
    and (lower(b.during) at time zone schedule.timezone)::date = booked_on.on_date;
$$;

create or replace function private.booked_time(provider_id uuid, within tstzrange) returns tstzmultirange
language sql
stable
set search_path = ''
as $$
  select coalesce(range_agg(b.during), '{}')
  from private.provider_time as t
  join public.bookings as b on b.id = t.booking_id
  where t.provider_id = booked_time.provider_id
    and t.during && booked_time.within
    and t.live
    and (b.expires_at <= now()) is not true;
$$;
