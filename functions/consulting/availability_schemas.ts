import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { Id, Instant } from "./schemas.ts";

export const types = ["weekly", "monthly", "custom"] as const;
export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

const timeMessage = "must be a time such as 09:00";
const Time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, timeMessage).openapi({ example: "09:00" });
const EndTime = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, timeMessage).openapi({
  description: "24:00 at the latest; what crosses midnight is two",
  example: "17:00",
});

export const DaySlot = lazily(() =>
  z.object({
    startTime: Time,
    endTime: EndTime,
    slotDuration: z.int("must be a whole number").default(60).openapi({
      description: "Minutes, 5 to 1440",
      example: 60,
    }),
  })
);

export const Day = lazily(() =>
  z.object({
    enabled: z.boolean().optional().openapi({ description: "false: closed, the slots are kept for later" }),
    slots: z.array(DaySlot()).max(50, "must have at most 50").default([]),
  }).openapi("AvailabilityDay")
);
export type Day = z.output<ReturnType<typeof Day>>;

/** A calendar date; of a date-time, its date as it is written. */
export const CalendarDate = z.string().transform((text) => text.slice(0, 10))
  .pipe(z.iso.date("must be a date such as 2030-01-15"))
  .openapi({ type: "string", format: "date", example: "2030-01-15" });

export const DatedDay = lazily(() => Day().extend({ date: CalendarDate }).openapi("AvailabilityDate"));

export const WeeklyPattern = lazily(() =>
  z.partialRecord(z.enum(weekdays), Day()).openapi({
    type: "object",
    additionalProperties: true,
    description: "For monday to sunday whether they are enabled, and their slots",
    example: {
      monday: { enabled: true, slots: [{ startTime: "09:00", endTime: "17:00", slotDuration: 60 }] },
    },
  })
);
export const MonthlyPattern = lazily(() =>
  z.record(
    z.string().regex(/^(?:[1-9]|[12]\d|3[01])$/, "must be a day from 1 to 31"),
    Day(),
  )
    .openapi({
      type: "object",
      additionalProperties: true,
      description: "Addition: the same for days of the month",
    })
);
export const CustomDates = lazily(() =>
  z.array(DatedDay()).max(366, "must have at most 366").openapi({
    description: "Addition: the dates of a custom schedule",
  })
);
export const DateExceptions = lazily(() =>
  z.array(DatedDay()).max(366, "must have at most 366").openapi({
    description:
      "Dates on which these slots are open instead of the pattern's; closed when not enabled or without slots",
  })
);

const Hours = z.number().min(0, "must not be negative").max(8760, "must be at most 8760");

export const BookingRules = lazily(() =>
  z.object({
    minBookingNotice: Hours.openapi({ description: "Hours; 24 by default" }),
    maxAdvanceBooking: z.int("must be a whole number").openapi({ description: "Days; 90 by default" }),
    cancellationDeadline: Hours.nullable().openapi({
      description:
        "Hours before the start until which cancelling is free; null: as the specialist's profile says",
    }),
    bufferBefore: z.int("must be a whole number").openapi({ description: "Addition: minutes; 0 by default" }),
    bufferAfter: z.int("must be a whole number").openapi({ description: "Addition: minutes; 0 by default" }),
    slotStep: z.int("must be a whole number").nullable().openapi({
      description: "Addition: minutes from one start to the next; null, the default: a slot's length",
    }),
    dailyLimit: z.int("must be a whole number").nullable().openapi({
      description: "Addition: bookings a day; null, the default: any number",
    }),
  })
);
export type BookingRules = z.output<ReturnType<typeof BookingRules>>;

const PresentedDay = lazily(() => z.object({ enabled: z.boolean(), slots: z.array(DaySlot()) }));
const PresentedDays = lazily(() => z.record(z.string(), PresentedDay()));
const PresentedDates = lazily(() => z.array(PresentedDay().extend({ date: z.string() })));

export const Availability = lazily(() =>
  z.object({
    _id: Id,
    specialistId: Id,
    type: z.enum(types),
    timezone: z.string().openapi({ example: "America/New_York" }),
    weeklyPattern: PresentedDays(),
    monthlyPattern: PresentedDays(),
    customDates: PresentedDates(),
    workingHours: PresentedDays().openapi({
      description: "The pattern of its type: by weekday, day of the month or date",
    }),
    dateExceptions: PresentedDates(),
    bookingRules: BookingRules(),
    isActive: z.boolean(),
    createdAt: Instant,
    updatedAt: Instant,
  }).openapi("Availability")
);
