import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { readReceipt } from "../../_shared/domain/receipts.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { asDownload, linkReceipt } from "../../_shared/integrations/receipt_files.ts";
import { errors } from "../errors.ts";
import { answer, Id } from "../schemas.ts";
import { BookingPath } from "../session_schemas.ts";

const Receipt = lazily(() =>
  z.object({
    receiptNumber: z.string().openapi({ example: "0C6D9B0A-2030-000001" }),
    bookingId: Id,
    invoiceUrl: z.string().openapi({ description: "The PDF, to be looked at; for an hour" }),
    pdfUrl: z.string().openapi({ description: "The same, to be saved" }),
  }).openapi("Receipt")
);

const receiptRoute = createRoute({
  method: "get",
  path: "/bookings/{bookingId}/receipt",
  operationId: "readReceipt",
  tags: ["Bookings"],
  summary: "Get the receipt of a paid booking",
  request: { params: BookingPath },
  responses: {
    200: jsonResponse(() => answer(Receipt()), "The receipt"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "BOOKING_NOT_FOUND",
      "RECEIPT_NOT_FOUND",
      "TRY_AGAIN",
    ),
  },
});

export function receiptRoutes(contract: Contract): void {
  userRoutes(contract).add(receiptRoute, async (c) => {
    const receipt = await readReceipt(c.get("db"), c.req.valid("param").bookingId);
    const invoiceUrl = await linkReceipt(contract.runtime, receipt);
    const data = {
      receiptNumber: receipt.receipt_number,
      bookingId: receipt.booking_id,
      invoiceUrl,
      pdfUrl: asDownload(invoiceUrl, receipt),
    };
    return c.json({ success: true as const, data }, 200);
  });
}
