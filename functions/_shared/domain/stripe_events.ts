import type { Stripe } from "stripe";
import { AppError } from "../http/errors.ts";
import type { Logger } from "../http/log.ts";
import { asked } from "../integrations/stripe/errors.ts";
import { readIntent } from "../integrations/stripe/intents.ts";
import { accountFacts, disputeFacts, refundFacts } from "../integrations/stripe/objects.ts";
import { openStripe } from "../integrations/stripe/open.ts";
import type { Runtime } from "../runtime.ts";
import { adminDb, call } from "./db.ts";
import { recordIntent, type StripeEventNote } from "./payments.ts";
import { recordRefund } from "./refunds.ts";

type Reader = (id: string) => Promise<void>;

/**
 * Acts on a verified event: reads its object from Stripe as it is now and records that. Events may come twice, late, in
 * any order and for objects that are not ours; each is noted once, in the transaction that acts on it.
 *
 * @throws {AppError} TRY_AGAIN and others, so that Stripe sends it again
 */
export async function takeStripeEvent(runtime: Runtime, event: Stripe.Event, log: Logger): Promise<void> {
  const db = adminDb(runtime);
  if (await call(db, "is_stripe_event_taken", { id: event.id })) return;
  const note = { id: event.id, type: event.type, object_id: objectId(event) };
  const stripe = await openStripe(runtime);
  const reader = readers({ runtime, stripe, log }, note)[family(event)];
  // A connected account's own payments are its own; what it may receive is ours to know.
  const isOurs = !event.account || event.type === "account.updated";
  if (!reader || !isOurs || note.object_id === "") {
    await call(db, "note_stripe_event", { event: note, outcome: reader ? "not ours" : "ignored" });
    return;
  }
  try {
    await reader(note.object_id);
  } catch (error) {
    // Another account's object, or one that is deleted.
    if (!(error instanceof AppError) || error.code !== "NOT_FOUND") throw error;
    await call(db, "note_stripe_event", { event: note, outcome: "unknown" });
  }
}

function family({ type }: Stripe.Event): string {
  if (type.startsWith("charge.dispute.")) return "dispute";
  if (type.startsWith("refund.") || type === "charge.refund.updated") return "refund";
  return type === "charge.refunded" ? "charge" : type.split(".")[0] ?? "";
}

function objectId({ data }: Stripe.Event): string {
  const { id } = data.object as { id?: unknown };
  return typeof id === "string" ? id : "";
}

function readers(
  { runtime, stripe, log }: { runtime: Runtime; stripe: Stripe; log: Logger },
  event: StripeEventNote,
): Record<string, Reader> {
  const db = adminDb(runtime);
  const noted = { event: { ...event } };
  return {
    async payment_intent(id) {
      await recordIntent(runtime, await asked(() => readIntent(stripe, id)), event);
    },
    async refund(id) {
      const refund = refundFacts(await asked(() => stripe.refunds.retrieve(id)));
      await recordRefund(runtime, log, refund, event);
    },
    async charge(id) {
      const { data } = await asked(() => stripe.refunds.list({ charge: id, limit: 100 }));
      for (const refund of data.reverse()) await recordRefund(runtime, log, refundFacts(refund));
      await call(db, "note_stripe_event", { event: { ...event }, outcome: "recorded" });
    },
    async dispute(id) {
      const dispute = disputeFacts(await asked(() => stripe.disputes.retrieve(id)));
      await call(db, "record_dispute", { dispute, ...noted });
    },
    async account(id) {
      const account = accountFacts(await asked(() => stripe.accounts.retrieve(id)));
      await call(db, "record_account", { account, ...noted });
    },
  };
}
