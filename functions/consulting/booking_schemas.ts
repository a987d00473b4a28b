import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { pathIds } from "../_shared/http/openapi.ts";
import { utcDateTime } from "../_shared/http/times.ts";
import { Id, Instant } from "./schemas.ts";

/** The document's four words for our seven. */
export const bookingStatuses = ["pending", "confirmed", "completed", "cancelled"] as const;
export const domainStatuses: Record<(typeof bookingStatuses)[number], string[]> = {
  pending: ["held", "pending_payment"],
  confirmed: ["confirmed"],
  completed: ["completed", "no_show"],
  cancelled: ["cancelled", "expired"],
};

export const BookingStatus = z.enum(bookingStatuses).openapi({
  description:
    "pending: held until it is paid; completed also after a no-show; cancelled also when it was not paid in time",
});
export const BookingPath = pathIds({ bookingId: "BOOKING_NOT_FOUND" });

export const Money = z.number().openapi({ description: "In major units of the currency", example: 75 });
export const Currency = z.string().openapi({ description: "Addition: ISO 4217", example: "USD" });

export const ChosenTime = {
  startTime: utcDateTime.optional().openapi({
    description: "Addition: the start of a time for which there is no slot, with endTime instead of a slot",
  }),
  endTime: utcDateTime.optional().openapi({ description: "Addition" }),
};

/** Refuses a body that chooses no time: by a slot, or by its start and its end. */
export function choosesTime<Slot extends string>(slot: Slot) {
  return (
    given:
      & { startTime?: string | undefined; endTime?: string | undefined }
      & { [_ in Slot]?: string | undefined },
    context: z.RefinementCtx,
  ) => {
    const { startTime, endTime } = given;
    if (given[slot] || (startTime && endTime)) return;
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (startTime) refuse("endTime", "is required with startTime");
    else if (endTime) refuse("startTime", "is required with endTime");
    else refuse(slot, "is required, or startTime and endTime");
  };
}

export const MeetingLinks = lazily(() =>
  z.object({
    zoomMeetingId: z.string().nullable(),
    zoomLink: z.string().nullable().openapi({ description: "null until 15 minutes before the start" }),
  })
);

const Common = {
  _id: Id,
  slotId: Id.nullable().openapi({ description: "null where no slot was chosen but a time" }),
  specialistId: Id,
  customerId: Id,
  status: BookingStatus,
  sessionPrice: Money,
  currency: Currency,
  startsAt: Instant.openapi({ description: "Addition" }),
  endsAt: Instant.openapi({ description: "Addition" }),
  timezone: z.string().openapi({ description: "Addition: the specialist's" }),
  paymentStatus: z.enum(["none", "due", "paid", "partly_refunded", "refunded"]).openapi({
    description: "Addition",
  }),
  expiresAt: Instant.nullable().openapi({ description: "Addition: until when it must be paid" }),
};

export const NewBooking = lazily(() =>
  z.object({ ...Common, meeting: MeetingLinks() }).openapi("NewBooking")
);

export const ListedBooking = lazily(() =>
  z.object({
    _id: Id,
    slotId: Id.nullable(),
    specialistId: Id,
    specialistName: z.string(),
    customerId: Id,
    customerName: z.string().nullable().openapi({ description: "Addition, for the specialist" }),
    sessionPrice: Money,
    currency: Currency,
    status: BookingStatus,
    date: z.string().openapi({ description: "In the specialist's timezone", example: "2030-01-15" }),
    time: z.string().openapi({ example: "09:00" }),
    startsAt: Instant,
    timezone: z.string(),
    meeting: MeetingLinks().pick({ zoomLink: true }),
  }).openapi("ListedBooking")
);

export const BookingDetails = lazily(() =>
  z.object({
    ...Common,
    serviceId: Id.nullable().openapi({ description: "Addition" }),
    consultationType: z.string().openapi({ description: "The service's title, else one_to_one" }),
    customerNotes: z.string().nullable(),
    specialistNotes: z.string().nullable().openapi({
      description: "Addition: for the specialist alone, null for the customer",
    }),
    freeCancellationUntil: Instant.openapi({ description: "Addition" }),
    cancellationReason: z.string().nullable().openapi({
      description: "Addition: what whoever cancelled it gave as the reason, for both sides",
    }),
    rescheduleReason: z.string().nullable().openapi({
      description: "Addition: what whoever moved it last gave as the reason, for both sides",
    }),
    isNoShow: z.boolean().openapi({ description: "Addition: the customer did not come" }),
    meeting: MeetingLinks().extend({
      startedAt: Instant.nullable(),
      endedAt: Instant.nullable(),
      recordingUrl: z.string().nullable(),
    }),
    feedback: z.object({ rating: z.number(), review: z.string().nullable() }).nullable(),
  }).openapi("BookingDetails")
);
