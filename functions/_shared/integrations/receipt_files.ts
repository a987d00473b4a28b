import type { Receipt } from "../domain/receipts.ts";
import { AppError } from "../http/errors.ts";
import type { Runtime } from "../runtime.ts";
import { type FilePlace, Storage } from "./storage.ts";
import { VendorError } from "./vendor.ts";

/** How long a link to a receipt lives. */
const linkSeconds = 3600;
const type = "application/pdf";

/**
 * A link by which a receipt's PDF is read for an hour. The file is written when it is first asked for, and anew
 * whenever what stands on it has changed: after a refund, or when a person is renamed.
 *
 * @throws {AppError} TRY_AGAIN when Storage does not take it
 */
export async function linkReceipt(runtime: Runtime, receipt: Receipt): Promise<string> {
  try {
    return await link(runtime, receipt);
  } catch (cause) {
    if (!(cause instanceof VendorError)) throw cause;
    throw new AppError("TRY_AGAIN", { cause, retryAfterSeconds: 2 });
  }
}

async function link(runtime: Runtime, receipt: Receipt): Promise<string> {
  const storage = new Storage(runtime);
  const place = await placeOf(receipt);
  const known = await storage.sign(place, linkSeconds);
  if (known) return known;
  const { writeReceipt } = await import("./pdf/receipt.ts");
  await storage.store(place, await writeReceipt(receipt), type);
  const stored = await storage.sign(place, linkSeconds);
  if (!stored) throw new VendorError("storage", "does not have what it took");
  return stored;
}

/** The same link, for saving the file under the receipt's number. */
export function asDownload(link: string, { receipt_number }: Receipt): string {
  const url = new URL(link);
  url.searchParams.set("download", `${receipt_number}.pdf`);
  return url.href;
}

async function placeOf(receipt: Receipt): Promise<FilePlace> {
  const { createHash } = await import("node:crypto");
  const version = createHash("sha256").update(JSON.stringify(receipt)).digest("hex").slice(0, 16);
  return { bucket: "receipts", path: `${receipt.payment_id}/${receipt.receipt_number}-${version}.pdf` };
}
