import { type OpenAPIHono, type RouteConfig, type RouteHandler } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { Actor, UserActor } from "./actor.ts";
import type { Contract } from "./contract.ts";
import type { Env } from "./context.ts";
import { madeSchema } from "./openapi.ts";
import { wakesWorker } from "./wake_worker.ts";
import {
  identifyBy,
  publicGate,
  serviceGate,
  sessionGate,
  userGate,
  type VisitorActor,
  visitorGate,
} from "./gates.ts";

/**
 * A group of routes behind exactly one gate. The gate is part of each route, so neither the order of mounting nor an
 * outer gate can open it.
 */
export class Routes<A extends Actor> {
  constructor(
    readonly hono: OpenAPIHono<Env<A>>,
    readonly gates: MiddlewareHandler[],
    readonly security: RouteConfig["security"],
  ) {}

  /** Registers one endpoint. */
  add<R extends RouteConfig>(route: R, handler: RouteHandler<R, Env<A>>): void {
    const gated: R = {
      ...route,
      middleware: [...this.gates, ...[route.middleware ?? []].flat()],
      ...(this.security ? { security: this.security } : {}),
    };
    this.hono.openAPIRegistry.registerPath(described(gated));
    this.hono.openapi({ ...gated, hide: true }, handler);
  }
}

/** A route as the OpenAPI document has it: with what its lazy schemas make, which is made once somebody reads it. */
function described({ middleware: _, request, ...route }: RouteConfig): RouteConfig {
  return {
    ...route,
    get request() {
      const { query, params, body } = request ?? {};
      const content = Object.entries(body?.content ?? {}).map(([type, media]) => [
        type,
        media && "schema" in media ? { ...media, schema: madeSchema(media.schema) } : media,
      ]);
      return {
        ...request,
        ...(query && { query: madeSchema(query) }),
        ...(params && { params: madeSchema(params) }),
        ...(body && { body: { ...body, content: Object.fromEntries(content) } }),
      };
    },
  };
}

/** Routes that everybody may call. */
export function publicRoutes(contract: Contract): Routes<{ kind: "anonymous" }> {
  return group(contract, publicGate(contract.runtime), undefined);
}

/** Routes for signed-in users. */
export function userRoutes(contract: Contract): Routes<UserActor> {
  const { runtime } = contract;
  return group(
    contract,
    userGate(runtime, identifyBy(contract)),
    userSecurity(contract),
    wakesWorker(runtime),
  );
}

/** Routes that everybody may call, and that tell the signed-in more. */
export function visitorRoutes(contract: Contract): Routes<VisitorActor> {
  return group(contract, visitorGate(contract.runtime, identifyBy(contract)), [
    {},
    ...userSecurity(contract),
  ]);
}

/** Routes about the caller's own session, if there is one. */
export function sessionRoutes(contract: Contract): Routes<VisitorActor> {
  return group(contract, sessionGate(contract.runtime, identifyBy(contract)), [
    {},
    ...userSecurity(contract),
  ]);
}

/** The ways in that a user has. */
function userSecurity({ cookies }: Contract): NonNullable<RouteConfig["security"]> {
  return [{ user: [] }, ...(cookies ? [{ cookie: [] }] : [])];
}

/** Routes for servers that hold one of `tokens`. */
export function serviceRoutes(contract: Contract, tokens: () => string[]): Routes<{ kind: "service" }> {
  return group(contract, serviceGate(contract.runtime, tokens), [{ service: [] }]);
}

/**
 * Routes that a vendor calls, whose handler verifies its signature: nobody counts them, for a vendor's retries must not
 * be refused.
 */
export function webhookRoutes(contract: Contract): Routes<{ kind: "anonymous" }> {
  const { runtime } = contract;
  return group(
    { ...contract, limit: (_c, next) => next() },
    publicGate(runtime),
    undefined,
    wakesWorker(runtime),
  );
}

function group<A extends Actor>(
  { hono, limit }: Contract,
  gate: MiddlewareHandler<Env<A>>,
  security: RouteConfig["security"],
  ...further: MiddlewareHandler[]
): Routes<A> {
  // The contract's Hono knows the actor as any of the kinds; behind this gate it is exactly this one.
  return new Routes(
    hono as unknown as OpenAPIHono<Env<A>>,
    [gate as MiddlewareHandler, limit, ...further],
    security,
  );
}
