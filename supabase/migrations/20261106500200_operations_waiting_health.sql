-- What waits for an older delivery of its key is not late: the older one's retry says when it is due.

create or replace function private.outbox_health() returns public.outbox_health
language sql
stable
security definer
set search_path = ''
as $$
  select
    coalesce(extract(epoch from now() - least(
      (
        select d.due_at
        from private.deliveries as d
        where d.status = 'pending'
          and d.due_at <= now()
          and not exists (
            select
            from private.deliveries as older
            where older.key = d.key
              and older.destination = d.destination
              and older.target = d.target
              and older.outbox_id < d.outbox_id
              and older.status = 'pending'
          )
        order by d.due_at
        limit 1
      ),
      (
        select o.created_at
        from private.outbox as o
        where o.fanned_out_at is null
        order by o.id
        limit 1
      )
    )), 0)::integer,
    (select count(*) from (select from private.deliveries as d where d.status = 'pending' limit 10000) as p)::integer,
    (select count(*) from (select from private.deliveries as d where d.status = 'dead' limit 10000) as x)::integer;
$$;
comment on type public.outbox_health is
  'Age of the oldest domain event, or delivery that could be made and is due, and counts up to 10,000.';
