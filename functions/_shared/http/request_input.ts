import type { RouteConfig, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { AppError, type FieldError } from "./errors.ts";
import { madeSchema } from "./openapi.ts";

const jsonType = /^application\/(?:[a-z.-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads what a route takes from query, path and JSON body, in this order, so that `c.req.valid` has it. The library's
 * validators are a middleware each, and a chain of them costs more than the rest of a small request.
 *
 * @throws {Error} at once when the route takes something else, which would stay unchecked
 * @throws {AppError} at a request: INVALID_INPUT with every field that is wrong; UNSUPPORTED_MEDIA_TYPE; MALFORMED_JSON
 */
export function inputReader(request: RouteConfig["request"]): (c: Context) => Promise<void> {
  const { query, params, body, ...other } = request ?? {};
  const { "application/json": content, ...otherTypes } = body?.content ?? {};
  const json = content && "schema" in content ? content.schema : undefined;
  const unread = [...Object.keys(other), ...Object.keys(otherTypes)];
  if (unread.length > 0) throw new Error(`Nothing reads ${unread.join(", ")} of a request`);
  return async (c) => {
    if (query) take(c, "query", query, givenQuery(c));
    if (params) take(c, "param", params, c.req.param());
    if (json) take(c, "json", json, body?.required ? await givenBody(c) : await givenOptionalBody(c));
  };
}

function take(c: Context, target: "query" | "param" | "json", schema: unknown, given: unknown): void {
  const { success, data, error } = (madeSchema(schema) as z.ZodType).safeParse(given);
  if (!success) throw new AppError("INVALID_INPUT", { details: error.issues.map(fieldError) });
  c.req.addValidatedData(target, data as object);
}

/** What is named once as a text, what is repeated as a list. */
function givenQuery(c: Context): Record<string, string | string[] | undefined> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, all]) => [name, all.length === 1 ? all[0] : all]),
  );
}

/** The JSON of the body; an empty object where there is no body at all. */
async function givenBody(c: Context): Promise<unknown> {
  const type = c.req.header("content-type");
  if (type !== undefined && !jsonType.test(type)) throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  // The raw request's: Hono would keep the text for others, and nobody else reads this body.
  const { raw } = c.req;
  let text: string;
  try {
    if (type !== undefined) return await raw.json();
    text = await raw.text();
  } catch (cause) {
    // Not JSON, or the client went away in the middle of it.
    throw new AppError("MALFORMED_JSON", { cause });
  }
  if (text !== "") throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  return {};
}

/** The same, but clients that say a type and send nothing, as many always do, have left the body out. */
async function givenOptionalBody(c: Context): Promise<unknown> {
  const type = c.req.header("content-type");
  let text: string;
  try {
    text = await c.req.raw.text();
  } catch (cause) {
    throw new AppError("MALFORMED_JSON", { cause });
  }
  if (text === "") return {};
  if (type === undefined || !jsonType.test(type)) throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("MALFORMED_JSON", { cause });
  }
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
