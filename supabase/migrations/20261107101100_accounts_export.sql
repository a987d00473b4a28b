-- The copy of a person's data in one function, instead of six that called each other.

create or replace function public.export_my_data() returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id constant uuid := private.acting_user();
begin
  return jsonb_build_object(
    'exported_at', now(),
    'profile', (select to_jsonb(p) from public.profiles as p where p.id = v_user_id),
    'contact', (select to_jsonb(c) from public.contacts as c where c.profile_id = v_user_id),
    'notifications', (
      select coalesce(jsonb_agg(n order by n.created_at), '[]')
      from public.notifications as n
      where n.recipient_id = v_user_id
    ),
    'crm_records', private.my_crm_records(),
    'calendar_feed', (
      select jsonb_build_object('created_at', f.created_at)
      from public.calendar_feeds as f
      where f.profile_id = v_user_id
    )
  ) || private.export_bookings(v_user_id) || private.export_provider(v_user_id);
end;
$$;

create function private.export_bookings(person_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'bookings', (
      select coalesce(jsonb_agg(b order by b.created_at), '[]')
      from public.booking_details as b
      where b.attendee_id = export_bookings.person_id
    ),
    'time_bookings', (
      select coalesce(jsonb_agg(b order by b.created_at), '[]')
      from public.time_bookings as b
      where b.attendee_id = export_bookings.person_id
    ),
    'waiting_entries', (
      select coalesce(jsonb_agg(w order by w.created_at), '[]')
      from public.waiting_list as w
      where w.person_id = export_bookings.person_id
    ),
    'payments', (
      select coalesce(jsonb_agg(p order by p.created_at), '[]')
      from public.payments as p
      where p.payer_id = export_bookings.person_id
    ),
    'refunds', (
      select coalesce(jsonb_agg(r order by r.created_at), '[]')
      from public.refunds as r
      join public.payments as p on p.id = r.payment_id
      where p.payer_id = export_bookings.person_id
    ),
    'reviews', (
      select coalesce(jsonb_agg(r order by r.created_at), '[]')
      from public.reviews as r
      where r.attendee_id = export_bookings.person_id
    ),
    'meetings_joined', (
      select coalesce(jsonb_agg(p order by p.joined_at, p.id), '[]')
      from public.meeting_participants as p
      where p.profile_id = export_bookings.person_id
    ),
    'meeting_notes', (
      select coalesce(jsonb_agg(n order by n.created_at, n.id), '[]')
      from public.meeting_notes as n
      where n.author_id = export_bookings.person_id
    )
  );
$$;
comment on function private.export_bookings(uuid) is
  'What public.export_my_data answers of what a person booked, paid, reviewed and wrote in meetings.';
grant execute on function private.export_bookings(uuid) to authenticated;

create function private.export_provider(provider_id uuid) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'provider', (select to_jsonb(p) from public.providers as p where p.id = export_provider.provider_id),
    'provider_profile', (
      select to_jsonb(d)
      from public.provider_profiles as d
      where d.provider_id = export_provider.provider_id
    ),
    'offerings', (
      select coalesce(jsonb_agg(o order by o.created_at), '[]')
      from public.offerings as o
      where o.provider_id = export_provider.provider_id
    ),
    'events', (
      select coalesce(jsonb_agg(e order by e.created_at), '[]')
      from public.events as e
      where e.provider_id = export_provider.provider_id
    ),
    'event_links', (
      select coalesce(jsonb_agg(l order by l.created_at), '[]')
      from public.event_links as l
      where l.provider_id = export_provider.provider_id
    ),
    'availability_schedules', (
      select coalesce(jsonb_agg(
        to_jsonb(s) || jsonb_build_object(
          'windows', (
            select coalesce(jsonb_agg(to_jsonb(w) - 'schedule_id' order by w.id), '[]')
            from public.availability_windows as w
            where w.schedule_id = s.id
          ),
          'exceptions', (
            select coalesce(jsonb_agg(x.on_date order by x.on_date), '[]')
            from public.availability_exceptions as x
            where x.schedule_id = s.id
          )
        )
        order by s.created_at
      ), '[]')
      from public.availability_schedules as s
      where s.provider_id = export_provider.provider_id
    ),
    'slots', (
      select coalesce(jsonb_agg(s order by s.starts_at, s.id), '[]')
      from public.slots as s
      where s.provider_id = export_provider.provider_id
    ),
    'blocked_times', private.my_blocked_times(),
    'provider_notes', (
      select coalesce(jsonb_agg(n order by n.created_at), '[]')
      from public.provider_notes as n
      where n.provider_id = export_provider.provider_id
    ),
    'recordings', private.my_recordings(),
    'reviews_received', (
      select coalesce(jsonb_agg(to_jsonb(r) - 'attendee_id' order by r.created_at), '[]')
      from public.reviews as r
      where r.provider_id = export_provider.provider_id
    ),
    'transfers', (
      select coalesce(jsonb_agg(t order by t.created_at), '[]')
      from public.transfers as t
      where t.provider_id = export_provider.provider_id
    ),
    'payout_account', (
      select to_jsonb(a)
      from public.provider_accounts as a
      where a.provider_id = export_provider.provider_id
    ),
    'webhook_endpoints', (
      select coalesce(jsonb_agg(w order by w.created_at), '[]')
      from public.webhook_endpoints as w
      where w.owner_id = export_provider.provider_id
    )
  );
$$;
comment on function private.export_provider(uuid) is
  'What public.export_my_data answers of what a provider publishes, sells and is paid.';
grant execute on function private.export_provider(uuid) to authenticated;

drop function private.export_without_scheduling();
drop function private.export_without_waiting();
drop function private.export_without_reviews();
drop function private.export_without_money();
drop function private.export_account();
