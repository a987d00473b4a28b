import { z } from "@hono/zod-openapi";
import { errorRenderer } from "../_shared/http/error_renderer.ts";
import type { ErrorCode, FieldError } from "../_shared/http/errors.ts";

export const ErrorBody = z.object({
  success: z.literal(false),
  message: z.string().openapi({ example: "The request is not valid" }),
  code: z.string().openapi({
    description:
      "The document's: UNAUTHORIZED, FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT, PAYMENT_FAILED, " +
      "SLOT_NOT_AVAILABLE, BOOKING_EXPIRED, REFUND_NOT_ALLOWED, INTERNAL_ERROR; additions: RATE_LIMITED, TRY_AGAIN, " +
      "PAYMENTS_NOT_CONFIGURED, STILL_AVAILABLE, RECORDING_EXPIRED",
    example: "VALIDATION_ERROR",
  }),
  details: z.record(z.string(), z.string()).openapi({
    description: "For each field what is wrong with it; empty when it is not about fields",
    example: { timezone: "must be an IANA time zone" },
  }),
  statusCode: z.int().openapi({ example: 400 }),
}).openapi("Error");

/** The document's code of each status; what has a code of its own in the document keeps it. */
const codes: Record<number, string> = {
  400: "VALIDATION_ERROR",
  401: "UNAUTHORIZED",
  402: "PAYMENT_FAILED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "NOT_FOUND",
  409: "CONFLICT",
  410: "BOOKING_EXPIRED",
  413: "VALIDATION_ERROR",
  415: "VALIDATION_ERROR",
  422: "VALIDATION_ERROR",
  429: "RATE_LIMITED",
  500: "INTERNAL_ERROR",
  503: "TRY_AGAIN",
};
const own: ReadonlySet<string> = new Set<ErrorCode>([
  "SLOT_NOT_AVAILABLE",
  "STILL_AVAILABLE",
  "REFUND_NOT_ALLOWED",
  "RECORDING_EXPIRED",
  "PAYMENTS_NOT_CONFIGURED",
]);

/** The domain's field names in this document's words; a pattern's places are the contract's already. */
const fields: Record<string, string> = {
  kind: "type",
  provider_id: "specialistId",
  schedule_id: "scheduleId",
  slot_id: "slotId",
  offering_id: "serviceId",
  first_date: "startDate",
  last_date: "endDate",
  paid_from: "startDate",
  paid_before: "endDate",
  duration_minutes: "duration",
  exceptions: "dateExceptions",
  windows: "weeklyPattern",
  is_active: "isActive",
  display_name: "creatorName",
  years_of_experience: "yearsOfExperience",
  image_url: "profileImage",
  hourly_rate: "basePrice",
  value_for_money: "aspects.valueForMoney",
  text: "reviewText",
  min_notice_minutes: "bookingRules.minBookingNotice",
  max_advance_days: "bookingRules.maxAdvanceBooking",
  cancellation_deadline_minutes: "bookingRules.cancellationDeadline",
  buffer_before_minutes: "bookingRules.bufferBefore",
  buffer_after_minutes: "bookingRules.bufferAfter",
  slot_step_minutes: "bookingRules.slotStep",
  daily_limit: "bookingRules.dailyLimit",
  url: "recordingUrl",
  transcript_url: "transcriptUrl",
  duration_seconds: "duration",
  expiry_days: "expiryDays",
  starts_at: "startTime",
  ends_at: "endTime",
  provider_notes: "specialistNotes",
};

function fieldName(field: string): string {
  return fields[field] ?? field.replace(/^exceptions\.(\d+)\.on_date$/, "dateExceptions.$1.date");
}

/** The domain knows days where this document has a pattern per type of schedule. */
const dayOfType: Record<string, string> = {
  "must have a day of the week between 1 (Monday) and 7": "weekly",
  "must have a day of the month between 1 and 31": "monthly",
  "must have a date such as 2030-01-15": "custom",
};

function reasonOf({ field, reason }: FieldError): string {
  const type = dayOfType[reason];
  if (!type || !/^(weeklyPattern|monthlyPattern|customDates)\./.test(field)) return reason;
  if (type === "custom" && field.startsWith("customDates.")) return reason;
  return `is not for a ${type} schedule`;
}

/** Ten codes of the document for all of ours: its own where it has one, else by status. */
export const errors = errorRenderer({
  schema: ErrorBody,
  words: {
    NOT_A_PROVIDER: { message: "This is for specialists only" },
    PROVIDER_NOT_FOUND: { message: "Specialist not found" },
    OFFERING_NOT_FOUND: { message: "Service not found" },
    ALREADY_BOOKED: { message: "You have booked this time already" },
    EVENT_STARTED: { message: "Cannot cancel ongoing session" },
    NOT_YOUR_EVENT: { message: "Only the specialist of this booking may do this" },
    NOT_YOUR_NOTES: {
      message: "customerNotes are the customer's to write, specialistNotes the specialist's",
    },
    WEAK_PASSWORD: { status: 400 },
  },
  envelope: ({ code, status, message, details }) => ({
    success: false,
    message,
    code: own.has(code) ? code : codes[status] ?? "INTERNAL_ERROR",
    details: Object.fromEntries(details.map((detail) => [fieldName(detail.field), reasonOf(detail)])),
    statusCode: status,
  }),
});
