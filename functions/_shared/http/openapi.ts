import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import type { ErrorRenderer } from "./error_renderer.ts";
import { AppError, type ErrorCode } from "./errors.ts";

/**
 * A schema of a request that is made when it is first needed: by a request or by the OpenAPI document. Only `madeSchema`
 * can read it; it is typed as what it makes, because that is what routes are typed by.
 */
export function lazySchema<S extends z.ZodType>(make: () => S): S {
  return lazily(make) as unknown as S;
}

/** What a lazy schema makes; any other one as it is. */
export function madeSchema<S>(schema: S): S {
  return typeof schema === "function" ? schema() : schema;
}

/** A required JSON body. Without `required`, an empty request would reach the handler as `{}`. */
export function jsonBody<S extends z.ZodType>(schema: () => S) {
  return { required: true, content: { "application/json": { schema: lazySchema(schema) } } };
}

/** A JSON body that may be left out: the handler then finds `{}`. */
export function optionalJsonBody<S extends z.ZodType>(schema: () => S) {
  return { ...jsonBody(schema), required: false };
}

/** An answer in JSON. Answers are described and not checked: its schema is made for the OpenAPI document alone. */
export function jsonResponse<S extends z.ZodType>(schema: () => S, description: string) {
  const made = lazily(schema);
  const content = {
    get schema(): S {
      return made();
    },
  };
  return { description, content: { "application/json": content } };
}

const PageHeaders = lazily(() => {
  const header = z.string().optional();
  return z.object({
    "X-Total-Count": header.openapi({ description: "Rows in all, counted up to 10000" }),
    "X-Total-Count-Exact": header.openapi({ description: "false when there are more than 10000" }),
    Link: header.openapi({ description: "first, prev, next and last page (RFC 8288)" }),
  });
});

/** A list as a bare array, with its totals and neighbours in headers. */
export function listResponse<S extends z.ZodType>(item: () => S, description: string) {
  return {
    ...jsonResponse(() => z.array(item()), description),
    get headers() {
      return PageHeaders();
    },
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

/** The ids in a path, each with the error for one that names nothing; what is no UUID names nothing either. */
export function pathIds<Name extends string>(unknown: Record<Name, ErrorCode>) {
  return lazySchema(() => {
    const ids = Object.entries<ErrorCode>(unknown).map(([name, code]) => [name, pathId(name, code)]);
    return z.object(Object.fromEntries(ids) as Record<Name, ReturnType<typeof pathId>>);
  });
}

function pathId(name: string, unknown: ErrorCode) {
  const uuid = z.uuid();
  return z.string().transform((id) => {
    if (!uuid.safeParse(id).success) throw new AppError(unknown);
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
