import { createRoute, z } from "@hono/zod-openapi";
import { signIn } from "../../_shared/domain/accounts.ts";
import { endAuthSession } from "../../_shared/domain/auth_sessions.ts";
import { listEvents } from "../../_shared/domain/events.ts";
import { listProviders, readProvider } from "../../_shared/domain/providers.ts";
import { clientAddress } from "../../_shared/http/client_address.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { exactHeader, Pagination, presentPagination, toPageQuery } from "../../_shared/http/pagination.ts";
import { publicRoutes, userRoutes } from "../../_shared/http/routes.ts";
import { signInLimit } from "../../_shared/http/sign_in_limit.ts";
import { errors } from "../errors.ts";
import { presentEvents, presentFacilitator, presentSignedIn } from "../present.ts";
import { EventPage, Facilitator, FacilitatorPath, PageQuery } from "../schemas.ts";
import { Credentials, SignedIn } from "./auth.ts";

const tags = ["Facilitators"];
const mayFail = errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "PROVIDER_NOT_FOUND");

const listRoute = createRoute({
  method: "get",
  path: "/api/facilitators",
  operationId: "listProviders",
  tags,
  summary: "List active facilitators",
  description: "By name.",
  request: { query: PageQuery },
  responses: {
    200: jsonResponse(
      () => z.object({ facilitators: z.array(Facilitator()), pagination: Pagination }),
      "The facilitators",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/api/facilitators/{facilitator_id}",
  operationId: "readProvider",
  tags,
  summary: "Read one facilitator",
  request: { params: FacilitatorPath },
  responses: {
    200: jsonResponse(() => z.object({ facilitator: Facilitator() }), "The facilitator"),
    ...mayFail,
  },
});

const eventsRoute = createRoute({
  method: "get",
  path: "/api/facilitators/{facilitator_id}/events",
  operationId: "listProviderEvents",
  tags,
  summary: "List all events of a facilitator",
  description: "Past and cancelled ones too, latest first.",
  request: { params: FacilitatorPath, query: PageQuery },
  responses: {
    200: jsonResponse(EventPage, "The events"),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN", "PROVIDER_NOT_FOUND"),
  },
});

const loginRoute = createRoute({
  method: "post",
  path: "/api/facilitators/login",
  operationId: "signInAsProvider",
  tags,
  summary: "Sign a facilitator in with e-mail and password",
  request: { body: jsonBody(Credentials) },
  responses: {
    200: jsonResponse(() => SignedIn().extend({ facilitator: Facilitator() }), "Signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "INVALID_CREDENTIALS", "NOT_A_PROVIDER", "RATE_LIMITED"),
  },
});

export function facilitatorRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = userRoutes(contract);
  const limit = signInLimit(runtime);

  routes.add(listRoute, async (c) => {
    const query = toPageQuery(c.req.valid("query"));
    const page = await listProviders(c.get("db"), query);
    return c.json(
      {
        facilitators: page.items.map(presentFacilitator),
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(readRoute, async (c) => {
    const provider = await readProvider(c.get("db"), c.req.valid("param").facilitator_id);
    return c.json({ facilitator: presentFacilitator(provider) }, 200);
  });

  routes.add(eventsRoute, async (c) => {
    const providerId = c.req.valid("param").facilitator_id;
    const query = toPageQuery(c.req.valid("query"));
    const page = await listEvents(c.get("db"), { providerId, status: "any" }, query);
    // Only somebody without events may be unknown: the second round trip is rare.
    if (page.total === 0) await readProvider(c.get("db"), providerId);
    return c.json(presentEvents(query, page), 200, exactHeader(page));
  });

  publicRoutes(contract).add(loginRoute, async (c) => {
    const credentials = c.req.valid("json");
    await limit(c, credentials.email);
    const address = clientAddress(c, runtime.config);
    const signedIn = await signIn(runtime, credentials, address);
    if (!signedIn.account.isProvider) {
      // Nobody has its tokens, so nobody else would end it.
      await endAuthSession(runtime, signedIn.accessToken, address);
      throw new AppError("NOT_A_PROVIDER");
    }
    const provider = await readProvider(c.get("db"), signedIn.account.id);
    return c.json({ ...presentSignedIn(signedIn), facilitator: presentFacilitator(provider) }, 200);
  });
}
