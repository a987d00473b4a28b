import { decimalsOf, toMajorUnits } from "../../domain/money.ts";
import type { Receipt } from "../../domain/receipts.ts";
import { knownZone } from "../known_to_intl.ts";
import { printable } from "./text.ts";

/** A4 in points. */
const page = { width: 595.28, height: 841.89, margin: 64 };

/** Writes a receipt as a PDF, in bytes. Equal receipts give equal files. */
export async function writeReceipt(receipt: Receipt) {
  const { PDFDocument, StandardFonts } = await import("@cantoo/pdf-lib");
  const file = await PDFDocument.create();
  const [regular, bold] = [
    await file.embedFont(StandardFonts.Helvetica),
    await file.embedFont(StandardFonts.HelveticaBold),
  ];
  const known = new Set(regular.getCharacterSet());
  const { title, facts, sums, total } = receiptText(receipt);
  const sheet = file.addPage([page.width, page.height]);
  let y = page.height - page.margin;
  const width = page.width - 2 * page.margin;

  const write = (
    text: string,
    options: { x?: number; size?: number; isBold?: boolean; isRight?: boolean },
  ) => {
    const { x = page.margin, size = 11, isBold = false, isRight = false } = options;
    const font = isBold ? bold : regular;
    const line = fit(
      printable(text, known),
      page.width - page.margin - x,
      (part) => font.widthOfTextAtSize(part, size),
    );
    const left = isRight ? page.width - page.margin - font.widthOfTextAtSize(line, size) : x;
    sheet.drawText(line, { x: left, y, size, font });
  };
  const rule = () => {
    const [start, end] = [{ x: page.margin, y: y + 14 }, { x: page.margin + width, y: y + 14 }];
    sheet.drawLine({ start, end, thickness: 0.5 });
  };

  write(title, { size: 20, isBold: true });
  y -= 44;
  for (const [label, value] of facts) {
    write(label, { isBold: true });
    write(value, { x: page.margin + 110 });
    y -= 20;
  }
  y -= 24;
  for (const [label, amount] of [...sums, total]) {
    const isBold = label === total[0];
    if (isBold) rule();
    write(label, { isBold });
    write(amount, { isBold, isRight: true });
    y -= 20;
  }

  describe(file, receipt, title);
  return new Uint8Array(await file.save());
}

type Line = [label: string, text: string];

/** What stands on a receipt, line by line. */
export function receiptText(receipt: Receipt): { title: string; facts: Line[]; sums: Line[]; total: Line } {
  const { currency, refunds } = receipt;
  const zone = knownZone(receipt.seller_timezone ?? "UTC");
  const money = (minor: number) => moneyText(minor, currency);
  const returned = refunds.reduce((sum, refund) => sum + refund.amount_minor, 0);
  return {
    title: "Receipt",
    facts: [
      ["Number", receipt.receipt_number],
      ["Date", dateText(receipt.paid_at, zone)],
      ["Seller", receipt.seller_name || "Former member"],
      ["Buyer", receipt.buyer_name || "Former member"],
      ["For", receipt.title],
      ["When", periodText(receipt.starts_at, receipt.ends_at, zone)],
    ],
    sums: [
      ["Net", money(receipt.amount_minor - receipt.tax_minor)],
      ["Tax", money(receipt.tax_minor)],
      ["Paid", money(receipt.amount_minor)],
      ...refunds.map(({ amount_minor, at }): Line => [
        `Refund of ${dateText(at, zone)}`,
        money(-amount_minor),
      ]),
    ],
    total: ["Total", money(receipt.amount_minor - returned)],
  };
}

/** An amount with its currency's own decimals: `USD 25.50`, `JPY 2,550`. */
export function moneyText(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const amount = new Intl.NumberFormat("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(toMajorUnits(minor, currency));
  return `${currency} ${amount}`;
}

function dateText(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone }).format(new Date(instant));
}

function periodText(from: string, to: string, timeZone: string): string {
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  const [start, end] = [time.format(new Date(from)), time.format(new Date(to))];
  const [first, last] = [dateText(from, timeZone), dateText(to, timeZone)];
  return `${first}, ${start} - ${first === last ? end : `${last}, ${end}`} (${timeZone})`;
}

/** As much of a text as fits, with an ellipsis where something is left out. */
function fit(text: string, width: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && widthOf(`${characters.join("")}...`) > width) characters.pop();
  return `${characters.join("")}...`;
}

type File = Awaited<ReturnType<typeof import("@cantoo/pdf-lib").PDFDocument.create>>;

function describe(file: File, receipt: Receipt, title: string): void {
  const { receipt_number, seller_name, buyer_name, paid_at } = receipt;
  file.setTitle(`${title} ${receipt_number}`);
  file.setAuthor(seller_name ?? "");
  file.setSubject(`${receipt.title} - ${buyer_name ?? ""}`);
  file.setCreationDate(new Date(paid_at));
  file.setModificationDate(new Date(paid_at));
  file.setLanguage("en");
}
