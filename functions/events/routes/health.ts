import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { isDatabaseUp } from "../../_shared/domain/health.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes } from "../../_shared/http/routes.ts";

const Health = lazily(() =>
  z.object({
    status: z.enum(["healthy", "unhealthy"]),
    database: z.enum(["connected", "disconnected"]),
  })
);

const health = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags: ["Health"],
  summary: "Check the health of the service",
  responses: {
    200: jsonResponse(Health, "The service works"),
    503: jsonResponse(Health, "The database does not answer"),
  },
});

export function healthRoutes(contract: Contract): void {
  publicRoutes(contract).add(health, async (c) => {
    return await isDatabaseUp(contract.runtime)
      ? c.json({ status: "healthy" as const, database: "connected" as const }, 200)
      : c.json({ status: "unhealthy" as const, database: "disconnected" as const }, 503);
  });
}
