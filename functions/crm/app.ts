import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "./errors.ts";
import { bookingRoutes } from "./routes/bookings.ts";
import { facilitatorRoutes } from "./routes/facilitators.ts";
import { healthRoutes } from "./routes/health.ts";
import { notifyRoutes } from "./routes/notify.ts";

/** The CRM contract: bookings as those see them who look after customers. For servers only. */
export function createCrm(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "crm",
    title: "CRM",
    description:
      "Bookings as those see them who look after customers. For servers only: whoever holds a token reads " +
      "everybody's contact data. Times are UTC, ids are UUIDs.",
    errors,
  });
  notifyRoutes(contract);
  bookingRoutes(contract);
  facilitatorRoutes(contract);
  healthRoutes(contract);
  return contract.hono;
}
