import { createRoute, z } from "@hono/zod-openapi";
import {
  createOffering,
  deleteOffering,
  listMyOfferings,
  readMyOffering,
  updateOffering,
} from "../../_shared/domain/offerings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema } from "../../_shared/http/openapi.ts";
import { pageHeaders, pageQuery } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { given } from "../../_shared/http/given.ts";
import {
  OfferingChanges,
  OfferingFields,
  OfferingList,
  OfferingPath,
  OneOffering,
} from "../offering_schemas.ts";
import { presentOffering, presentPagination } from "../present.ts";
import { Done, text } from "../schemas.ts";

/** The document has every endpoint twice: below /api/facilitator, and by itself as the alternative. */
const families = [
  { base: "/api/facilitator/offerings", tags: ["Facilitator Offerings"], suffix: "" },
  { base: "/api/offerings", tags: ["Offerings"], suffix: "Alternative" },
];

/** The document's clients expect all of their offerings, so a page is as long as it may be. */
const OwnPage = pageQuery({ defaultLimit: 100, maxLimit: 100 });
const yes = ["true", "1"];
const no = ["false", "0"];

const ActiveQuery = lazySchema(() =>
  OwnPage.extend({
    category: text(200).optional().openapi({
      description: "What was written, or a name or slug of the platform's",
    }),
    active: z.string().default("true").transform((word) => word.toLowerCase())
      .refine((word) => [...yes, ...no].includes(word), "must be true or false")
      .transform((word) => yes.includes(word))
      .openapi({ type: "boolean", default: true, description: "false: all, whether active or not" }),
  })
);

const signedIn = ["SIGN_IN_REQUIRED", "INVALID_TOKEN", "NOT_A_PROVIDER"] as const;

const listAllRoute = createRoute({
  method: "get",
  path: "/api/facilitator/offerings",
  operationId: "listMyOfferings",
  tags: ["Facilitator Offerings"],
  summary: "List all my offerings",
  description: "Active or not, latest first.",
  request: { query: OwnPage },
  responses: {
    200: jsonResponse(OfferingList, "The offerings"),
    ...errorResponses(errors, "INVALID_INPUT", ...signedIn),
  },
});

const listActiveRoute = createRoute({
  method: "get",
  path: "/api/offerings",
  operationId: "listMyOfferingsAlternative",
  tags: ["Offerings"],
  summary: "List my offerings by category and state",
  request: { query: ActiveQuery },
  responses: {
    200: jsonResponse(OfferingList, "The offerings"),
    ...errorResponses(errors, "INVALID_INPUT", ...signedIn),
  },
});

function familyRoutes({ base, tags, suffix }: (typeof families)[number]) {
  const path = `${base}/{offering_id}`;
  const one = errorResponses(errors, ...signedIn, "OFFERING_NOT_FOUND");
  return {
    create: createRoute({
      method: "post",
      path: base,
      operationId: `createOffering${suffix}`,
      tags,
      summary: "Create an offering",
      description: "Listed at once.",
      request: {
        body: jsonBody(() => OfferingFields().omit({ is_active: true }).partial().required({ title: true })),
      },
      responses: {
        201: jsonResponse(() => OneOffering().extend({ message: z.string() }), "The offering is listed"),
        ...errorResponses(errors, "INVALID_INPUT", ...signedIn, "IDEMPOTENCY_KEY_REUSED"),
      },
    }),
    read: createRoute({
      method: "get",
      path,
      operationId: `readMyOffering${suffix}`,
      tags,
      summary: "Read one of my offerings",
      request: { params: OfferingPath },
      responses: { 200: jsonResponse(OneOffering, "The offering"), ...one },
    }),
    update: createRoute({
      method: "put",
      path,
      operationId: `updateOffering${suffix}`,
      tags,
      summary: "Change what is given of an offering",
      description: "What is not given stays; a free-form object is replaced whole.",
      request: { params: OfferingPath, body: jsonBody(OfferingChanges) },
      responses: {
        200: jsonResponse(() => OneOffering().extend({ message: z.string() }), "The offering is changed"),
        ...errorResponses(
          errors,
          "INVALID_INPUT",
          ...signedIn,
          "OFFERING_NOT_FOUND",
          "IDEMPOTENCY_KEY_REUSED",
        ),
      },
    }),
    remove: createRoute({
      method: "delete",
      path,
      operationId: `deleteOffering${suffix}`,
      tags,
      summary: "Delete an offering",
      description: "Softly: it is found nowhere, but activating brings it back.",
      request: { params: OfferingPath },
      responses: { 200: jsonResponse(Done, "The offering is deleted"), ...one },
    }),
  };
}

export function offeringRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(listAllRoute, async (c) => {
    const query = c.req.valid("query");
    const page = await listMyOfferings(c.get("db"), query);
    const body = { offerings: page.items.map(presentOffering), pagination: presentPagination(query, page) };
    return c.json({ success: true as const, ...body }, 200, pageHeaders(c.req.url, query, page));
  });

  routes.add(listActiveRoute, async (c) => {
    const { category, active, ...query } = c.req.valid("query");
    const page = await listMyOfferings(c.get("db"), query, { category, onlyActive: active });
    const body = { offerings: page.items.map(presentOffering), pagination: presentPagination(query, page) };
    return c.json({ success: true as const, ...body }, 200, pageHeaders(c.req.url, query, page));
  });

  for (const { create, read, update, remove } of families.map(familyRoutes)) {
    routes.add(create, async (c) => {
      const { title, ...rest } = c.req.valid("json");
      const offering = await createOffering(c.get("db"), { title, ...given(rest) });
      const message = "Offering created successfully";
      return c.json({ success: true as const, message, offering: presentOffering(offering) }, 201);
    });

    routes.add(read, async (c) => {
      const offering = await readMyOffering(c.get("db"), c.req.valid("param").offering_id);
      return c.json({ success: true as const, offering: presentOffering(offering) }, 200);
    });

    routes.add(update, async (c) => {
      const changes = given(c.req.valid("json"));
      const offering = await updateOffering(c.get("db"), c.req.valid("param").offering_id, changes);
      const message = "Offering updated successfully";
      return c.json({ success: true as const, message, offering: presentOffering(offering) }, 200);
    });

    routes.add(remove, async (c) => {
      await deleteOffering(c.get("db"), c.req.valid("param").offering_id);
      return c.json({ success: true as const, message: "Offering deleted successfully" }, 200);
    });
  }
}
