import { createRoute, z } from "@hono/zod-openapi";
import { openDb } from "../../_shared/domain/db.ts";
import { toMajorUnits, toMinorUnits } from "../../_shared/domain/money.ts";
import {
  confirmPayment,
  createPaymentIntent,
  listMyPayments,
  type Payment,
} from "../../_shared/domain/payments.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema } from "../../_shared/http/openapi.ts";
import { exactHeader } from "../../_shared/http/pagination.ts";
import { paymentLimit } from "../../_shared/http/payment_limit.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { Currency, Money } from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import {
  answer,
  Id,
  Instant,
  pageAnswer,
  PageQuery,
  PeriodEnd,
  PeriodStart,
  presentPagination,
  saidAnswer,
} from "../schemas.ts";

const tags = ["Payments"];
const paymentStatuses = ["pending", "succeeded", "failed", "refunded"] as const;

const createIntent = createRoute({
  method: "post",
  path: "/payments/create-intent",
  operationId: "createPaymentIntent",
  tags,
  summary: "Create the Stripe payment of a booking",
  description:
    "amount and currency are compared with the booking's price, which is what is charged. Again for the same booking, it " +
    "answers the same payment.",
  request: {
    body: jsonBody(() =>
      z.object({
        bookingId: Id,
        amount: Money.positive("must be more than nothing"),
        currency: z.string().regex(/^[A-Za-z]{3}$/, "must be an ISO 4217 code").default("USD"),
        idempotencyKey: z.string().min(1, "must not be empty").max(255, "must have at most 255 characters")
          .optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        answer(z.object({
          clientSecret: z.string(),
          paymentIntentId: z.string(),
          amount: Money,
          currency: z.string(),
        })),
      "What Stripe's client needs",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "PAYMENT_FAILED",
      "NOT_YOUR_BOOKING",
      "BOOKING_NOT_FOUND",
      "NOTHING_TO_PAY",
      "BOOKING_EXPIRED",
      "IDEMPOTENCY_KEY_REUSED",
      "RATE_LIMITED",
      "PAYMENTS_NOT_CONFIGURED",
    ),
  },
});

const confirm = createRoute({
  method: "post",
  path: "/payments/confirm",
  operationId: "confirmPayment",
  tags,
  summary: "Ask Stripe what became of a payment",
  description: "Safe before, after and instead of the webhook.",
  request: { body: jsonBody(() => z.object({ paymentIntentId: z.string().min(1).max(255), bookingId: Id })) },
  responses: {
    200: jsonResponse(
      () =>
        saidAnswer(z.object({
          _id: Id,
          status: z.literal("succeeded"),
          amount: Money,
          specialistPayout: Money,
          currency: Currency,
        })),
      "It is paid and the booking confirmed",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "PAYMENT_FAILED",
      "PAYMENT_NOT_FOUND",
      "PAYMENT_PENDING",
      "BOOKING_EXPIRED",
      "RATE_LIMITED",
      "PAYMENTS_NOT_CONFIGURED",
    ),
  },
});

const history = createRoute({
  method: "get",
  path: "/payments/history",
  operationId: "listMyPayments",
  tags,
  summary: "List my payments",
  description: "What the caller paid or tried to, latest first.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        status: z.string().toLowerCase().pipe(
          z.enum(paymentStatuses, `must be ${paymentStatuses.join(", ")}`),
        )
          .optional().openapi({ type: "string", enum: [...paymentStatuses] }),
        startDate: PeriodStart.optional(),
        endDate: PeriodEnd.optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        pageAnswer(z.object({
          payments: z.array(
            z.object({
              _id: Id,
              bookingId: Id,
              amount: Money,
              currency: Currency,
              refundedAmount: Money.openapi({ description: "Addition" }),
              status: z.enum([...paymentStatuses, "cancelled"]).openapi({
                description: "refunded: wholly; cancelled (addition): never paid",
              }),
              receiptNumber: z.string().nullable().openapi({
                description: "Addition: null until it is paid",
              }),
              createdAt: Instant,
              specialistName: z.string(),
            }).openapi("Payment"),
          ),
          total: z.int(),
          page: z.int(),
        })),
      "The payments",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_TOKEN", "RATE_LIMITED"),
  },
});

function presentPayment(payment: Payment) {
  return {
    _id: payment.id,
    bookingId: payment.booking_id,
    amount: toMajorUnits(payment.amount_minor, payment.currency),
    currency: payment.currency,
    refundedAmount: toMajorUnits(payment.refunded_minor, payment.currency),
    // payments_status_known and payment_details have these words.
    status: payment.status as (typeof paymentStatuses)[number] | "cancelled",
    receiptNumber: payment.receipt_number,
    createdAt: toZonedUtcText(payment.created_at),
    specialistName: payment.provider_name,
  };
}

/** An amount in minor units of its currency. @throws {AppError} INVALID_INPUT when it has too many decimals */
function minor(amount: number, currency: string): number {
  const amountMinor = toMinorUnits(amount, currency);
  if (amountMinor !== null) return amountMinor;
  throw new AppError("INVALID_INPUT", {
    details: [{ field: "amount", reason: `has more decimals than ${currency}` }],
  });
}

export function paymentRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = userRoutes(contract, paymentLimit(runtime));

  routes.add(createIntent, async (c) => {
    const { bookingId, amount, currency: given, idempotencyKey } = c.req.valid("json");
    const currency = given.toUpperCase();
    const { token } = c.get("actor");
    // The document carries the key in the body; commands read it from the header.
    const db = idempotencyKey === undefined
      ? c.get("db")
      : openDb(runtime, token, () => ({ requestId: c.get("requestId"), idempotencyKey }));
    const amountMinor = minor(amount, currency);
    const payment = await createPaymentIntent(runtime, db, { bookingId, amountMinor, currency });
    return c.json({
      success: true as const,
      data: {
        clientSecret: payment.clientSecret,
        paymentIntentId: payment.intentId,
        amount: toMajorUnits(payment.amountMinor, payment.currency),
        currency: payment.currency,
      },
    }, 200);
  });

  routes.add(confirm, async (c) => {
    const { bookingId, paymentIntentId: intentId } = c.req.valid("json");
    const payment = await confirmPayment(runtime, c.get("db"), { bookingId, intentId });
    return c.json({
      success: true as const,
      message: "Payment successful",
      data: {
        _id: payment.id,
        status: "succeeded" as const,
        amount: toMajorUnits(payment.amount_minor, payment.currency),
        specialistPayout: toMajorUnits(payment.payout_minor, payment.currency),
        currency: payment.currency,
      },
    }, 200);
  });

  routes.add(history, async (c) => {
    const { status, startDate: from, endDate: before, ...query } = c.req.valid("query");
    const page = await listMyPayments(c.get("db"), { statuses: status && [status], from, before }, query);
    return c.json(
      {
        success: true as const,
        data: { payments: page.items.map(presentPayment), total: page.total, page: query.page },
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });
}
