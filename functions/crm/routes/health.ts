import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { readCrmTotals } from "../../_shared/domain/crm_records.ts";
import { adminDb } from "../../_shared/domain/db.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes } from "../../_shared/http/routes.ts";
import { toUtcText } from "../../_shared/http/times.ts";
import { DateTime } from "../schemas.ts";

const count = z.int().nullable().openapi({ description: "null when the database does not answer" });

const Health = lazily(() =>
  z.object({
    status: z.enum(["healthy", "unhealthy"]),
    service: z.literal("CRM Notification Service"),
    port: z.int().openapi({ description: "The document's; the function has none of its own", example: 8003 }),
    timestamp: DateTime,
    notifications_received: count,
    unique_facilitators: count,
    unique_events: count,
    endpoints: z.array(z.string()),
  })
);

const endpoints = [
  "/health",
  "/api/notify",
  "/api/bookings",
  "/api/facilitators/{id}/bookings",
  "/api/facilitators/{id}/dashboard",
  "/api/bookings/{id}",
  "/api/bookings/{id}/status",
];

const health = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags: ["Health"],
  summary: "Check the health of the service",
  description: "With counts in at most 10,000 records, and nothing of what is counted.",
  responses: {
    200: jsonResponse(Health, "The service works"),
    503: jsonResponse(Health, "The database does not answer"),
  },
});

export function healthRoutes(contract: Contract): void {
  const { runtime } = contract;
  publicRoutes(contract).add(health, async (c) => {
    const totals = await readCrmTotals(adminDb(runtime)).catch(() => null);
    return c.json({
      status: totals ? "healthy" as const : "unhealthy" as const,
      service: "CRM Notification Service" as const,
      port: 8003,
      timestamp: toUtcText(runtime.now().toISOString()),
      notifications_received: totals?.records ?? null,
      unique_facilitators: totals?.providers ?? null,
      unique_events: totals?.events ?? null,
      endpoints,
    }, totals ? 200 : 503);
  });
}
