import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { pathIds } from "../_shared/http/openapi.ts";
import { pageQuery } from "../_shared/http/pagination.ts";
import { utcDateTime } from "../_shared/http/times.ts";

export const Id = z.uuid("must be a UUID").openapi({ example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11" });
export const DateTime = z.string().openapi({ description: "UTC", example: "2030-01-15T09:00:00" });
export const Message = lazily(() => z.object({ message: z.string() }));

export const text = (maxLength: number) =>
  z.string().max(maxLength, `must have at most ${maxLength} characters`);

/** In the facilitator's currency, for which this document has no field; the database knows it, and its decimals. */
export const Price = z.number().min(0, "must not be negative").openapi({ example: 25 });

/** What a facilitator says of a session; the domain checks how its values fit together. */
export const SessionFields = lazily(() =>
  z.object({
    title: text(200).min(1, "must not be empty").openapi({ example: "Evening Yoga" }),
    description: text(10_000).openapi({ example: "Relaxing yoga session" }),
    session_type: z.enum(["session", "retreat"], "must be session or retreat"),
    start_time: utcDateTime,
    end_time: utcDateTime,
    capacity: z.int("must be a whole number").min(1, "must be at least 1").max(
      100_000,
      "must be at most 100000",
    ).openapi({ example: 15 }),
    price: Price,
  })
);

export const ListQuery = pageQuery({ defaultLimit: 100, maxLimit: 1000 });

export const SessionPath = pathIds({ session_id: "EVENT_NOT_FOUND" });

export const BookingStatus = z.enum(["confirmed", "cancelled", "pending"]).openapi({
  description: "pending: a seat held until it is paid, which this API cannot make",
});
