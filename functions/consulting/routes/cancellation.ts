import { createRoute, z } from "@hono/zod-openapi";
import { toMajorUnits } from "../../_shared/domain/money.ts";
import { type Cancelled, cancelTime, previewRefund } from "../../_shared/domain/time_bookings.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, optionalJsonBody } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { BookingPath, Currency, Money } from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import { text } from "../request_fields.ts";
import { answer, Id, Instant, saidAnswer } from "../schemas.ts";

const tags = ["Bookings"];

const cancel = createRoute({
  method: "delete",
  path: "/bookings/{bookingId}",
  operationId: "cancelTime",
  tags,
  summary: "Cancel a booking",
  description:
    "Until it starts. By the customer within the deadline everything comes back, later what the specialist's policy gives; " +
    "by the specialist always everything. The body may be left out.",
  request: {
    params: BookingPath,
    body: optionalJsonBody(() =>
      z.object({
        reason: text(2000).optional(),
        requestRefund: z.boolean().default(true),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        saidAnswer(z.object({
          _id: Id,
          status: z.literal("cancelled"),
          refundInitiated: z.boolean(),
          refundAmount: Money.openapi({
            description: "In major units: what this cancellation returns, as the preview says",
          }),
          currency: Currency,
        })),
      "It is cancelled",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "BOOKING_NOT_FOUND",
      "BOOKING_NOT_CANCELLABLE",
      "EVENT_STARTED",
    ),
  },
});

const preview = createRoute({
  method: "get",
  path: "/bookings/{bookingId}/refund-preview",
  operationId: "previewRefund",
  tags,
  summary: "Tell what cancelling now would return",
  description: "Addition. By the same function that cancelling uses, for the caller's side.",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(
      () =>
        answer(z.object({
          paid: Money,
          refunded: Money.openapi({ description: "Already, or under way" }),
          refundAmount: Money,
          currency: Currency,
          freeCancellationUntil: Instant,
          lateRefundPercent: z.int(),
        })),
      "What would come back",
    ),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "BOOKING_NOT_FOUND"),
  },
});

/** The document's sentences for all, nothing and nothing paid; and ours for a part and for what was left. */
function sentence({ payment: paid }: Cancelled): string {
  if (!paid) return "Booking cancelled";
  if (paid.returnedMinor === 0) return "Booking cancelled. No refund available.";
  if (paid.returnedMinor === paid.amountMinor) return "Full refund will be processed";
  return paid.refundedMinor === paid.amountMinor
    ? "Booking cancelled. The rest of the price will be refunded."
    : "Booking cancelled. A part of the price will be refunded.";
}

export function cancellationRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(cancel, async (c) => {
    const { reason, requestRefund = true } = c.req.valid("json") ?? {};
    const cancelled = await cancelTime(c.get("db"), c.req.valid("param").bookingId, {
      reason,
      requestRefund,
    });
    const { booking, payment } = cancelled;
    const returned = payment?.returnedMinor ?? 0;
    return c.json({
      success: true as const,
      message: sentence(cancelled),
      data: {
        _id: booking.id,
        status: "cancelled" as const,
        refundInitiated: returned > 0,
        refundAmount: toMajorUnits(returned, booking.currency),
        currency: booking.currency,
      },
    }, 200);
  });

  routes.add(preview, async (c) => {
    const refund = await previewRefund(c.get("db"), c.req.valid("param").bookingId);
    const major = (minor: number) => toMajorUnits(minor, refund.currency);
    return c.json({
      success: true as const,
      data: {
        paid: major(refund.paidMinor),
        refunded: major(refund.refundedMinor),
        refundAmount: major(refund.refundMinor),
        currency: refund.currency,
        freeCancellationUntil: toZonedUtcText(refund.freeCancellationUntil),
        lateRefundPercent: refund.lateRefundPercent,
      },
    }, 200);
  });
}
