import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { pathIds, wordOf } from "../_shared/http/openapi.ts";
import { perPageQuery } from "../_shared/http/pagination.ts";

export const Id = z.uuid("must be a UUID").openapi({ example: "0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11" });
export const DateTime = z.string().openapi({ description: "UTC", example: "2030-01-15T07:00:00" });
export const PageQuery = perPageQuery({ defaultLimit: 10, maxLimit: 100 });
export const BookingPath = pathIds({ booking_id: "BOOKING_NOT_FOUND" });

export const CrmStatus = wordOf(["new", "reviewed", "contacted", "confirmed", "completed"]);
export const BookingStatus = wordOf(["received", "completed", "no_show", "cancelled", "expired"]);
export const EventType = wordOf(["session", "retreat"]);

const text = (maxLength: number) => z.string().max(maxLength, `must have at most ${maxLength} characters`);
export const Notes = text(2000);
export const Name = text(200);

export const User = lazily(() =>
  z.object({
    id: Id,
    email: text(255),
    name: Name,
    phone: text(50),
  })
);

export const Record = lazily(() =>
  z.object({
    id: Id.openapi({ description: "The notification's own id" }),
    booking_id: Id,
    user: User(),
    event: z.object({ id: Id, title: z.string(), type: z.string() }),
    facilitator_id: Id,
    received_at: DateTime,
    status: z.string().openapi({
      description: "received while the booking stands, else completed, no_show, cancelled or expired",
    }),
    crm_status: z.string(),
  }).openapi("BookingNotification")
);
