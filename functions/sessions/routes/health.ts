import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { isDatabaseUp } from "../../_shared/domain/health.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes } from "../../_shared/http/routes.ts";
import { toUtcText } from "../../_shared/http/times.ts";
import { DateTime } from "../schemas.ts";

const Health = lazily(() =>
  z.object({
    status: z.enum(["healthy", "unhealthy"]),
    service: z.literal("backend"),
    timestamp: DateTime,
    database: z.enum(["connected", "disconnected"]),
  })
);

const health = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags: ["System Health"],
  summary: "Check the health of the service",
  responses: {
    200: jsonResponse(Health, "The service works"),
    503: jsonResponse(Health, "The database does not answer"),
  },
});

export function healthRoutes(contract: Contract): void {
  publicRoutes(contract).add(health, async (c) => {
    const isUp = await isDatabaseUp(contract.runtime);
    return c.json({
      status: isUp ? "healthy" as const : "unhealthy" as const,
      service: "backend" as const,
      timestamp: toUtcText(contract.runtime.now().toISOString()),
      database: isUp ? "connected" as const : "disconnected" as const,
    }, isUp ? 200 : 503);
  });
}
