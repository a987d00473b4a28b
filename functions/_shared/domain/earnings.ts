import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { call, type Db } from "./db.ts";

const Earnings = lazily(() =>
  z.object({
    currency: z.string(),
    earned_minor: z.number(),
    bookings: z.number(),
    completed: z.number(),
    pending_payouts_minor: z.number(),
    by_service: z.array(z.object({
      service_id: z.string().nullable(),
      service_title: z.string(),
      bookings: z.number(),
      earned_minor: z.number(),
    })),
    by_day: z.array(z.object({ on_date: z.string(), bookings: z.number(), earned_minor: z.number() })),
  })
);

/** What a provider earned, after fee and refunds; minor units of `currency`. */
export type Earnings = z.output<ReturnType<typeof Earnings>>;

/** What the signed-in provider earned by payments of a period. @throws {AppError} NOT_A_PROVIDER */
export async function readMyEarnings(
  db: Db,
  { from, before }: { from?: string | undefined; before?: string | undefined },
): Promise<Earnings> {
  return Earnings().parse(
    await call(db, "my_earnings", {
      ...(from ? { paid_from: from } : {}),
      ...(before ? { paid_before: before } : {}),
    }),
  );
}
