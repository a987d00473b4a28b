import { z } from "@hono/zod-openapi";

const texts = new Map<number, z.ZodString>();

/** A text of the request; the domain has the last word on its length. */
export function text(maxLength: number): z.ZodString {
  let schema = texts.get(maxLength);
  if (!schema) {
    schema = z.string({ error: "must be a text" }).max(
      maxLength,
      `must have at most ${maxLength} characters`,
    );
    texts.set(maxLength, schema);
  }
  return schema;
}

const Flag = z.string().toLowerCase().pipe(z.enum(["true", "false"], "must be true or false"))
  .default("false").transform((word) => word === "true");

/** `true` or `false` in a query, in either case. */
export function flag(description: string) {
  return Flag.openapi({ type: "boolean", default: false, description });
}
