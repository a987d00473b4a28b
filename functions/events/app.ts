import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "./errors.ts";
import { authRoutes } from "./routes/auth.ts";
import { bookingRoutes } from "./routes/bookings.ts";
import { eventRoutes } from "./routes/events.ts";
import { facilitatorRoutes } from "./routes/facilitators.ts";
import { healthRoutes } from "./routes/health.ts";
import { waitingListRoutes } from "./routes/waiting_list.ts";

/** The events contract: events, their bookings, and the facilitators who hold them. */
export function createEvents(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "events",
    title: "Events",
    description: "Events, their bookings, and the facilitators who hold them. Times are UTC, ids are UUIDs.",
    errors,
  });
  authRoutes(contract);
  eventRoutes(contract);
  bookingRoutes(contract);
  waitingListRoutes(contract);
  facilitatorRoutes(contract);
  healthRoutes(contract);
  return contract.hono;
}
