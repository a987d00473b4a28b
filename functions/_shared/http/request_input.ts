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
    if (json) {
      const given = await givenBody(c);
      take(c, "json", json, given === undefined ? {} : given);
      // A body that was lost on the way must not pass for one that asks for nothing in particular.
      if (given === undefined && body?.required) throw new AppError("MALFORMED_JSON");
    }
  };
}

function take(c: Context, target: "query" | "param" | "json", schema: unknown, given: unknown): void {
  const { success, data, error } = (madeSchema(schema) as z.ZodType).safeParse(given);
  if (!success) throw new AppError("INVALID_INPUT", { details: error.issues.flatMap(fieldErrors) });
  c.req.addValidatedData(target, data as object);
}

/**
 * The fields whose text has a NUL character. PostgreSQL cannot keep one and does not say in which value it was; to look
 * for it before would cost every request.
 */
export function nulFields(c: Context): FieldError[] {
  const { req } = c as unknown as { req: { valid(target: string): unknown } };
  return ["query", "param", "json"].flatMap((target) => fieldsWithNul(req.valid(target), []));
}

function fieldsWithNul(value: unknown, path: string[]): FieldError[] {
  if (typeof value === "string") {
    return value.includes("\0") ? [{ field: nameOf(path), reason: "must not have a NUL character" }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => fieldsWithNul(part, [...path, name]));
}

/** What is named once as a text, what is repeated as a list. */
function givenQuery(c: Context): Record<string, string | string[] | undefined> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, all]) => [name, all.length === 1 ? all[0] : all]),
  );
}

/** The JSON of the body; undefined where there is none, as with clients that always name a type. */
async function givenBody(c: Context): Promise<unknown> {
  const type = c.req.header("content-type");
  if (c.req.header("content-length") === "0") return undefined;
  // The raw request's: Hono would keep the text for others, and nobody else reads this body.
  const { raw } = c.req;
  let text: string;
  try {
    if (type !== undefined && jsonType.test(type)) return await raw.json();
    text = await raw.text();
  } catch (cause) {
    // Not JSON, or the client went away in the middle of it.
    throw new AppError("MALFORMED_JSON", { cause });
  }
  if (text !== "") throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  return undefined;
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: nameOf([...issue.path, key]), reason: "is not known" }));
  }
  return [{ field: nameOf(issue.path), reason: reasonOf(issue) }];
}

function nameOf(path: PropertyKey[]): string {
  return path.map(String).join(".") || "body";
}

/** A problem of the input in plain words; zod's own sentences speak of types. */
export function reasonOf(issue: z.core.$ZodIssue): string {
  const { code, message } = issue;
  if (code === "invalid_type" && message.startsWith("Invalid input")) {
    return message.endsWith("received undefined")
      ? "is required"
      : `must be ${articles[issue.expected] ?? issue.expected}`;
  }
  if (code === "too_big" && message.startsWith("Too big")) {
    return bound(issue.origin, `at most ${issue.maximum}`);
  }
  if (code === "too_small" && message.startsWith("Too small")) {
    return bound(issue.origin, `at least ${issue.minimum}`);
  }
  return code === "invalid_key" ? "is not known" : message;
}

function bound(origin: string, size: string): string {
  if (origin === "string") return `must have ${size} characters`;
  return origin === "array" ? `must have ${size} entries` : `must be ${size}`;
}

const articles: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};
