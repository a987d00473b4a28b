import type { z } from "@hono/zod-openapi";
import type { EventFields } from "../_shared/domain/events.ts";
import type { SessionFields } from "./schemas.ts";

type Fields = z.output<ReturnType<typeof SessionFields>>;
type Given = { [Field in keyof Fields]?: Fields[Field] | undefined };

/** What is given of a session in the domain's words; what is not stays out. */
export function toEventFields(given: Given): Partial<EventFields> {
  const fields = {
    title: given.title,
    description: given.description,
    kind: given.session_type,
    starts_at: given.start_time,
    ends_at: given.end_time,
    capacity: given.capacity,
    price: given.price,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
