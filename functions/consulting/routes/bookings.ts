import { createRoute, z } from "@hono/zod-openapi";
import {
  bookTime,
  listTimeBookings,
  readTimeBooking,
  rescheduleBooking,
  updateBooking,
} from "../../_shared/domain/time_bookings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema } from "../../_shared/http/openapi.ts";
import { exactHeader } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import {
  BookingDetails,
  BookingPath,
  bookingStatuses,
  choosesTime,
  ChosenTime,
  domainStatuses,
  ListedBooking,
  NewBooking,
} from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import { text } from "../request_fields.ts";
import { recordingLink } from "../recording_link.ts";
import { checkCustomer } from "../customer.ts";
import { presentBookingDetails, presentListedBooking, presentNewBooking } from "../present_booking.ts";
import {
  answer,
  Id,
  pageAnswer,
  PageQuery,
  PeriodEnd,
  PeriodStart,
  presentPagination,
  saidAnswer,
} from "../schemas.ts";

const tags = ["Bookings"];

const create = createRoute({
  method: "post",
  path: "/bookings",
  operationId: "bookTime",
  tags,
  summary: "Book a slot",
  description:
    "The customer is who signs the request. Pending for 15 minutes until it is paid; confirmed at once where it is free " +
    "of charge. Addition: a time instead of a slot, for any time that can be booked.",
  request: {
    body: jsonBody(() =>
      z.object({
        slotId: Id.optional(),
        specialistId: Id.optional().openapi({ description: "Must be the slot's; required without a slot" }),
        ...ChosenTime,
        serviceId: Id.optional().openapi({ description: "Addition: a service of the specialist" }),
        customerEmail: z.string().max(255).optional().openapi({ description: "Must be the caller's" }),
        customerName: text(200).optional().openapi({ description: "Not used: the account has a name" }),
        customerNotes: text(2000).optional(),
      }).superRefine(choosesTime("slotId"))
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(NewBooking()), "The booking"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "PROVIDER_NOT_FOUND",
      "SLOT_NOT_FOUND",
      "OFFERING_NOT_FOUND",
      "SLOT_NOT_AVAILABLE",
      "IDEMPOTENCY_KEY_REUSED",
      "TOO_MANY_HOLDS",
    ),
  },
});

const list = createRoute({
  method: "get",
  path: "/bookings",
  operationId: "listTimeBookings",
  tags,
  summary: "List my bookings",
  description: "As customer and as specialist, latest time first.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        status: z.string().toLowerCase().pipe(
          z.enum(bookingStatuses, `must be ${bookingStatuses.join(", ")}`),
        )
          .optional().openapi({ type: "string", enum: [...bookingStatuses] }),
        specialization: text(200).optional().openapi({
          description: "A specialist's id, or part of what they are known for",
        }),
        startDate: PeriodStart.optional(),
        endDate: PeriodEnd.optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => pageAnswer(z.object({ bookings: z.array(ListedBooking()), total: z.int(), page: z.int() })),
      "The bookings",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

const get = createRoute({
  method: "get",
  path: "/bookings/{bookingId}",
  operationId: "readTimeBooking",
  tags,
  summary: "Read a booking of mine",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(() => answer(BookingDetails()), "The booking"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "BOOKING_NOT_FOUND"),
  },
});

const update = createRoute({
  method: "put",
  path: "/bookings/{bookingId}",
  operationId: "updateBooking",
  tags,
  summary: "Write my notes on a booking, or review it",
  description:
    "Each side writes its own: customerNotes are shown to both, specialistNotes to the specialist alone. " +
    "feedback is the customer's review of a completed booking, the same as `POST /reviews`. When any of it is refused, " +
    "nothing changes.",
  request: {
    params: BookingPath,
    body: jsonBody(() =>
      z.object({
        customerNotes: text(2000).optional(),
        specialistNotes: text(2000).optional(),
        feedback: z.object({
          rating: z.int("must be a whole number").min(1, "must be at least 1").max(5, "must be at most 5"),
          review: text(5000).optional(),
        }).optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(BookingDetails()), "The booking"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "BOOKING_NOT_COMPLETED",
      "ALREADY_REVIEWED",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_YOUR_NOTES",
      "BOOKING_NOT_FOUND",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const reschedule = createRoute({
  method: "post",
  path: "/bookings/{bookingId}/reschedule",
  operationId: "rescheduleBooking",
  tags,
  summary: "Move a booking to another slot",
  description:
    "Of the same specialist and the same length; price, payment and policy stay. The customer may until free cancellation " +
    "ends, the specialist until it starts, and then the customer can cancel free of charge.",
  request: {
    params: BookingPath,
    body: jsonBody(() =>
      z.object({ newSlotId: Id.optional(), ...ChosenTime, reason: text(2000).optional() })
        .superRefine(choosesTime("newSlotId"))
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(NewBooking()), "The booking at its new time"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "BOOKING_NOT_FOUND",
      "SLOT_NOT_FOUND",
      "SLOT_NOT_AVAILABLE",
      "BOOKING_NOT_MOVABLE",
      "RESCHEDULE_NOT_ALLOWED",
      "BOOKING_EXPIRED",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function bookingRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(create, async (c) => {
    const body = c.req.valid("json");
    checkCustomer(c.get("actor"), body.customerEmail);
    const booking = await bookTime(c.get("db"), {
      slotId: body.slotId,
      providerId: body.specialistId,
      startsAt: body.startTime,
      endsAt: body.endTime,
    }, { offeringId: body.serviceId, notes: body.customerNotes });
    return c.json({
      success: true as const,
      message: "Booking created successfully",
      data: presentNewBooking(booking),
    }, 200);
  });

  routes.add(list, async (c) => {
    const { status, specialization, startDate: from, endDate: before, ...query } = c.req.valid("query");
    const isId = z.uuid().safeParse(specialization).success;
    const page = await listTimeBookings(c.get("db"), {
      statuses: status && domainStatuses[status],
      providerId: isId ? specialization : undefined,
      specialization: isId ? undefined : specialization,
      from,
      before,
    }, query);
    return c.json(
      {
        success: true as const,
        data: { bookings: page.items.map(presentListedBooking), total: page.total, page: query.page },
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(get, async (c) => {
    const booking = await readTimeBooking(c.get("db"), c.req.valid("param").bookingId);
    return c.json({
      success: true as const,
      data: presentBookingDetails(booking, recordingLink(contract.runtime)),
    }, 200);
  });

  // Two round trips: what the provider noted and the review are no columns of the booking that the command answers.
  routes.add(update, async (c) => {
    const { bookingId } = c.req.valid("param");
    const { customerNotes: notes, specialistNotes: providerNotes, feedback } = c.req.valid("json");
    await updateBooking(c.get("db"), bookingId, { notes, providerNotes, feedback });
    const booking = await readTimeBooking(c.get("db"), bookingId);
    return c.json({
      success: true as const,
      message: "Booking updated",
      data: presentBookingDetails(booking, recordingLink(contract.runtime)),
    }, 200);
  });

  routes.add(reschedule, async (c) => {
    const { newSlotId: slotId, startTime: startsAt, endTime: endsAt, reason } = c.req.valid("json");
    const booking = await rescheduleBooking(
      c.get("db"),
      c.req.valid("param").bookingId,
      { slotId, startsAt, endsAt },
      reason,
    );
    return c.json({
      success: true as const,
      message: "Booking rescheduled",
      data: presentNewBooking(booking),
    }, 200);
  });
}
