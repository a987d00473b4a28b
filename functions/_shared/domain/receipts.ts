import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { call, type Db } from "./db.ts";

const Receipt = lazily(() =>
  z.object({
    payment_id: z.string(),
    booking_id: z.string(),
    receipt_number: z.string(),
    paid_at: z.string(),
    seller_timezone: z.string().nullable(),
    seller_name: z.string().nullable(),
    buyer_name: z.string().nullable(),
    title: z.string(),
    starts_at: z.string(),
    ends_at: z.string(),
    amount_minor: z.number(),
    tax_minor: z.number(),
    refunded_minor: z.number(),
    currency: z.string(),
    refunds: z.array(z.object({ amount_minor: z.number(), at: z.string() })),
  })
);
/** What is written on a receipt; money in minor units of `currency`. */
export type Receipt = z.output<ReturnType<typeof Receipt>>;

/** The receipt of a booking of the signed-in person. @throws {AppError} BOOKING_NOT_FOUND, RECEIPT_NOT_FOUND */
export async function readReceipt(db: Db, bookingId: string): Promise<Receipt> {
  return Receipt().parse(await call(db, "read_receipt", { booking_id: bookingId }));
}
