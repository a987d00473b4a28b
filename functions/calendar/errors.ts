import { z } from "@hono/zod-openapi";
import { errorRenderer } from "../_shared/http/error_renderer.ts";

export const errors = errorRenderer({
  schema: z.object({ error: z.string(), code: z.string() }).openapi("Error"),
  words: {},
  envelope: ({ code, message }) => ({ error: message, code }),
});
