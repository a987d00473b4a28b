import { z } from "@hono/zod-openapi";
import type { ErrorRenderer } from "./error_renderer.ts";
import { AppError, type ErrorCode } from "./errors.ts";

/** A required JSON body. Without `required`, an empty request would reach the handler as `{}`. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

/**
 * An answer in JSON. Answers are described and not checked, so a schema may come as a function: it is made when somebody
 * reads the OpenAPI document, and not while the function starts.
 */
export function jsonResponse<S extends z.ZodType>(schema: S | (() => S), description: string) {
  let made = typeof schema === "function" ? undefined : schema;
  const content = {
    get schema(): S {
      return made ??= typeof schema === "function" ? schema() : schema;
    },
  };
  return { description, content: { "application/json": content } };
}

const pageHeader = z.string().optional();

/** A list as a bare array, with its totals and neighbours in headers. */
export function listResponse<S extends z.ZodType>(item: S, description: string) {
  return {
    ...jsonResponse(z.array(item), description),
    headers: z.object({
      "X-Total-Count": pageHeader.openapi({ description: "Rows in all, counted up to 10000" }),
      "X-Total-Count-Exact": pageHeader.openapi({ description: "false when there are more than 10000" }),
      Link: pageHeader.openapi({ description: "first, prev, next and last page (RFC 8288)" }),
    }),
  };
}

/**
 * The errors that an endpoint can give beyond those that any can: one response per status, in the contract's shape,
 * its description from the contract's words.
 */
export function errorResponses(renderer: ErrorRenderer, ...codes: ErrorCode[]) {
  const byStatus: Record<
    number,
    { description: string; content: { "application/json": { schema: z.ZodType } } }
  > = {};
  for (const code of codes) {
    const { status, message } = renderer.describe(code);
    const known = byStatus[status];
    byStatus[status] = {
      description: known ? `${known.description}; or: ${message}` : message,
      content: { "application/json": { schema: renderer.schema } },
    };
  }
  return byStatus;
}

/** An id in a path. What is no UUID names nothing, so it is answered like an unknown one. */
export function pathId(name: string, unknown: ErrorCode) {
  return z.string().transform((id) => {
    if (!z.uuid().safeParse(id).success) throw new AppError(unknown);
    return id;
  }).openapi({ param: { name, in: "path" }, type: "string", format: "uuid" });
}

/** A word of a document, in upper or lower case. */
export function wordOf<Word extends string>(words: readonly [Word, ...Word[]]) {
  return z.preprocess(
    (word) => typeof word === "string" ? word.trim().toLowerCase() : word,
    z.enum(words, `must be ${words.join(", ")}`),
  ).openapi({ type: "string", enum: [...words] });
}
