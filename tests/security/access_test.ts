import assert from "node:assert/strict";
import { dateAhead, makeAvailability } from "../support/availability.ts";
import { daysAhead, makeEvent, makePerson, makeProvider } from "../support/people.ts";
import { makeReview } from "../support/reviews.ts";
import { testStack } from "../support/stack.ts";
import { makeTimeBooking } from "../support/time_bookings.ts";
import {
  Access,
  commandAccess,
  relationAccess,
  type Role,
  roles,
  type Scenario,
  topicAccess,
} from "./access.ts";

/** How each command is called in the scenario. A new command needs a line here, and one in docs/access.md. */
const calls: Record<string, (scenario: Scenario) => string> = {
  "public.begin_phone_code": () =>
    `'+12025550123', '{"interval_seconds": 60, "phone_max": 1, "phone_seconds": 60}'`,
  "public.complete_onboarding": () => "'Name'",
  "public.finish_phone_code": () => `'+12025550123', true, '{}'`,
  "public.complete_registration": () => "phone => '+12025550123'",
  "public.read_my_home": () => "",
  "public.read_my_offering": ({ offering }) => `'${offering}'`,
  "public.read_my_profile": () => "",
  "public.return_phone_code_try": () => "'+12025550123'",
  "public.take_phone_code_try": () => "'+12025550123', '{}'",
  "public.update_my_profile": () => "'Name'",
  "public.bulk_delete_offerings": ({ offering }) => `array['${offering}'::uuid]`,
  "public.bulk_update_offerings": ({ offering }) => `'[{"id": "${offering}", "title": "Other"}]'`,
  "public.create_availability": () =>
    `'weekly', 'UTC', '[{"weekday": 1, "opens": "09:00", "closes": "10:00"}]'`,
  "public.create_offering": () => "'Title'",
  "public.delete_offering": ({ offering }) => `'${offering}'`,
  "public.list_my_offerings": () => "",
  "public.offering_stats": () => "",
  "public.search_offerings": () => "'title'",
  "public.search_providers": () => "'name', 'somebody@example.com'",
  "public.set_offering_active": ({ offering }) => `'${offering}', false`,
  "public.update_offering": ({ offering }) => `'${offering}', title => 'Other'`,
  "public.attach_payment_intent": ({ payment }) => `'${payment}', 'pi_other'`,
  "public.become_provider": () => "null, null",
  "public.add_meeting_note": ({ meeting }) => `'${meeting}', 'Text'`,
  "public.add_recording": ({ meeting }) => `'${meeting}', 'https://example.com/a'`,
  "public.end_meeting": ({ meeting }) => `'${meeting}'`,
  "public.join_meeting": ({ meeting }) => `'${meeting}'`,
  "public.leave_meeting": ({ meeting }) => `'${meeting}'`,
  "public.open_recording": () => "'unknown'",
  "public.plan_meeting": ({ meeting }) => `'${meeting}', 'jitsi'`,
  "public.read_meeting": ({ meeting }) => `'${meeting}'`,
  "public.read_receipt": ({ meeting }) => `'${meeting}'`,
  "public.settle_meeting": ({ meeting }) => `'${meeting}', '{"action": "none"}'`,
  "public.share_recording": ({ meeting }) => `'${meeting}', 1`,
  "public.booking_calendar_entry": ({ booking }) => `'${booking}'`,
  "public.block_time": () => "now() + interval '9 days', now() + interval '10 days'",
  "public.book_event": ({ event }) => `'${event}'`,
  "public.book_time": ({ provider }) => `'${provider}', '2030-01-01', '2030-01-02'`,
  "public.cancel_booking": ({ booking }) => `'${booking}'`,
  "public.cancel_event": ({ event }) => `'${event}'`,
  "public.check_ledger": () => "",
  "public.crm_dashboard": ({ provider }) => `'${provider}'`,
  "public.crm_figures": ({ provider }) => `'${provider}'`,
  "public.crm_provider_bookings": ({ provider }) => `'${provider}'`,
  "public.crm_totals": () => "",
  "public.create_calendar_feed": () => "",
  "public.delete_my_account": () => "",
  "public.delivery_status": ({ booking }) => `'${booking}', 'crm'`,
  "public.delete_notification": ({ notification }) => `'${notification}'`,
  "public.describe_event": ({ event }) => `'${event}', 'A mat'`,
  "public.describe_provider": ({ provider }) => `'${provider}', headline => 'Other'`,
  "public.export_my_data": () => "",
  "public.find_providers": () => "",
  "public.generate_slots": ({ schedule }) => `'${schedule}', current_date, current_date + 7`,
  "public.is_stripe_event_taken": () => "'evt_1'",
  "public.lease_deliveries": () => "1, 1",
  "public.list_blocked_times": () => "",
  "public.list_crm_records": () => "",
  "public.list_events": () => "",
  "public.create_webhook_endpoint": () => "'https://hooks.example.com', '{booking.created}'",
  "public.delete_webhook_endpoint": ({ endpoint }) => `'${endpoint}'`,
  "public.lease_webhooks": () => "1, 1",
  "public.list_my_bookings": () => "",
  "public.list_my_events": () => "",
  "public.list_my_notifications": () => "",
  "public.list_my_payments": () => "",
  "public.list_open_events": () => "",
  "public.list_providers": () => "",
  "public.list_provider_bookings": ({ event }) => `'${event}'`,
  "public.list_reviews": ({ provider }) => `'${provider}'`,
  "public.list_slots": () => "",
  "public.list_time_bookings": () => "",
  "public.mark_no_show": ({ booking }) => `'${booking}'`,
  "public.mark_notification_read": ({ notification }) => `'${notification}'`,
  "public.mark_notifications_read": () => "",
  "public.move_crm_status": ({ booking }) => `'${booking}', 'reviewed'`,
  "public.my_earnings": () => "",
  "public.my_provider": () => "",
  "public.note_stripe_event": () => `'{"id": "evt_2", "type": "x"}', 'ignored'`,
  "public.notify_crm": ({ booking, attendee, event, provider }) =>
    `'convene', '${booking}', 9, 'received', '${attendee}', '', '', '', '${event}', '', 'session', '', null, '${provider}', null, ''`,
  "public.outbox_health": () => "",
  "public.provider_calendar": ({ provider }) => `'${provider}'`,
  "public.prepare_payment": ({ time }) => `'${time}', 1, 'USD'`,
  "public.provider_dashboard": () => "",
  "public.publish_event": () => "'session', 'Title', now() + interval '1 day', now() + interval '2 days'",
  "public.read_crm_record": ({ booking }) => `'${booking}'`,
  "public.read_calendar_feed": () => "'unknown'",
  "public.revoke_calendar_feed": () => "",
  "public.replay_webhook_deliveries": ({ endpoint }) => `'${endpoint}', now()`,
  "public.replay_webhook_delivery": ({ webhook }) => `'${webhook}'`,
  "public.rotate_webhook_secret": ({ endpoint }) => `'${endpoint}'`,
  "public.send_test_webhook": ({ endpoint }) => `'${endpoint}'`,
  "public.read_provider": ({ provider }) => `'${provider}'`,
  "public.refresh_openings": () => "1",
  "public.respond_to_review": ({ review }) => `'${review}', 'Thank you'`,
  "public.review_booking": ({ booking }) => `'${booking}', 5`,
  "public.settle_deliveries": () => "'[]'",
  "public.settle_webhook": ({ webhook }) => `'${webhook}', '${webhook}', 'delivered', 1`,
  "public.record_account": () => "'{}'",
  "public.record_dispute": () => "'{}'",
  "public.record_payment_intent": () => "'{}'",
  "public.record_refund": () => "'{}'",
  "public.record_reversal": () => "'{}'",
  "public.record_transfer": () => "'{}'",
  "public.refund_preview": ({ time }) => `'${time}'`,
  "public.request_refund": ({ payment }) => `'${payment}'`,
  "public.reschedule_booking": ({ time }) => `'${time}'`,
  "public.stripe_order": ({ payment }) => `'payment.cancel_requested', '{"payment_id": "${payment}"}'`,
  "public.sweep": () => "",
  "public.sweep_money": () => "",
  "public.take_rate_limit": () => "'bucket', 1, 60",
  "public.unblock_time": ({ blocked }) => blocked,
  "public.update_availability": ({ schedule }) => `'${schedule}', is_active => false`,
  "public.update_booking": ({ time }) => `'${time}', provider_notes => 'Notes'`,
  "public.update_booking_notes": ({ time }) => `'${time}', provider_notes => 'Notes'`,
  "public.update_event": ({ event }) => `'${event}', title => 'Other'`,
  "public.update_webhook_endpoint": ({ endpoint }) => `'${endpoint}'`,
  "admin.allow_webhook_host": () => "'localhost'",
  "admin.cancel_booking": ({ booking }) => `'${booking}'`,
  "admin.cancel_event": ({ event }) => `'${event}'`,
  "admin.create_webhook_endpoint": () => "'https://hooks.example.com', '{booking.created}'",
  "admin.delete_account": ({ attendee }) => `'${attendee}'`,
  "admin.delete_webhook_endpoint": ({ endpoint }) => `'${endpoint}'`,
  "admin.find_people": () => "'nobody'",
  "admin.forbid_webhook_host": () => "'localhost'",
  "admin.replay_webhook_deliveries": ({ endpoint }) => `'${endpoint}', now()`,
  "admin.replay_webhook_delivery": ({ webhook }) => `'${webhook}'`,
  "admin.requeue_deliveries": () => "'dead'",
  "admin.rotate_webhook_secret": ({ endpoint }) => `'${endpoint}'`,
  "admin.send_test_webhook": ({ endpoint }) => `'${endpoint}'`,
  "admin.update_webhook_endpoint": ({ endpoint }) => `'${endpoint}'`,
  "public.wait_for_event": ({ event }) => `'${event}'`,
  "public.wait_for_time": ({ provider }) => `'${provider}', '2030-01-01', '2030-01-02'`,
  "public.leave_waiting_list": ({ waiting }) => `'${waiting}'`,
};

/** How the scenario's row of each table or view is found; the others have a row anyway. */
const rows: Record<string, (scenario: Scenario) => string> = {
  "public.availability": ({ schedule }) => `id = '${schedule}'`,
  "public.availability_schedules": ({ schedule }) => `id = '${schedule}'`,
  "public.availability_windows": ({ schedule }) => `schedule_id = '${schedule}'`,
  "public.availability_exceptions": ({ schedule }) => `schedule_id = '${schedule}'`,
  "public.slots": ({ schedule }) => `schedule_id = '${schedule}'`,
  "private.meeting_links": ({ meeting }) => `booking_id = '${meeting}'`,
  "private.meeting_recordings": ({ meeting }) => `booking_id = '${meeting}'`,
  "public.booking_meetings": ({ meeting }) => `booking_id = '${meeting}'`,
  "public.meeting_notes": ({ meeting }) => `booking_id = '${meeting}'`,
  "public.meeting_participants": ({ meeting }) => `booking_id = '${meeting}'`,
  "public.meetings": ({ meeting }) => `booking_id = '${meeting}'`,
  "public.bookings": ({ booking }) => `id = '${booking}'`,
  "public.booking_details": ({ booking }) => `id = '${booking}'`,
  "public.calendar_feeds": ({ attendee }) => `profile_id = '${attendee}'`,
  "public.contacts": ({ attendee }) => `profile_id = '${attendee}'`,
  "public.event_links": ({ event }) => `event_id = '${event}'`,
  "public.event_listings": ({ event }) => `id = '${event}'`,
  "public.events": ({ event }) => `id = '${event}'`,
  "public.my_account": ({ attendee }) => `id = '${attendee}'`,
  "public.my_provider_profile": ({ provider }) => `id = '${provider}'`,
  "public.provider_profiles": ({ provider }) => `provider_id = '${provider}'`,
  "public.notifications": ({ provider }) => `recipient_id = '${provider}'`,
  "public.offering_listings": ({ offering }) => `id = '${offering}'`,
  "public.offerings": ({ offering }) => `id = '${offering}'`,
  "public.payment_details": ({ payment }) => `id = '${payment}'`,
  "public.payments": ({ payment }) => `id = '${payment}'`,
  "public.provider_accounts": ({ provider }) => `provider_id = '${provider}'`,
  "public.provider_notes": ({ time }) => `booking_id = '${time}'`,
  "public.refunds": ({ payment }) => `payment_id = '${payment}'`,
  "public.time_bookings": ({ time }) => `id = '${time}'`,
  "public.transfers": ({ payment }) => `payment_id = '${payment}'`,
  "public.profiles": ({ attendee }) => `id = '${attendee}'`,
  "public.providers": ({ provider }) => `id = '${provider}'`,
  "public.reviews": ({ review }) => `id = '${review}'`,
};

Deno.test("everybody may do what docs/access.md says, and nothing else", async () => {
  await using stack = await testStack();
  const { database } = stack;
  const [provider, attendee, stranger] = [
    await makeProvider(stack),
    await makePerson(stack),
    await makeProvider(stack),
  ];
  const event = await makeEvent(provider, { capacity: 5 });
  const { data: booking } = await attendee.client.rpc("book_event", { event_id: event.id });
  await attendee.client.rpc("create_calendar_feed");
  const { data: endpoint } = await provider.client.rpc("create_webhook_endpoint", {
    url: "https://hooks.example.com",
    events: ["booking.created"],
  });
  const { data: webhook } = await provider.client.rpc("send_test_webhook", {
    endpoint_id: endpoint?.endpoint_id ?? "",
  });
  const { data: offering } = await provider.client.rpc("create_offering", { title: "Some Offering" });
  const { data: notifications } = await provider.client.from("notifications").select("id").limit(1);
  const { id: schedule } = await makeAvailability(provider, {
    exceptions: [{ on_date: "2030-01-01", windows: [] }],
  });
  await provider.client.rpc("generate_slots", {
    schedule_id: schedule ?? "",
    first_date: dateAhead(1),
    last_date: dateAhead(2),
  });
  const { data: blocked } = await provider.client.rpc("block_time", {
    starts_at: daysAhead(5),
    ends_at: daysAhead(6),
  });
  const { id: meeting } = await makeTimeBooking(stack, { attendee, provider }, { startsInMinutes: 5 });
  await stack.runWorker();
  await attendee.client.rpc("join_meeting", { booking_id: meeting });
  await attendee.client.rpc("add_meeting_note", { booking_id: meeting, text: "Mine" });
  await provider.client.rpc("add_recording", { booking_id: meeting, url: "https://example.com/a" });
  const scenario = {
    attendee: attendee.id,
    provider: provider.id,
    stranger: stranger.id,
    event: event.id,
    booking: booking?.id ?? "",
    meeting,
    endpoint: endpoint?.endpoint_id ?? "",
    webhook: webhook?.id ?? "",
    schedule: schedule ?? "",
    blocked: String(blocked?.id),
    offering: offering?.id ?? "",
    review: (await makeReview(stack, provider, { attendee })).id,
    notification: notifications?.[0]?.id ?? "",
    time: crypto.randomUUID(),
    payment: crypto.randomUUID(),
    waiting: crypto.randomUUID(),
  };
  await provider.client.rpc("update_my_profile", { sections: { basic_info: { age: 30 } } });
  const access = new Access(database, scenario);
  // In the table's transactions a person's session has their own id.
  for (const id of [attendee.id, provider.id, stranger.id]) {
    await database.query("insert into auth.sessions (id, user_id, aal) values ($1, $1, 'aal1')", [id]);
  }
  const topics = {
    "`user:<attendee>`": `user:${attendee.id}`,
    "`booking:<booking>`": `booking:${scenario.booking}`,
    "`conversation:<attendee>:<provider>`": `conversation:${attendee.id}:${provider.id}`,
    "any other": "lobby",
  };
  await stack.runWorker();
  await provider.client.rpc("describe_event", {
    event_id: event.id,
    virtual_link: "https://meet.example.com",
  });
  await database.script(`
    insert into public.bookings (id, attendee_id, provider_id, during, timezone, status, price_minor, currency,
      free_cancellation_until, late_refund_percent)
    values ('${scenario.time}', '${attendee.id}', '${provider.id}',
      tstzrange(now() + interval '30 days', now() + interval '31 days'), 'UTC', 'confirmed', 100, 'USD', now(), 0);
    insert into public.waiting_entries (id, person_id, provider_id, during)
    values ('${scenario.waiting}', '${attendee.id}', '${provider.id}',
      tstzrange(now() + interval '40 days', now() + interval '41 days'));
    insert into public.provider_notes (booking_id, provider_id, notes)
    values ('${scenario.time}', '${provider.id}', 'Notes');
    insert into public.payments (id, booking_id, payer_id, provider_id, amount_minor, currency, fee_minor,
      payout_minor, refunded_minor, status, paid_at, receipt_year, receipt_serial)
    values ('${scenario.payment}', '${scenario.time}', '${attendee.id}', '${provider.id}', 100, 'USD', 15, 85, 1,
      'succeeded', now(), 2026, 1);
    insert into public.refunds (id, payment_id, amount_minor, fee_minor, payout_minor, cause, status, settled_at)
    values ('${scenario.payment}', '${scenario.payment}', 1, 0, 1, 'request', 'succeeded', now());
    insert into public.transfers (id, payment_id, provider_id, amount_minor, currency)
    values ('${scenario.payment}', '${scenario.payment}', '${provider.id}', 85, 'USD');
    insert into private.transfer_reversals (transfer_id, refund_id, amount_minor)
    values ('${scenario.payment}', '${scenario.payment}', 1);
    insert into private.disputes (payment_id, stripe_dispute_id, amount_minor, status)
    values ('${scenario.payment}', 'du_1', 100, 'needs_response');
    insert into private.ledger_entries (entry, source_id, account, amount_minor, currency, payment_id, provider_id)
    values ('payment', '${scenario.payment}', 'stripe_balance', -100, 'USD', '${scenario.payment}', '${provider.id}'),
      ('payment', '${scenario.payment}', 'provider_payable', 100, 'USD', '${scenario.payment}', '${provider.id}');
    insert into private.receipt_counters values ('${provider.id}', 2026, 1);
    insert into private.stripe_events (id, type, outcome) values ('evt_0', 'x', 'ignored');
    insert into public.provider_accounts (provider_id, stripe_account_id) values ('${provider.id}', 'acct_1');
    insert into public.crm_status_changes (record_id, old_status, new_status)
    select id, 'new', 'reviewed' from public.crm_records;
    update private.deliveries set status = 'dead' where id = (select min(id) from private.deliveries);
    insert into public.webhook_attempts (delivery_id, endpoint_id, duration_ms)
    values ('${scenario.webhook}', '${scenario.endpoint}', 1);
    insert into private.webhook_private_hosts values ('127.0.0.1');
    insert into private.opening_checks values ('${provider.id}', now()) on conflict do nothing;
    insert into private.rate_limits values ('x', now(), 1);
    insert into private.phone_codes values ('x', now());
    insert into private.idempotency_keys values ('${attendee.id}', 'x', 'x', '', '{}');
    insert into realtime.messages (topic, extension)
    values ${Object.values(topics).map((topic) => `('${topic}', 'broadcast')`).join(", ")};
  `);

  const line = async (object: string, cell: (role: Role) => Promise<string>) => {
    const cells: string[] = [];
    for (const role of roles) cells.push(await cell(role));
    return `| ${[object, ...cells].join(" | ")} |`;
  };
  const found = new Set<string>();
  const relations = await database.query<{ name: string; kind: string; columns: string[] }>(`
    select n.nspname || '.' || c.relname as name, c.relkind as kind,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute as a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '') as columns
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('public', 'private', 'admin') and c.relkind in ('r', 'v') order by 1`);
  for (const { name, kind, columns } of relations) {
    const relation = { name, isView: kind === "v", columns, where: rows[name]?.(scenario) ?? "true" };
    found.add(await line(`\`${name}\``, (role) => relationAccess(access, role, relation)));
  }
  const commands = await database.query<{ name: string }>(`
    select n.nspname || '.' || p.proname as name from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('public', 'admin') order by 1`);
  for (const { name } of commands) {
    const args = calls[name];
    assert.ok(args, `say how ${name} is called`);
    found.add(
      await line(`\`${name}\``, (role) => commandAccess(access, role, `select ${name}(${args(scenario)})`)),
    );
  }
  for (const [name, topic] of Object.entries(topics)) {
    found.add(await line(name, (role) => topicAccess(access, role, topic)));
  }

  const text = await Deno.readTextFile(new URL("../../docs/access.md", import.meta.url));
  const said = new Set(
    text.split("\n").filter((each) => /^\| (`|any other)/.test(each)).map((each) =>
      `| ${each.split("|").slice(1, -1).map((cell) => cell.trim()).join(" | ")} |`
    ),
  );
  assert.deepEqual(
    [...found].filter((each) => !said.has(each)),
    [],
    "true, but docs/access.md does not say so",
  );
  assert.deepEqual(
    [...said].filter((each) => !found.has(each)),
    [],
    "docs/access.md says so, but it is not true",
  );
});
