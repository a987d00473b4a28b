import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { adminDb } from "../_shared/domain/db.ts";
import { maxDueSeconds, readOutboxHealth } from "../_shared/domain/outbox.ts";
import type { Contract } from "../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../_shared/http/openapi.ts";
import { publicRoutes, serviceRoutes } from "../_shared/http/routes.ts";
import { errors } from "../_shared/http/own_errors.ts";
import { deliverNow, runWorker } from "./run.ts";

const Summary = lazily(() =>
  z.object({
    delivered: z.int(),
    skipped: z.int(),
    failed: z.int(),
    dead: z.int(),
  }).openapi("WorkerSummary")
);

const runRoute = createRoute({
  method: "post",
  path: "/run",
  operationId: "runWorker",
  tags: ["Worker"],
  summary: "Deliver what is due",
  responses: {
    200: jsonResponse(Summary, "What became of the deliveries"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "TRY_AGAIN"),
  },
});

const deliverRoute = createRoute({
  method: "post",
  path: "/deliver",
  operationId: "deliverNow",
  tags: ["Worker"],
  summary: "Deliver at once what one booking has due for one destination",
  request: {
    body: jsonBody(() =>
      z.object({
        key: z.uuid().openapi({ description: "The booking or event" }),
        destination: z.string().max(50).openapi({ example: "crm" }),
        within_ms: z.int().min(0).max(10_000).openapi({ description: "How long to wait for another worker" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => z.object({ status: z.string().openapi({ example: "delivered" }) }),
      "What became of it: delivered, skipped, dead or still pending",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN", "TRY_AGAIN"),
  },
});

const Health = lazily(() =>
  z.object({
    status: z.enum(["healthy", "unhealthy"]),
    oldest_due_seconds: z.int().nullable().openapi({ description: "null when the database does not answer" }),
  })
);

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags: ["Worker"],
  summary: "Tell how far deliveries are behind",
  responses: {
    200: jsonResponse(Health, "Deliveries are on time"),
    503: jsonResponse(Health, "The oldest due delivery waits for more than five minutes"),
  },
});

export function workerRoutes(contract: Contract): void {
  const { runtime } = contract;

  const routes = serviceRoutes(contract, () => runtime.config.workerTokens);

  routes.add(runRoute, async (c) => {
    return c.json(await runWorker(runtime, c.get("db"), c.get("log")), 200);
  });

  routes.add(deliverRoute, async (c) => {
    const { key, destination, within_ms: withinMs } = c.req.valid("json");
    const status = await deliverNow(runtime, c.get("db"), c.get("log"), { key, destination, withinMs });
    return c.json({ status }, 200);
  });

  publicRoutes(contract).add(healthRoute, async (c) => {
    const age = await readOutboxHealth(adminDb(runtime)).then(
      (health) => health.oldestDueSeconds,
      () => null,
    );
    const isHealthy = age !== null && age <= maxDueSeconds;
    return c.json(
      { status: isHealthy ? "healthy" as const : "unhealthy" as const, oldest_due_seconds: age },
      isHealthy ? 200 : 503,
    );
  });
}
