import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { searchOfferings } from "../../_shared/domain/offerings.ts";
import { searchProviders } from "../../_shared/domain/provider_search.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, lazySchema } from "../../_shared/http/openapi.ts";
import { pageHeaders } from "../../_shared/http/pagination.ts";
import { publicRoutes, visitorRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { FoundOffering } from "../offering_schemas.ts";
import { presentFoundOffering, presentFoundProvider, presentPagination } from "../present.ts";
import { DateTime, Id, PageQuery, Pagination, Success, text } from "../schemas.ts";

const searchText = text(200).optional();

const FoundFacilitator = lazily(() =>
  z.object({
    id: Id,
    name: z.string(),
    bio: z.string().nullable(),
    specialization: z.string().nullable(),
    created_at: DateTime,
  }).openapi("FoundFacilitator")
);

const facilitatorsRoute = createRoute({
  method: "get",
  path: "/api/facilitator/search",
  operationId: "searchProviders",
  tags: ["Facilitator Profile"],
  summary: "Find facilitators",
  description: "By the beginning of a name or part of one, or a similar one. No contact data is told.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        name: searchText,
        email: z.string().max(320, "must have at most 320 characters").optional().openapi({
          description: "The exact address; for signed-in callers only",
        }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => Success().extend({ facilitators: z.array(FoundFacilitator()), pagination: Pagination() }),
      "Those found, best first",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const offeringsRoute = createRoute({
  method: "get",
  path: "/api/facilitator/offerings/search",
  operationId: "searchOfferings",
  tags: ["Facilitator Offerings"],
  summary: "Find offerings",
  description:
    "Active ones by words, best first; by similar words where nothing has them; the latest when nothing is " +
    "asked for.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        title: searchText,
        description: searchText,
        category: searchText.openapi({ description: "A name, a slug, or whatever one calls it" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => Success().extend({ offerings: z.array(FoundOffering()), pagination: Pagination() }),
      "Those found, best first",
    ),
    ...errorResponses(errors, "INVALID_INPUT"),
  },
});

export function searchRoutes(contract: Contract): void {
  visitorRoutes(contract).add(facilitatorsRoute, async (c) => {
    const { name, email, ...query } = c.req.valid("query");
    const page = await searchProviders(c.get("db"), query, { name, email });
    const body = {
      facilitators: page.items.map(presentFoundProvider),
      pagination: presentPagination(query, page),
    };
    return c.json({ success: true as const, ...body }, 200, pageHeaders(c.req.url, query, page));
  });

  publicRoutes(contract).add(offeringsRoute, async (c) => {
    const { title, description, category, ...query } = c.req.valid("query");
    const page = await searchOfferings(c.get("db"), query, { title, description, category });
    const body = {
      offerings: page.items.map(presentFoundOffering),
      pagination: presentPagination(query, page),
    };
    return c.json({ success: true as const, ...body }, 200, pageHeaders(c.req.url, query, page));
  });
}
