import { createRoute, z } from "@hono/zod-openapi";
import { toMajorUnits, toMinorUnits } from "../../_shared/domain/money.ts";
import { readPayment, requestRefund } from "../../_shared/domain/payments.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { errorResponses, jsonBody, jsonResponse, pathIds } from "../../_shared/http/openapi.ts";
import { paymentLimit } from "../../_shared/http/payment_limit.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { Currency, Money } from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import { text } from "../request_fields.ts";
import { Id, Instant, saidAnswer } from "../schemas.ts";

/** Banks show a refund within ten days. */
const refundDays = 10;

const refund = createRoute({
  method: "post",
  path: "/payments/{paymentId}/refund",
  operationId: "requestRefund",
  tags: ["Payments"],
  summary: "Refund a payment, wholly or in part",
  description:
    "The customer gets no more than cancelling the booking returns, and a booking ahead is cancelled with it. The " +
    "specialist gives back whatever is left, and the booking stays.",
  request: {
    params: pathIds({ paymentId: "PAYMENT_NOT_FOUND" }),
    body: jsonBody(() =>
      z.object({
        reason: text(2000).optional(),
        amount: Money.positive("must be more than nothing").optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        saidAnswer(z.object({
          _id: Id,
          status: z.literal("refund_pending"),
          refundAmount: Money,
          currency: Currency,
          estimatedRefundDate: Instant,
        })),
      "The refund is ordered",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "PAYMENT_NOT_FOUND",
      "REFUND_NOT_ALLOWED",
      "IDEMPOTENCY_KEY_REUSED",
      "RATE_LIMITED",
    ),
  },
});

export function refundRoutes(contract: Contract): void {
  const { runtime } = contract;

  // Two round trips: only the payment knows in which currency the amount is meant.
  userRoutes(contract, paymentLimit(runtime)).add(refund, async (c) => {
    const { reason, amount } = c.req.valid("json");
    const { id, currency } = await readPayment(c.get("db"), c.req.valid("param").paymentId);
    const amountMinor = amount === undefined ? undefined : toMinorUnits(amount, currency);
    if (amountMinor === null) {
      throw new AppError("INVALID_INPUT", {
        details: [{ field: "amount", reason: `has more decimals than ${currency}` }],
      });
    }
    const made = await requestRefund(c.get("db"), id, { amountMinor, reason });
    return c.json({
      success: true as const,
      message: "Refund initiated",
      data: {
        _id: made.id,
        status: "refund_pending" as const,
        refundAmount: toMajorUnits(made.amount_minor, currency),
        currency,
        estimatedRefundDate: toZonedUtcText(
          new Date(runtime.now().getTime() + refundDays * 24 * 3_600_000).toISOString(),
        ),
      },
    }, 200);
  });
}
