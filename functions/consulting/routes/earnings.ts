import { createRoute, z } from "@hono/zod-openapi";
import { type Earnings, readMyEarnings } from "../../_shared/domain/earnings.ts";
import { toMajorUnits } from "../../_shared/domain/money.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { errorResponses, jsonResponse, lazySchema, pathIds } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { Currency, Money } from "../booking_schemas.ts";
import { errors } from "../errors.ts";
import { answer, Id, PeriodEnd, PeriodStart } from "../schemas.ts";

const periods = ["week", "month", "year"] as const;
const daysOf: Record<(typeof periods)[number], number> = { week: 7, month: 30, year: 365 };

const earnings = createRoute({
  method: "get",
  path: "/specialists/{specialistId}/earnings",
  operationId: "readEarnings",
  tags: ["Specialists"],
  summary: "Read my earnings",
  description:
    "What was paid within the period, after the platform's fee and refunds, in the specialist's currency. startDate and " +
    "endDate stand above period, which means the last 7, 30 or 365 days; by default month. At most 366 days.",
  request: {
    params: pathIds({ specialistId: "PROVIDER_NOT_FOUND" }),
    query: lazySchema(() =>
      z.object({
        period: z.string().toLowerCase().pipe(z.enum(periods, `must be ${periods.join(", ")}`)).optional()
          .openapi({ type: "string", enum: [...periods] }),
        startDate: PeriodStart.optional(),
        endDate: PeriodEnd.optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        answer(z.object({
          period: z.enum([...periods, "custom"]),
          totalEarnings: Money,
          totalBookings: z.int(),
          completedSessions: z.int(),
          pendingPayouts: Money.openapi({
            description: "Owed and not transferred yet, whenever it was paid",
          }),
          averageSessionValue: Money,
          currency: Currency,
          byService: z.array(z.object({
            serviceId: Id.nullable().openapi({ description: "null: time without a service" }),
            serviceTitle: z.string(),
            bookings: z.int(),
            earnings: Money,
          })),
          dailyEarnings: z.array(z.object({
            date: z.string().openapi({ description: "In the specialist's timezone", example: "2030-01-15" }),
            earnings: Money,
            bookings: z.int(),
          })),
        })),
      "The earnings",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_A_PROVIDER",
      "PROVIDER_NOT_FOUND",
    ),
  },
});

function presentEarnings(period: (typeof periods)[number] | "custom", earned: Earnings) {
  const { currency } = earned;
  const major = (minor: number) => toMajorUnits(minor, currency);
  return {
    period,
    totalEarnings: major(earned.earned_minor),
    totalBookings: earned.bookings,
    completedSessions: earned.completed,
    pendingPayouts: major(earned.pending_payouts_minor),
    averageSessionValue: major(earned.bookings === 0 ? 0 : Math.round(earned.earned_minor / earned.bookings)),
    currency,
    byService: earned.by_service.map((service) => ({
      serviceId: service.service_id,
      serviceTitle: service.service_title,
      bookings: service.bookings,
      earnings: major(service.earned_minor),
    })),
    dailyEarnings: earned.by_day.map((day) => ({
      date: day.on_date,
      earnings: major(day.earned_minor),
      bookings: day.bookings,
    })),
  };
}

export function earningsRoutes(contract: Contract): void {
  const { runtime } = contract;

  userRoutes(contract).add(earnings, async (c) => {
    // Others' earnings are nobody's business, not even whether there are any.
    if (c.req.valid("param").specialistId !== c.get("actor").id) throw new AppError("NOT_A_PROVIDER");
    const { period = "month", startDate, endDate } = c.req.valid("query");
    const isCustom = startDate !== undefined || endDate !== undefined;
    const from = isCustom
      ? startDate
      : new Date(runtime.now().getTime() - daysOf[period] * 24 * 3_600_000).toISOString();
    const earned = await readMyEarnings(c.get("db"), { from, before: endDate });
    return c.json(
      { success: true as const, data: presentEarnings(isCustom ? "custom" : period, earned) },
      200,
    );
  });
}
