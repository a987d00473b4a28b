import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ApiQuotas, Config } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import { type Actor, TokenVerifier } from "./actor.ts";
import type { Env, Step } from "./context.ts";
import { CookieSessions } from "./cookie_sessions.ts";
import type { ErrorRenderer } from "./error_renderer.ts";
import { AppError } from "./errors.ts";
import { createLogger, RequestLog } from "./log.ts";
import { apiLimit } from "./rate_limit.ts";
import { nulFields } from "./request_input.ts";
import { methods, preflight, setCommonHeaders } from "./response_headers.ts";

/** One published HTTP contract as it is being built: routes are added through `publicRoutes` and its like. */
export interface Contract {
  name: string;
  hono: OpenAPIHono<Env>;
  runtime: Runtime;
  errors: ErrorRenderer;
  tokens: TokenVerifier;
  /** Sign-in by cookie, for contracts that ask for it. */
  cookies: CookieSessions | null;
  limit: Step;
  /** A Hono handler that has a request answered by `work`, with all that the answers of every route have. */
  serve(route: string, work: Work): Work;
}

type Work = (c: Context<Env>) => Promise<Response>;

const maxBodyBytes = 1024 * 1024;

/**
 * A Hono app with everything that all contracts share: request id, log, CORS, security headers, body limit, one error
 * handler, and its OpenAPI document at `/openapi.json`.
 *
 * @param options.name the function's name; hosted requests arrive below `/<name>`
 * @param options.takesCookies whether a cookie signs in besides a bearer token
 * @param options.quotas the document's own rate limits, if it has any
 */
export function createContract(runtime: Runtime, options: {
  name: string;
  title: string;
  description: string;
  errors: ErrorRenderer;
  takesCookies?: boolean;
  quotas?: (config: Config) => ApiQuotas;
}): Contract {
  const { name, errors, takesCookies = false, quotas } = options;
  // No middleware: Hono calls a route's one handler directly, and awaits no chain of them.
  const hono = new OpenAPIHono<Env>({ strict: false }).basePath(`/${name}`);
  const tokens = new TokenVerifier(runtime);
  const cookies = takesCookies ? new CookieSessions(runtime, tokens) : null;
  const serve = server(runtime, { name, errors, takesCookies });
  const contract: Contract = {
    name,
    hono,
    runtime,
    errors,
    tokens,
    cookies,
    limit: apiLimit(runtime, quotas),
    serve,
  };
  hono.options("*", serve("*", preflight(runtime, takesCookies)));
  // What fails beside the work, as the common headers do without configuration.
  hono.onError((error, c) => answerError(c, errors, toAppError(error)));
  hono.notFound(serve("*", (c) => Promise.reject(missing(contract, c))));
  document(contract, options);
  return contract;
}

/**
 * Gives each request its id and log, refuses long bodies, turns what is thrown into an answer, gives each answer the
 * common headers, and records the request when it is done.
 */
function server(
  runtime: Runtime,
  { name, errors, takesCookies }: { name: string; errors: ErrorRenderer; takesCookies: boolean },
): Contract["serve"] {
  const requests = new RequestLog(runtime);
  return (route, work) => async (c) => {
    const startedAt = performance.now();
    const given = c.req.header("x-request-id") ?? "";
    const requestId = /^[\w.:-]{8,100}$/.test(given) ? given : crypto.randomUUID();
    c.set("requestId", requestId);
    c.set("log", createLogger(runtime, { request_id: requestId }));
    let response: Response;
    try {
      const counting = limitBody(c);
      if (counting) await counting;
      response = await work(c);
    } catch (error) {
      response = answerError(c, errors, nameNul(c, toAppError(error)));
    }
    setCommonHeaders(c, response, runtime, takesCookies);
    // Hono drops the body of its answer, and an empty one would be told as GET's length.
    if (c.req.method === "HEAD" && response.body) {
      response.headers.set("Content-Length", String((await response.arrayBuffer()).byteLength));
    }
    // Absent when the request ended before its gate.
    const actor = c.get("actor") as Actor | undefined;
    requests.record(c.get("log"), {
      contract: name,
      method: c.req.method,
      route,
      status: response.status,
      ms: Math.round(performance.now() - startedAt),
      actorId: actor?.kind === "user" ? actor.id : null,
    });
    return response;
  };
}

const refuseBody = () => {
  throw new AppError("BODY_TOO_LARGE");
};
const countBody = bodyLimit({ maxSize: maxBodyBytes, onError: refuseBody });

/** Refuses long bodies: by the length they declare, or by counting those that declare none. */
function limitBody(c: Context): Promise<unknown> | void {
  const declared = c.req.header("content-length");
  // Merely looking at a body as a stream makes reading it dear.
  if (declared === undefined || c.req.header("transfer-encoding")) {
    return countBody(c, () => Promise.resolve());
  }
  if (Number(declared) > maxBodyBytes) refuseBody();
}

function document(
  { hono, cookies, serve }: Contract,
  { name, title, description }: { name: string; title: string; description: string },
): void {
  hono.openAPIRegistry.registerComponent("securitySchemes", "user", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token of a signed-in user",
  });
  if (cookies) {
    hono.openAPIRegistry.registerComponent("securitySchemes", "cookie", {
      type: "apiKey",
      in: "cookie",
      name: "__Host-convene",
      description: "The cookie that sign-in sets; in development its name has no prefix",
    });
  }
  hono.openAPIRegistry.registerComponent("securitySchemes", "service", {
    type: "http",
    scheme: "bearer",
    description: "A server's static token",
  });
  const about = {
    openapi: "3.1.0",
    info: { title, version: "1.0.0", description },
    servers: [{ url: "/functions/v1" }],
  };
  const read = serve(
    `/${name}/openapi.json`,
    (c) => Promise.resolve(c.json(hono.getOpenAPI31Document(about))),
  );
  hono.get("/openapi.json", read);
}

/** Everything that can be thrown, as an error that may be told. */
function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError("INTERNAL", { cause: error });
}

/** An error of the input that names no field may be of a character that the database cannot keep. */
function nameNul(c: Context<Env>, error: AppError): AppError {
  if (error.code !== "INVALID_INPUT" || error.details.length > 0) return error;
  return new AppError(error.code, { cause: error.cause, details: nulFields(c) });
}

function answerError(c: Context<Env>, errors: ErrorRenderer, error: AppError): Response {
  if (error.status >= 500) c.get("log").error(error.code, { cause: error.cause });
  if (error.retryAfterSeconds !== undefined) c.header("Retry-After", String(error.retryAfterSeconds));
  if (error.status === 401) c.header("WWW-Authenticate", "Bearer");
  const { status, body } = errors.render(error);
  // The renderer's statuses come from the error table and the contract's words, all of them valid for an error.
  return c.json(body as Record<string, unknown>, status as 400);
}

/** NOT_FOUND, or METHOD_NOT_ALLOWED with the methods that the path has. */
function missing({ hono }: Contract, c: Context<Env>): AppError {
  const allowed = methods.filter((method) =>
    hono.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method)
  );
  if (allowed.length === 0) return new AppError("NOT_FOUND");
  c.header("Allow", allowed.join(", "));
  return new AppError("METHOD_NOT_ALLOWED");
}
