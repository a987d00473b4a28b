import { createRoute } from "@hono/zod-openapi";
import { markTimeNoShow } from "../../_shared/domain/time_bookings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { BookingDetails, BookingPath } from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import { presentBookingDetails } from "../present_booking.ts";
import { recordingLink } from "../recording_link.ts";
import { saidAnswer } from "../schemas.ts";

const noShow = createRoute({
  method: "post",
  path: "/bookings/{bookingId}/no-show",
  operationId: "markNoShow",
  tags: ["Bookings"],
  summary: "Say that the customer did not come",
  description:
    "Addition. For the booking's specialist, from the start until 48 hours after the end, unless the customer has " +
    "joined the meeting or reviewed it. The specialist keeps the price.",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(() => saidAnswer(BookingDetails()), "The booking"),
    ...errorResponses(
      errors,
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_YOUR_EVENT",
      "BOOKING_NOT_FOUND",
      "NO_SHOW_NOT_ALLOWED",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function noShowRoutes(contract: Contract): void {
  userRoutes(contract).add(noShow, async (c) => {
    const booking = await markTimeNoShow(c.get("db"), c.req.valid("param").bookingId);
    return c.json({
      success: true as const,
      message: "Booking marked as a no-show",
      data: presentBookingDetails(booking, recordingLink(contract.runtime)),
    }, 200);
  });
}
