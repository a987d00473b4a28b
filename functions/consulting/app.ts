import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "./errors.ts";
import { authRoutes } from "./routes/auth.ts";
import { availabilityRoutes } from "./routes/availability.ts";
import { bookingRoutes } from "./routes/bookings.ts";
import { cancellationRoutes } from "./routes/cancellation.ts";
import { earningsRoutes } from "./routes/earnings.ts";
import { healthRoutes } from "./routes/health.ts";
import { noShowRoutes } from "./routes/no_show.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { receiptRoutes } from "./routes/receipts.ts";
import { recordingRoutes } from "./routes/recordings.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { paymentRoutes } from "./routes/payments.ts";
import { refundRoutes } from "./routes/refunds.ts";
import { stripeRoutes } from "./routes/stripe.ts";
import { slotRoutes } from "./routes/slots.ts";
import { specialistRoutes } from "./routes/specialists.ts";
import { waitingListRoutes } from "./routes/waiting_list.ts";

/** The consulting contract: specialists' times, their bookings, payments, meetings and reviews. */
export function createConsulting(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "consulting",
    title: "Consulting",
    description:
      "Specialists' times, their bookings, payments, meetings and reviews. Dates and hours are in the zone that is " +
      "named beside them, instants are UTC, prices are in major units of their currency, ids are UUIDs.",
    errors,
    quotas: ({ consultingQuotas }) => consultingQuotas,
  });
  authRoutes(contract);
  specialistRoutes(contract);
  reviewRoutes(contract);
  notificationRoutes(contract);
  healthRoutes(contract);
  receiptRoutes(contract);
  sessionRoutes(contract);
  recordingRoutes(contract);
  // The literal path /availability/slots before the parameter that would swallow it.
  slotRoutes(contract);
  availabilityRoutes(contract);
  bookingRoutes(contract);
  cancellationRoutes(contract);
  noShowRoutes(contract);
  waitingListRoutes(contract);
  paymentRoutes(contract);
  refundRoutes(contract);
  stripeRoutes(contract);
  earningsRoutes(contract);
  return contract.hono;
}
