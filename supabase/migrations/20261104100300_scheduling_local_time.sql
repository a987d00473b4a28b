-- Local time and instants: what a clock on the wall means on days when it is changed.

create function private.clock_change(after timestamptz, until timestamptz, zone text) returns timestamptz
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_offset constant interval := (after at time zone zone) - (after at time zone 'UTC');
  v_low bigint := 0;
  v_high bigint := extract(epoch from until - after)::bigint;
  v_middle bigint;
  v_at timestamptz;
begin
  if (until at time zone zone) - (until at time zone 'UTC') = v_offset then
    return null;
  end if;
  while v_high - v_low > 1 loop
    v_middle := (v_low + v_high) / 2;
    v_at := after + make_interval(secs => v_middle);
    if (v_at at time zone zone) - (v_at at time zone 'UTC') = v_offset then
      v_low := v_middle;
    else
      v_high := v_middle;
    end if;
  end loop;
  return after + make_interval(secs => v_high);
end;
$$;
comment on function private.clock_change(timestamptz, timestamptz, text) is
  'When between two instants the clocks of a zone are changed, to the second: the first instant of the new time. Null when '
  'they are not. Expects at most one change.';

create function private.local_instant(local_time timestamp, zone text, takes_last boolean default false)
returns timestamptz
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_guess constant timestamptz := local_time at time zone 'UTC';
  v_day_before constant timestamptz := v_guess - interval '24 hours';
  v_day_after constant timestamptz := v_guess + interval '24 hours';
  v_by_old timestamptz := v_guess - ((v_day_before at time zone zone) - (v_day_before at time zone 'UTC'));
  v_by_new timestamptz := v_guess - ((v_day_after at time zone zone) - (v_day_after at time zone 'UTC'));
begin
  if v_by_old = v_by_new then
    return v_by_old;
  end if;
  if (v_by_old at time zone zone) <> local_time then
    v_by_old := null;
  end if;
  if (v_by_new at time zone zone) <> local_time then
    v_by_new := null;
  end if;
  if v_by_old is null and v_by_new is null then
    return private.clock_change(v_day_before, v_day_after, zone);
  end if;
  return case when takes_last then greatest(v_by_old, v_by_new) else least(v_by_old, v_by_new) end;
end;
$$;
comment on function private.local_instant(timestamp, text, boolean) is
  'The instant at which a zone''s clocks show a local time. A time that they skip is the end of the gap; of a time that '
  'they show twice it is the first instant, or the last. Immutable as `at time zone` is.';

create function private.shows_within(
  starts_at timestamptz,
  ends_at timestamptz,
  zone text,
  opens timestamp,
  closes timestamp
) returns boolean
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_blink constant interval := interval '1 microsecond';
  v_shown_start constant timestamp := starts_at at time zone zone;
  -- What the clock reaches, not what it is set to at that very instant.
  v_shown_end constant timestamp := ((ends_at - v_blink) at time zone zone) + v_blink;
  v_change timestamptz;
begin
  if v_shown_start < opens or v_shown_end > closes then
    return false;
  end if;
  if v_shown_end - v_shown_start = ends_at - starts_at then
    return true;
  end if;
  v_change := private.clock_change(starts_at, ends_at - interval '1 second', zone);
  return (v_change at time zone zone) >= opens
    and ((v_change - v_blink) at time zone zone) + v_blink <= closes;
end;
$$;
comment on function private.shows_within(timestamptz, timestamptz, text, timestamp, timestamp) is
  'Whether the clocks of a zone show nothing but times between opens and closes from one instant to another.';
