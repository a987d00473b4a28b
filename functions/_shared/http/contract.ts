import { OpenAPIHono, type z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import type { ApiQuotas, Config } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import { type Actor, TokenVerifier } from "./actor.ts";
import type { Env } from "./context.ts";
import type { ErrorRenderer } from "./error_renderer.ts";
import { AppError, type FieldError } from "./errors.ts";
import { createLogger, RequestLog } from "./log.ts";
import { apiLimit } from "./rate_limit.ts";
import { methods, preflight, setCommonHeaders } from "./response_headers.ts";

/** One published HTTP contract as it is being built: routes are added through `publicRoutes` and its like. */
export interface Contract {
  hono: OpenAPIHono<Env>;
  runtime: Runtime;
  errors: ErrorRenderer;
  tokens: TokenVerifier;
  limit: MiddlewareHandler<Env>;
}

const maxBodyBytes = 1024 * 1024;

/**
 * A Hono app with everything that all contracts share: request id, log, CORS, security headers, body limit, one error
 * handler, and its OpenAPI document at `/openapi.json`.
 *
 * @param options.name the function's name; hosted requests arrive below `/<name>`
 * @param options.quotas the document's own rate limits, if it has any
 */
export function createContract(runtime: Runtime, options: {
  name: string;
  title: string;
  description: string;
  errors: ErrorRenderer;
  quotas?: (config: Config) => ApiQuotas;
}): Contract {
  const { name, errors, quotas } = options;
  const hono = new OpenAPIHono<Env>({
    strict: false,
    defaultHook: (result) => {
      if (!result.success) {
        throw new AppError("INVALID_INPUT", { details: result.error.issues.map(fieldError) });
      }
    },
  }).basePath(`/${name}`);
  const contract = {
    hono,
    runtime,
    errors,
    tokens: new TokenVerifier(runtime),
    limit: apiLimit(runtime, quotas),
  };
  hono.use("*", requestContext(runtime, name));
  hono.use("*", preflight(runtime));
  hono.use("*", limitBody());
  hono.onError((error, c) => answerError(c, errors, toAppError(error)));
  hono.notFound((c) => answerError(c, errors, missing(contract, c)));
  document(contract, options);
  return contract;
}

/** Gives each request its id and log and each answer the common headers, and records it when it is done. */
function requestContext(runtime: Runtime, contract: string): MiddlewareHandler<Env> {
  const requests = new RequestLog(runtime);
  return async (c, next) => {
    const startedAt = performance.now();
    const given = c.req.header("x-request-id") ?? "";
    const requestId = /^[\w.:-]{8,100}$/.test(given) ? given : crypto.randomUUID();
    c.set("requestId", requestId);
    c.set("log", createLogger(runtime, { request_id: requestId }));
    await next();
    setCommonHeaders(c, runtime);
    // Absent when the request ended before its gate.
    const actor = c.get("actor") as Actor | undefined;
    requests.record(c.get("log"), {
      contract,
      method: c.req.method,
      // Of the handler that answered; a literal path matches the route of a parameter, too.
      route: routePath(c) || "*",
      status: c.res.status,
      ms: Math.round(performance.now() - startedAt),
      actorId: actor?.kind === "user" ? actor.id : null,
    });
  };
}

/** Refuses long bodies: by the length they declare, or by counting those that declare none. */
function limitBody(): MiddlewareHandler {
  const refuse = () => {
    throw new AppError("BODY_TOO_LARGE");
  };
  const count = bodyLimit({ maxSize: maxBodyBytes, onError: refuse });
  return (c, next) => {
    const declared = c.req.header("content-length");
    // Merely looking at a body as a stream makes reading it dear.
    if (declared === undefined || c.req.header("transfer-encoding")) return count(c, next);
    return Number(declared) <= maxBodyBytes ? next() : refuse();
  };
}

function document({ hono }: Contract, { title, description }: { title: string; description: string }): void {
  hono.openAPIRegistry.registerComponent("securitySchemes", "user", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token of a signed-in user",
  });
  hono.openAPIRegistry.registerComponent("securitySchemes", "service", {
    type: "http",
    scheme: "bearer",
    description: "A server's static token",
  });
  hono.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title, version: "1.0.0", description },
    servers: [{ url: "/functions/v1" }],
  });
}

/** Everything that can be thrown, as an error that may be told. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException) {
    if (error.status === 415) return new AppError("UNSUPPORTED_MEDIA_TYPE", { cause: error });
    if (error.status === 413) return new AppError("BODY_TOO_LARGE", { cause: error });
    if (error.status === 400) return new AppError("MALFORMED_JSON", { cause: error });
  }
  return new AppError("INTERNAL", { cause: error });
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

/** One problem of the input in plain words; zod's own sentences speak of types. */
function fieldError(issue: z.core.$ZodIssue): FieldError {
  const field = issue.path.map(String).join(".") || "body";
  if (issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input")) {
    return { field, reason: issue.message };
  }
  const isMissing = issue.message.endsWith("received undefined");
  return {
    field,
    reason: isMissing ? "is required" : `must be ${articles[issue.expected] ?? issue.expected}`,
  };
}

const articles: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};
