import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "./errors.ts";
import { healthRoutes } from "./routes/health.ts";
import { offeringSetRoutes } from "./routes/offering_sets.ts";
import { offeringRoutes } from "./routes/offerings.ts";
import { searchRoutes } from "./routes/search.ts";

/** The facilitator contract: sign-in by phone, the facilitator's profile, what they offer, and how both are found. */
export function createFacilitator(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "facilitator",
    title: "Facilitator",
    description:
      "Sign-in by phone, the facilitator's profile in sections, their offerings, and the search for both. Times are " +
      "UTC, ids are UUIDs.",
    errors,
  });
  healthRoutes(contract);
  // Literal paths before the parameters that would swallow them.
  searchRoutes(contract);
  offeringSetRoutes(contract);
  offeringRoutes(contract);
  return contract.hono;
}
