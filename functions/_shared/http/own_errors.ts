import { z } from "@hono/zod-openapi";
import { errorRenderer, sentenceOf } from "./error_renderer.ts";

/** The errors of contracts that follow nobody's document: a sentence, which names the fields, and the code. */
export const errors = errorRenderer({
  schema: z.object({ error: z.string(), code: z.string() }).openapi("Error"),
  words: {},
  envelope: (error) => ({ error: sentenceOf(error), code: error.code }),
});
