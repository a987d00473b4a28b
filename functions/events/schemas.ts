import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { pathIds } from "../_shared/http/openapi.ts";
import { Pagination, perPageQuery } from "../_shared/http/pagination.ts";

export const Id = z.uuid("must be a UUID").openapi({ example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11" });
export const DateTime = z.string().openapi({ description: "UTC", example: "2030-01-15T07:00:00" });
export const Message = lazily(() => z.object({ message: z.string() }));
export const PageQuery = perPageQuery({ defaultLimit: 10, maxLimit: 100 });
export { Pagination };

export const EventPath = pathIds({ event_id: "EVENT_NOT_FOUND" });
export const BookingPath = pathIds({ booking_id: "BOOKING_NOT_FOUND" });
export const FacilitatorPath = pathIds({ facilitator_id: "PROVIDER_NOT_FOUND" });

export const User = lazily(() =>
  z.object({
    id: Id,
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    phone: z.string().nullable(),
    created_at: DateTime,
    is_active: z.boolean(),
  }).openapi("User")
);

export const Event = lazily(() =>
  z.object({
    id: Id,
    title: z.string(),
    description: z.string(),
    event_type: z.enum(["SESSION", "RETREAT"]),
    facilitator: z.object({ id: Id, name: z.string(), bio: z.string() }),
    start_datetime: DateTime,
    end_datetime: DateTime,
    location: z.string(),
    virtual_link: z.string().nullable().openapi({
      description: "null for everybody but the facilitator and those who have a seat",
    }),
    max_participants: z.int(),
    current_participants: z.int(),
    available_spots: z.int(),
    price: z.number(),
    status: z.enum(["ACTIVE", "CANCELLED"]),
    requirements: z.string(),
    is_full: z.boolean(),
    created_at: DateTime,
  }).openapi("Event")
);

export const Booking = lazily(() =>
  z.object({
    id: Id,
    user: z.object({ id: Id, email: z.string(), first_name: z.string(), last_name: z.string() }),
    event: z.object({ id: Id, title: z.string(), event_type: z.string(), start_datetime: DateTime }),
    booking_date: DateTime,
    status: z.enum(["CONFIRMED", "CANCELLED", "PENDING"]).openapi({
      description: "PENDING: a seat held until it is paid, which this API cannot make",
    }),
    notes: z.string().nullable(),
    payment_status: z.enum(["pending", "paid", "partly_refunded", "refunded", "none"]).openapi({
      description: "pending: paid on site; none: nothing is owed",
    }),
    created_at: DateTime,
  }).openapi("Booking")
);

export const Facilitator = lazily(() =>
  z.object({
    id: Id,
    name: z.string(),
    bio: z.string(),
    specialization: z.string().nullable(),
  }).openapi("Facilitator")
);

export const EventPage = lazily(() => z.object({ events: z.array(Event()), pagination: Pagination }));
