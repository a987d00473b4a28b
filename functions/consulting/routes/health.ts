import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { isDatabaseUp } from "../../_shared/domain/health.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes } from "../../_shared/http/routes.ts";

const Health = lazily(() => z.object({ success: z.boolean(), status: z.enum(["healthy", "unhealthy"]) }));

const health = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags: ["Health"],
  summary: "Check the health of the service",
  description: "Addition: the document has none.",
  responses: {
    200: jsonResponse(Health, "The service works"),
    503: jsonResponse(Health, "The database does not answer"),
  },
});

export function healthRoutes(contract: Contract): void {
  publicRoutes(contract).add(health, async (c) => {
    const isUp = await isDatabaseUp(contract.runtime);
    return c.json(
      { success: isUp, status: isUp ? "healthy" as const : "unhealthy" as const },
      isUp ? 200 : 503,
    );
  });
}
