import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  type CalendarSlot,
  generateSlots,
  listSlots,
  type OpenSlot,
  readCalendar,
} from "../../_shared/domain/availability.ts";
import { toMajorUnits } from "../../_shared/domain/money.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema, pathIds } from "../../_shared/http/openapi.ts";
import { exactHeader } from "../../_shared/http/pagination.ts";
import { publicRoutes, userRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { CalendarDate } from "../availability_schemas.ts";
import { errors } from "../errors.ts";
import { answer, Id, Instant, pageAnswer, PageQuery, presentPagination, saidAnswer } from "../schemas.ts";

const tags = ["Availability"];

const Time = z.string().openapi({ description: "In the timezone", example: "09:00" });
const SlotTime = lazily(() =>
  z.object({
    _id: Id,
    date: z.string().openapi({ description: "Of the start, in the timezone", example: "2030-01-15" }),
    startTime: Time,
    endTime: Time,
    startsAt: Instant.openapi({ description: "Addition: the instant, which an hour that comes twice needs" }),
    endsAt: Instant,
  })
);
const Price = z.number().nullable().openapi({ description: "In major units; null: on request", example: 75 });
const Currency = z.string().openapi({ description: "Addition: ISO 4217", example: "USD" });

const Slot = lazily(() =>
  SlotTime().extend({
    specialistId: Id,
    specialistName: z.string(),
    timezone: z.string(),
    duration: z.int().openapi({ description: "Addition: minutes" }),
    price: Price,
    currency: Currency,
  }).openapi("Slot")
);

const zoneDescription = "IANA zone to show times in; by default the specialist's";
const ServiceId = Id.optional().openapi({
  description: "Addition: a service of the specialist, whose price applies",
});

const list = createRoute({
  method: "get",
  path: "/availability/slots",
  operationId: "listSlots",
  tags,
  summary: "List slots that can be booked",
  description: "Soonest first, within 92 days.",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        specialistId: Id.optional(),
        startDate: CalendarDate.optional(),
        endDate: CalendarDate.optional(),
        duration: z.coerce.number({ error: "must be a number" }).int("must be a whole number")
          .min(5, "must be at least 5").max(1440, "must be at most 1440").optional()
          .openapi({ type: "integer", description: "Minutes", example: 60 }),
        timezone: z.string().optional().openapi({ description: `Addition: ${zoneDescription}, else UTC` }),
        serviceId: ServiceId,
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () => pageAnswer(z.object({ slots: z.array(Slot()), total: z.int(), page: z.int() })),
      "The slots",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "OFFERING_NOT_FOUND"),
  },
});

const calendar = createRoute({
  method: "get",
  path: "/availability/{specialistId}/calendar",
  operationId: "readCalendar",
  tags,
  summary: "Read a month of a specialist's slots, taken ones too",
  description: "Tells that a slot is taken, and never by whom.",
  request: {
    params: pathIds({ specialistId: "PROVIDER_NOT_FOUND" }),
    query: lazySchema(() =>
      z.object({
        month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "must be a month such as 2030-01").optional()
          .openapi({ description: "By default this one", example: "2030-01" }),
        timezone: z.string().optional().openapi({ description: zoneDescription }),
        serviceId: ServiceId,
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        answer(z.object({
          specialistId: Id,
          specialistName: z.string(),
          timezone: z.string().openapi({ description: "That the times are in" }),
          calendar: z.record(
            z.string(),
            z.array(
              SlotTime().omit({ date: true }).extend({
                status: z.enum(["available", "booked", "blocked"]),
                price: Price,
                currency: Currency,
              }),
            ),
          ).openapi({ description: "By date" }),
        })),
      "The month",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "PROVIDER_NOT_FOUND", "OFFERING_NOT_FOUND"),
  },
});

const generate = createRoute({
  method: "post",
  path: "/availability/{scheduleId}/generate-slots",
  operationId: "generateSlots",
  tags,
  summary: "Generate slots from a schedule",
  description:
    "For at most 92 dates in the schedule's zone, from now on. Again, it makes only what is missing. With overwrite, slots " +
    "that the schedule does not offer any more are deleted, or withdrawn where a booking names them.",
  request: {
    params: pathIds({ scheduleId: "SCHEDULE_NOT_FOUND" }),
    body: jsonBody(() =>
      z.object({
        startDate: CalendarDate,
        endDate: CalendarDate,
        overwrite: z.boolean().default(false),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        saidAnswer(z.object({
          generated: z.int(),
          slots: z.array(SlotTime().extend({ status: z.literal("available") })).openapi({
            description: "What was generated, the first 1000",
          }),
        })),
      "The slots are there",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_A_PROVIDER",
      "SCHEDULE_NOT_FOUND",
      "SCHEDULE_NOT_ACTIVE",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

type Times = Pick<CalendarSlot, "id" | "date" | "start_time" | "end_time" | "starts_at" | "ends_at">;

function presentTime({ id, date, start_time, end_time, starts_at, ends_at }: Times) {
  return {
    _id: id,
    date,
    startTime: start_time,
    endTime: end_time,
    startsAt: toZonedUtcText(starts_at),
    endsAt: toZonedUtcText(ends_at),
  };
}

function presentPrice({ price_minor, currency }: Pick<OpenSlot, "price_minor" | "currency">) {
  return { price: price_minor === null ? null : toMajorUnits(price_minor, currency), currency };
}

function presentSlot(slot: OpenSlot) {
  return {
    ...presentTime(slot),
    specialistId: slot.provider_id,
    specialistName: slot.provider_name,
    timezone: slot.timezone,
    duration: Math.round((Date.parse(slot.ends_at) - Date.parse(slot.starts_at)) / 60_000),
    ...presentPrice(slot),
  };
}

function presentCalendar(slots: CalendarSlot[]) {
  const days = Map.groupBy(slots, ({ date }) => date);
  return Object.fromEntries(
    [...days].map(([date, day]) => [
      date,
      day.map((slot) => {
        const { date: _, ...time } = presentTime(slot);
        return { ...time, status: slot.status, ...presentPrice(slot) };
      }),
    ]),
  );
}

export function slotRoutes(contract: Contract): void {
  const forAll = publicRoutes(contract);

  forAll.add(list, async (c) => {
    const { specialistId, startDate, endDate, duration, timezone, serviceId, ...query } = c.req.valid(
      "query",
    );
    const page = await listSlots(c.get("db"), {
      providerId: specialistId,
      firstDate: startDate,
      lastDate: endDate,
      durationMinutes: duration,
      timezone,
      offeringId: serviceId,
    }, query);
    return c.json(
      {
        success: true as const,
        data: { slots: page.items.map(presentSlot), total: page.total, page: query.page },
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  forAll.add(calendar, async (c) => {
    const { month, timezone, serviceId } = c.req.valid("query");
    const shown = await readCalendar(c.get("db"), c.req.valid("param").specialistId, {
      month: month && `${month}-01`,
      timezone,
      offeringId: serviceId,
    });
    return c.json({
      success: true as const,
      data: {
        specialistId: shown.provider_id,
        specialistName: shown.provider_name,
        timezone: shown.timezone,
        calendar: presentCalendar(shown.slots),
      },
    }, 200);
  });

  userRoutes(contract).add(generate, async (c) => {
    const { startDate, endDate, overwrite } = c.req.valid("json");
    const { generated, slots } = await generateSlots(c.get("db"), c.req.valid("param").scheduleId, {
      firstDate: startDate,
      lastDate: endDate,
      overwrite,
    });
    return c.json({
      success: true as const,
      message: "Slots generated",
      data: {
        generated,
        slots: slots.map((slot) => ({ ...presentTime(slot), status: "available" as const })),
      },
    }, 200);
  });
}
