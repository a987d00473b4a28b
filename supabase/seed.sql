-- Sample people, events, offerings and times for development. Everybody's password is password123; nothing here ever
-- reaches a hosted project ([db.seed] is off).

create temporary table seed_people (id uuid, email text, name text, timezone text, specialization text, bio text);
insert into seed_people (id, email, name, timezone, specialization, bio)
values
  ('10000000-0000-4000-8000-000000000001', 'facilitator@example.com', 'John Doe', 'Europe/London', 'Mindfulness & Wellness',
    'Teaches meditation for people who think that they cannot sit still.'),
  ('10000000-0000-4000-8000-000000000002', 'amara@example.com', 'Amara Nwosu', 'Africa/Lagos', 'Pottery',
    'Runs a small studio, and believes that everybody should throw one bad bowl a week.'),
  ('10000000-0000-4000-8000-000000000003', 'kenji@example.com', 'Kenji Watanabe', 'Asia/Tokyo', 'Data engineering',
    'Twenty years of pipelines; now helps others not to build the ones he did.'),
  ('10000000-0000-4000-8000-000000000004', 'lucia@example.com', 'Lucía Fernández', 'Europe/Madrid', 'Public speaking',
    'Coach of teachers, founders and one very shy choir.'),
  ('20000000-0000-4000-8000-000000000001', 'user@example.com', 'Jane Smith', 'America/New_York', null, null),
  ('20000000-0000-4000-8000-000000000002', 'omar@example.com', 'Omar Haddad', 'Asia/Dubai', null, null),
  ('20000000-0000-4000-8000-000000000003', 'ingrid@example.com', 'Ingrid Larsen', 'Europe/Oslo', null, null),
  ('20000000-0000-4000-8000-000000000004', 'pedro@example.com', 'Pedro Alves', 'America/Sao_Paulo', null, null),
  ('20000000-0000-4000-8000-000000000005', 'mei@example.com', 'Mei Chen', 'Asia/Singapore', null, null),
  ('20000000-0000-4000-8000-000000000006', 'tom@example.com', 'Tom O''Brien', 'Europe/Dublin', null, null);

insert into auth.users (
  id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at,
  updated_at
)
select
  p.id,
  'authenticated',
  'authenticated',
  p.email,
  extensions.crypt('password123', extensions.gen_salt('bf', 6)),
  now(),
  '{"provider": "email", "providers": ["email"], "seeded": true}',
  jsonb_build_object(
    'name', p.name, 'locale', 'en', 'timezone', p.timezone, 'provider', p.specialization is not null
  ),
  now(),
  now()
from seed_people as p;

insert into auth.identities (id, provider, provider_id, user_id, identity_data, created_at, updated_at)
select
  gen_random_uuid(),
  'email',
  p.id::text,
  p.id,
  jsonb_build_object('sub', p.id, 'email', p.email, 'email_verified', false, 'phone_verified', false),
  now(),
  now()
from seed_people as p;

insert into auth.sessions (id, user_id, aal)
select p.id, p.id, 'aal1'
from seed_people as p;

update public.providers as v
set bio = p.bio, specialization = p.specialization
from seed_people as p
where p.id = v.id;
update public.providers as v
set specialties = array[v.specialization], languages = '{English}', timezone = p.timezone, hourly_rate_minor = 6000
from seed_people as p
where p.id = v.id
  and p.specialization is not null;
update public.providers as v
set currency = r.currency, hourly_rate_minor = r.hourly_rate_minor
from (values
  ('10000000-0000-4000-8000-000000000003'::uuid, 'JPY', 15000),
  ('10000000-0000-4000-8000-000000000004', 'EUR', 5000)
) as r (id, currency, hourly_rate_minor)
where r.id = v.id;

-- Events and bookings come about as they do in life: through commands, each in the name of its person.
create function pg_temp.act_as(user_id uuid) returns void
language sql
as $$
  select
    set_config('role', 'authenticated', false),
    set_config('request.jwt.claims', json_build_object(
      'sub', act_as.user_id,
      'session_id', act_as.user_id,
      'role', 'authenticated'
    )::text, false),
    set_config('convene.command', '', false);
$$;
grant execute on function pg_temp.act_as(uuid) to authenticated;

create function pg_temp.book_some(event_id uuid, people integer) returns void
language plpgsql
as $$
declare
  v_id uuid;
begin
  for v_id in
    select ('20000000-0000-4000-8000-00000000000' || n)::uuid
    from generate_series(1, least(book_some.people, 6)) as n
  loop
    perform pg_temp.act_as(v_id);
    perform public.book_event(book_some.event_id, notes => 'Looking forward to this');
  end loop;
end;
$$;
grant execute on function pg_temp.book_some(uuid, integer) to authenticated;

do $$
declare
  v_facilitator record;
  v_event public.events;
  v_day integer;
begin
  for v_facilitator in
    select *
    from (values
      ('10000000-0000-4000-8000-000000000001'::uuid, 'session', 'Morning Meditation',
        'Start your day with peaceful meditation', 'Wellness Center', interval '9 hours', interval '1 hour', 10, 2500,
        array[1, 3, 8, 10, 15, 22]),
      ('10000000-0000-4000-8000-000000000001', 'retreat', 'Weekend Retreat',
        'Two days of silence, walks and good soup', 'Lake House', interval '10 hours', interval '2 days', 5, 20000,
        array[19, 47]),
      ('10000000-0000-4000-8000-000000000002', 'session', 'Wheel Throwing for Beginners',
        'Clay, water, patience; aprons are here', 'Studio 4', interval '18 hours', interval '2 hours', 6, 4500,
        array[2, 9, 16]),
      ('10000000-0000-4000-8000-000000000002', 'session', 'Glazing Evening',
        'Bring what survived the first firing', 'Studio 4', interval '19 hours', interval '90 minutes', 4, 3000,
        array[5, 12]),
      ('10000000-0000-4000-8000-000000000003', 'session', 'Postgres for People in a Hurry',
        'Indexes, locks and the query that takes nine minutes', 'Online', interval '17 hours', interval '1 hour', 50, 0,
        array[4, 11, 18]),
      ('10000000-0000-4000-8000-000000000004', 'session', 'Speak up: a Small Group',
        'Everybody speaks, nobody is filmed', 'Library, room 2', interval '18 hours', interval '75 minutes', 8, 3550,
        array[6, 13, 20])
    ) as f (id, kind, title, description, location, starts, length, capacity, price_minor, days)
  loop
    foreach v_day in array v_facilitator.days loop
      perform pg_temp.act_as(v_facilitator.id);
      v_event := public.publish_event(
        kind => v_facilitator.kind,
        title => v_facilitator.title,
        starts_at => date_trunc('day', now()) + make_interval(days => v_day) + v_facilitator.starts,
        ends_at => date_trunc('day', now()) + make_interval(days => v_day) + v_facilitator.starts
          + v_facilitator.length,
        description => v_facilitator.description,
        location => v_facilitator.location,
        capacity => v_facilitator.capacity,
        price_minor => v_facilitator.price_minor
      );
      perform pg_temp.book_some(v_event.id, v_day % 5);
    end loop;
  end loop;
end;
$$;

do $$
declare
  v_offering record;
begin
  for v_offering in
    select *
    from (values
      ('10000000-0000-4000-8000-000000000001'::uuid, 'Meditation for Restless People',
        'Six short sessions for everybody who has tried and given up', 'Mindfulness',
        '{"price": 45, "currency": "USD"}'::jsonb, 45),
      ('10000000-0000-4000-8000-000000000001', 'Stress Check-up',
        'We look at your week, and take two things out of it', 'Stress management', '{"price": 80}', 60),
      ('10000000-0000-4000-8000-000000000002', 'Your First Bowl',
        'Private wheel throwing, clay and firing included', 'Pottery',
        '{"tiers": [{"name": "Alone", "price": 90}, {"name": "For two", "price": 140}]}', 120),
      ('10000000-0000-4000-8000-000000000003', 'Pipeline Review',
        'I read your SQL and say what will hurt next year', 'Data engineering', '{"hourly_rate": 15000, "currency": "JPY"}', 90),
      ('10000000-0000-4000-8000-000000000003', 'Career Chat',
        'Half an hour about working with data', 'Mentoring', '{"free": true}', 30),
      ('10000000-0000-4000-8000-000000000004', 'Pitch Rehearsal',
        'Your ten minutes, three times, with honest feedback', 'Public speaking', '{"amount": "62.50", "currency": "EUR"}', 75)
    ) as o (provider_id, title, description, category, price_schedule, duration_minutes)
  loop
    perform pg_temp.act_as(v_offering.provider_id);
    perform public.create_offering(
      title => v_offering.title,
      description => v_offering.description,
      category => v_offering.category,
      price_schedule => v_offering.price_schedule,
      duration_minutes => v_offering.duration_minutes
    );
  end loop;
end;
$$;
-- Two specialists with published hours; John's are for you to publish.
do $$
declare
  v_hours record;
  v_schedule public.availability;
begin
  for v_hours in
    select *
    from (values
      ('10000000-0000-4000-8000-000000000003'::uuid, 'Asia/Tokyo', array[1, 2, 3, 4, 5],
        '[{"opens": "09:00", "closes": "12:00", "slot_minutes": 30}, {"opens": "13:00", "closes": "17:30", "slot_minutes": 90}]'),
      ('10000000-0000-4000-8000-000000000004', 'Europe/Madrid', array[2, 4, 6],
        '[{"opens": "10:00", "closes": "13:45", "slot_minutes": 75}, {"opens": "16:00", "closes": "19:00", "slot_minutes": 60}]')
    ) as h (provider_id, timezone, weekdays, windows)
  loop
    perform pg_temp.act_as(v_hours.provider_id);
    v_schedule := public.create_availability(
      kind => 'weekly',
      timezone => v_hours.timezone,
      windows => (
        select jsonb_agg(w.value || jsonb_build_object('weekday', d.weekday))
        from unnest(v_hours.weekdays) as d (weekday)
        cross join jsonb_array_elements(v_hours.windows::jsonb) as w
      )
    );
    perform public.generate_slots(v_schedule.id, current_date, current_date + 60);
  end loop;
end;
$$;

-- Career chats that took place a while ago: Omar has said how his was, Jane has not yet.
do $$
declare
  v_person record;
begin
  for v_person in
    select *
    from (values
      ('20000000-0000-4000-8000-000000000001'::uuid, 0),
      ('20000000-0000-4000-8000-000000000002', 1)
    ) as p (id, place)
  loop
    perform pg_temp.act_as(v_person.id);
    perform public.book_time(
      slot_id => (
        select s.id
        from public.slots as s
        where s.provider_id = '10000000-0000-4000-8000-000000000003'
          and s.ends_at - s.starts_at = interval '30 minutes'
          and s.starts_at > now() + interval '25 hours'
        order by s.starts_at
        offset v_person.place
        limit 1
      ),
      offering_id => (select o.id from public.offerings as o where o.title = 'Career Chat'),
      notes => 'How did you get into this?'
    );
  end loop;
end;
$$;
reset role;
update public.bookings as b
set
  slot_id = null,
  during = tstzrange(lower(b.during) - interval '14 days', upper(b.during) - interval '14 days'),
  created_at = b.created_at - interval '20 days'
where b.during is not null;
select set_config('convene.command', 'seed', false), private.finish_times(10);

do $$
declare
  v_review public.reviews;
begin
  perform pg_temp.act_as('20000000-0000-4000-8000-000000000002');
  v_review := public.review_booking(
    (select b.id from public.bookings as b where b.status = 'completed'),
    5,
    'Half an hour, and I know what to learn next.',
    expertise => 5,
    communication => 5,
    punctuality => 4
  );
  perform pg_temp.act_as('10000000-0000-4000-8000-000000000003');
  perform public.respond_to_review(v_review.id, 'It was a pleasure, good luck!');
end;
$$;
reset role;
select set_config('request.jwt.claims', '', false), set_config('convene.command', '', false);

-- Nobody needs to hear of sample bookings, and nobody is signed in.
delete from private.outbox;
delete from auth.sessions as s where s.id = s.user_id;

-- Webhooks may go to a receiver on the developer's machine.
select admin.allow_webhook_host(h.host)
from (values ('localhost'), ('127.0.0.1')) as h (host);
