import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  type Availability as Schedule,
  createAvailability,
  readAvailability,
  updateAvailability,
} from "../../_shared/domain/availability.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { errorResponses, jsonBody, jsonResponse, pathIds } from "../../_shared/http/openapi.ts";
import { userRoutes, visitorRoutes } from "../../_shared/http/routes.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { presentPattern, presentRules, toExceptions, toRules, toWindows } from "../availability_pattern.ts";
import {
  Availability,
  BookingRules,
  CustomDates,
  DateExceptions,
  MonthlyPattern,
  types,
  WeeklyPattern,
} from "../availability_schemas.ts";
import { errors } from "../errors.ts";
import { answer, Id, saidAnswer } from "../schemas.ts";

const tags = ["Availability"];
const Timezone = z.string().openapi({ description: "IANA", example: "America/New_York" });

const Hours = lazily(() =>
  z.object({
    weeklyPattern: WeeklyPattern().optional(),
    monthlyPattern: MonthlyPattern().optional(),
    customDates: CustomDates().optional(),
    bookingRules: BookingRules().partial().optional(),
    dateExceptions: DateExceptions().optional(),
  })
);

const create = createRoute({
  method: "post",
  path: "/availability",
  operationId: "createAvailability",
  tags,
  summary: "Create the availability schedule of a specialist",
  description:
    "Of the caller. One at a time is active. Booking rules that are not named have their defaults.",
  request: {
    body: jsonBody(() =>
      Hours().extend({
        specialistId: Id.optional().openapi({ description: "The caller's own id" }),
        type: z.enum(types, `must be ${types.join(", ")}`),
        timezone: Timezone,
      })
    ),
  },
  responses: {
    200: jsonResponse(() => answer(Availability()), "The schedule"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_A_PROVIDER",
      "NOT_YOUR_AVAILABILITY",
      "SCHEDULE_EXISTS",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const read = createRoute({
  method: "get",
  path: "/availability/{specialistId}",
  operationId: "readAvailability",
  tags,
  summary: "Read the availability configuration of a specialist",
  description: "The active schedule; specialists themselves also see the last one that is not active.",
  request: { params: pathIds({ specialistId: "SCHEDULE_NOT_FOUND" }) },
  responses: {
    200: jsonResponse(() => answer(Availability()), "The schedule"),
    ...errorResponses(errors, "INVALID_TOKEN", "SCHEDULE_NOT_FOUND"),
  },
});

const update = createRoute({
  method: "put",
  path: "/availability/{scheduleId}",
  operationId: "updateAvailability",
  tags,
  summary: "Update an availability schedule",
  description:
    "What is not named stays; a pattern and the exceptions are replaced as a whole, booking rules one by one. Bookings " +
    "stay as they are; slots that the schedule no longer offers are not listed any more.",
  request: {
    params: pathIds({ scheduleId: "SCHEDULE_NOT_FOUND" }),
    body: jsonBody(() =>
      Hours().extend({
        isActive: z.boolean().optional(),
        timezone: Timezone.optional().openapi({ description: "Addition" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(Availability()), "The schedule"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_A_PROVIDER",
      "SCHEDULE_NOT_FOUND",
      "SCHEDULE_EXISTS",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

function present(schedule: Schedule) {
  return {
    _id: schedule.id,
    specialistId: schedule.provider_id,
    type: schedule.kind,
    timezone: schedule.timezone,
    ...presentPattern(schedule),
    bookingRules: presentRules(schedule),
    isActive: schedule.is_active,
    createdAt: toZonedUtcText(schedule.created_at),
    updatedAt: toZonedUtcText(schedule.updated_at),
  };
}

export function availabilityRoutes(contract: Contract): void {
  const forUsers = userRoutes(contract);

  forUsers.add(create, async (c) => {
    const { specialistId, type, timezone, ...hours } = c.req.valid("json");
    if (specialistId && specialistId !== c.get("actor").id) throw new AppError("NOT_YOUR_AVAILABILITY");
    const schedule = await createAvailability(c.get("db"), {
      kind: type,
      timezone,
      windows: toWindows(hours) ?? [],
      exceptions: toExceptions(hours.dateExceptions) ?? [],
      rules: toRules(hours.bookingRules),
    });
    return c.json({ success: true as const, data: present(schedule) }, 200);
  });

  visitorRoutes(contract).add(read, async (c) => {
    const schedule = await readAvailability(c.get("db"), c.req.valid("param").specialistId);
    return c.json({ success: true as const, data: present(schedule) }, 200);
  });

  forUsers.add(update, async (c) => {
    const { isActive, timezone, ...hours } = c.req.valid("json");
    const schedule = await updateAvailability(c.get("db"), c.req.valid("param").scheduleId, {
      windows: toWindows(hours),
      exceptions: toExceptions(hours.dateExceptions),
      rules: toRules(hours.bookingRules),
      isActive,
      timezone,
    });
    return c.json({ success: true as const, message: "Availability updated", data: present(schedule) }, 200);
  });
}
