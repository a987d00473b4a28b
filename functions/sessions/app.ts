import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "./errors.ts";
import { authRoutes } from "./routes/auth.ts";
import { bookingRoutes } from "./routes/bookings.ts";
import { facilitatorRoutes } from "./routes/facilitator.ts";
import { healthRoutes } from "./routes/health.ts";
import { sessionRoutes } from "./routes/sessions.ts";

/** The sessions contract: sessions and retreats, their bookings, the facilitator's dashboard. */
export function createSessions(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "sessions",
    title: "Sessions",
    description:
      "Sessions and retreats, their bookings, and the facilitator's dashboard. Times are UTC, ids are UUIDs.",
    errors,
  });
  healthRoutes(contract);
  authRoutes(contract);
  sessionRoutes(contract);
  bookingRoutes(contract);
  facilitatorRoutes(contract);
  return contract.hono;
}
