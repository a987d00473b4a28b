import type { RouteConfig, RouteHandler } from "@hono/zod-openapi";
import type { Context, Next } from "hono";
import type { Actor, UserActor } from "./actor.ts";
import type { Env, Gate, Step } from "./context.ts";
import type { Contract } from "./contract.ts";
import { AppError } from "./errors.ts";
import {
  identifyBy,
  publicGate,
  serviceGate,
  sessionGate,
  userGate,
  type VisitorActor,
  visitorGate,
} from "./gates.ts";
import { madeSchema } from "./openapi.ts";
import { inputReader } from "./request_input.ts";
import { wakeWorker } from "./wake_worker.ts";

const noNext = () => Promise.resolve();

/**
 * A group of routes behind exactly one gate. The gate is part of each route, so neither the order of mounting nor an
 * outer gate can open it.
 */
export class Routes<A extends Actor> {
  readonly #gate: Step;
  readonly #limits: Step[];

  /** @param limits know whom to count, for the gate comes before them */
  constructor(
    readonly contract: Contract,
    gate: Gate<A>,
    limits: Step[],
    readonly options: { security?: RouteConfig["security"]; wakesWorker?: boolean } = {},
  ) {
    this.#gate = gate;
    this.#limits = limits;
  }

  /** Registers one endpoint. Its steps are the group's: a middleware of its own would not run. */
  add<R extends RouteConfig & { middleware?: never }>(route: R, handler: RouteHandler<R, Env<A>>): void {
    const { name, hono, runtime, serve } = this.contract;
    const { security, wakesWorker } = this.options;
    hono.openAPIRegistry.registerPath(described(route, security));
    const path = route.path.replaceAll(/{(.+?)}/g, ":$1");
    const readInput = inputReader(route.request);
    // Behind the gate the actor is one of `A`, and the input is what the route takes.
    const answer = handler as unknown as (c: Context<Env>, next: Next) => Response | Promise<Response>;
    const isCommand = wakesWorker && route.method !== "get";
    const handle = serve(`/${name}${path}`, async (c) => {
      try {
        const passing = this.#gate(c);
        if (passing) await passing;
      } catch (error) {
        // Else tokens could be guessed without end.
        if (error instanceof AppError && error.status === 401) await this.contract.limit(c);
        throw error;
      }
      for (const limit of this.#limits) {
        const passing = limit(c);
        if (passing) await passing;
      }
      await readInput(c);
      const response = await answer(c, noNext);
      if (isCommand && response.ok) wakeWorker(runtime);
      return response;
    });
    hono.on(route.method, path, handle);
  }
}

/** A route as the OpenAPI document has it: with what its lazy schemas make, which is made once somebody reads it. */
function described({ request, ...route }: RouteConfig, security: RouteConfig["security"]): RouteConfig {
  return {
    ...route,
    ...(security && { security }),
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
  return new Routes(contract, publicGate(contract.runtime), [contract.limit]);
}

/** Routes for signed-in users, with limits of their own if any are given. */
export function userRoutes(contract: Contract, ...limits: Step[]): Routes<UserActor> {
  const gate = userGate(contract.runtime, identifyBy(contract));
  return new Routes(contract, gate, [contract.limit, ...limits], {
    security: userSecurity(contract),
    wakesWorker: true,
  });
}

/** Routes that everybody may call, and that tell the signed-in more. */
export function visitorRoutes(contract: Contract): Routes<VisitorActor> {
  const gate = visitorGate(contract.runtime, identifyBy(contract));
  return new Routes(contract, gate, [contract.limit], { security: [{}, ...userSecurity(contract)] });
}

/** Routes about the caller's own session, if there is one. */
export function sessionRoutes(contract: Contract): Routes<VisitorActor> {
  const gate = sessionGate(contract.runtime, identifyBy(contract));
  return new Routes(contract, gate, [contract.limit], { security: [{}, ...userSecurity(contract)] });
}

/** The ways in that a user has. */
function userSecurity({ cookies }: Contract): NonNullable<RouteConfig["security"]> {
  return [{ user: [] }, ...(cookies ? [{ cookie: [] }] : [])];
}

/** Routes for servers that hold one of `tokens`. */
export function serviceRoutes(contract: Contract, tokens: () => string[]): Routes<{ kind: "service" }> {
  const gate = serviceGate(contract.runtime, tokens);
  return new Routes(contract, gate, [contract.limit], { security: [{ service: [] }] });
}

/**
 * Routes that a vendor calls, whose handler verifies its signature: nobody counts them, for a vendor's retries must not
 * be refused.
 */
export function webhookRoutes(contract: Contract): Routes<{ kind: "anonymous" }> {
  return new Routes(contract, publicGate(contract.runtime), [], { wakesWorker: true });
}
