import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  bulkDeleteOfferings,
  bulkUpdateOfferings,
  readOfferingFigures,
  setOfferingActive,
} from "../../_shared/domain/offerings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { given } from "../../_shared/http/given.ts";
import { Offering, OfferingChanges, OfferingPath, OneOffering } from "../offering_schemas.ts";
import { presentOffering } from "../present.ts";
import { Done, Id, Success } from "../schemas.ts";

const tags = ["Offerings"];
const signedIn = ["SIGN_IN_REQUIRED", "INVALID_TOKEN", "NOT_A_PROVIDER"] as const;

const size = "must be a list of 1 to 1000 entries";
const bulk = <Item extends z.ZodType>(item: Item) => z.array(item).min(1, size).max(1000, size);

const Statistics = lazily(() =>
  z.object({
    overall: z.object({
      total_offerings: z.int(),
      active_offerings: z.int(),
      inactive_offerings: z.int(),
      unique_categories: z.int(),
    }),
    categories: z.array(z.object({ category: z.string(), count: z.int() })).openapi({
      description: "As the facilitator wrote them, most used first; offerings without one are in none",
    }),
  }).openapi("OfferingStatistics")
);

const statsRoute = createRoute({
  method: "get",
  path: "/api/offerings/stats",
  operationId: "readOfferingFigures",
  tags,
  summary: "Count my offerings",
  description: "Deleted ones do not count.",
  responses: {
    200: jsonResponse(() => Success().extend({ statistics: Statistics() }), "The figures"),
    ...errorResponses(errors, ...signedIn),
  },
});

const activateRoute = createRoute({
  method: "put",
  path: "/api/offerings/{offering_id}/activate",
  operationId: "activateOffering",
  tags,
  summary: "List an offering again",
  description: "One that was taken off the lists, or deleted.",
  request: { params: OfferingPath },
  responses: {
    200: jsonResponse(() => OneOffering().extend({ message: z.string() }), "The offering is listed"),
    ...errorResponses(errors, ...signedIn, "OFFERING_NOT_FOUND"),
  },
});

const deactivateRoute = createRoute({
  method: "put",
  path: "/api/offerings/{offering_id}/deactivate",
  operationId: "deactivateOffering",
  tags,
  summary: "Take an offering off the lists",
  description: "Addition: the document has only deletion.",
  request: { params: OfferingPath },
  responses: {
    200: jsonResponse(
      () => OneOffering().extend({ message: z.string() }),
      "The offering is not listed any more",
    ),
    ...errorResponses(errors, ...signedIn, "OFFERING_NOT_FOUND"),
  },
});

const bulkUpdateRoute = createRoute({
  method: "put",
  path: "/api/offerings/bulk/update",
  operationId: "bulkUpdateOfferings",
  tags,
  summary: "Change many offerings",
  description:
    "All of them or none. What is wrong is told with its place: `offerings.3.title` is of the fourth.",
  request: { body: jsonBody(() => z.object({ offerings: bulk(OfferingChanges().extend({ id: Id })) })) },
  responses: {
    200: jsonResponse(
      () => Done().extend({ updated_count: z.int(), offerings: z.array(Offering()) }),
      "All of them are changed",
    ),
    ...errorResponses(errors, "INVALID_INPUT", ...signedIn, "IDEMPOTENCY_KEY_REUSED"),
  },
});

const bulkDeleteRoute = createRoute({
  method: "delete",
  path: "/api/offerings/bulk/delete",
  operationId: "bulkDeleteOfferings",
  tags,
  summary: "Delete many offerings",
  description: "All of them or none, softly.",
  request: { body: jsonBody(() => z.object({ offering_ids: bulk(Id) })) },
  responses: {
    200: jsonResponse(() => Done().extend({ deleted_count: z.int() }), "All of them are deleted"),
    ...errorResponses(errors, "INVALID_INPUT", ...signedIn, "IDEMPOTENCY_KEY_REUSED"),
  },
});

const counted = (count: number) => count === 1 ? "1 offering" : `${count} offerings`;

export function offeringSetRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(statsRoute, async (c) => {
    const { total, active, inactive, uniqueCategories, categories } = await readOfferingFigures(c.get("db"));
    const overall = {
      total_offerings: total,
      active_offerings: active,
      inactive_offerings: inactive,
      unique_categories: uniqueCategories,
    };
    return c.json({ success: true as const, statistics: { overall, categories } }, 200);
  });

  for (
    const [route, active, message] of [
      [activateRoute, true, "Offering activated successfully"],
      [deactivateRoute, false, "Offering deactivated successfully"],
    ] as const
  ) {
    routes.add(route, async (c) => {
      const offering = await setOfferingActive(c.get("db"), c.req.valid("param").offering_id, active);
      return c.json({ success: true as const, message, offering: presentOffering(offering) }, 200);
    });
  }

  routes.add(bulkUpdateRoute, async (c) => {
    const changes = c.req.valid("json").offerings.map(({ id, ...fields }) => ({ id, ...given(fields) }));
    const offerings = (await bulkUpdateOfferings(c.get("db"), changes)).map(presentOffering);
    const message = `${counted(offerings.length)} updated successfully`;
    return c.json({ success: true as const, message, updated_count: offerings.length, offerings }, 200);
  });

  routes.add(bulkDeleteRoute, async (c) => {
    const count = await bulkDeleteOfferings(c.get("db"), c.req.valid("json").offering_ids);
    const message = `${counted(count)} deleted successfully`;
    return c.json({ success: true as const, message, deleted_count: count }, 200);
  });
}
