import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { pathIds } from "../_shared/http/openapi.ts";
import { DateTime, Id, Pagination, Section, Success, text } from "./schemas.ts";

/** What a facilitator says of an offering; the domain checks how its values fit together. */
export const OfferingFields = lazily(() =>
  z.object({
    title: text(200).min(1, "must not be empty").openapi({ example: "Yoga for Beginners" }),
    description: text(10_000).openapi({ example: "A comprehensive yoga course for beginners" }),
    category: text(100).openapi({
      description: "Free text; matched to one of the platform's categories where one fits",
      example: "Fitness",
    }),
    basic_info: Section,
    details: Section,
    price_schedule: Section.openapi({
      description:
        "Free-form. `price` or `amount` in major units (and `currency`), or the first of `tiers` that has " +
        "one, is what a booking costs; without one the price is on request",
      example: { price: 25, currency: "USD" },
    }),
    duration_minutes: z.int("must be a whole number").min(1, "must be at least 1").max(
      10_080,
      "must be at most 10080",
    ).openapi({ description: "Addition: how long one booking takes", example: 60 }),
    is_active: z.boolean().openapi({ description: "Addition: false takes it off the lists" }),
  })
);

export const OfferingChanges = lazily(() => OfferingFields().partial());

export const Offering = lazily(() =>
  z.object({
    id: Id,
    facilitator_id: Id,
    title: z.string(),
    description: z.string(),
    category: z.string().nullable(),
    category_id: Id.nullable().openapi({ description: "The platform's category that fits" }),
    subcategory_id: Id.nullable(),
    basic_info: Section,
    details: Section,
    price_schedule: Section,
    price: z.number().nullable().openapi({ description: "In major units; null: on request" }),
    currency: z.string(),
    duration_minutes: z.int().nullable(),
    is_active: z.boolean(),
    created_at: DateTime,
    updated_at: DateTime,
  }).openapi("Offering")
);

export const FoundOffering = lazily(() =>
  Offering().extend({ facilitator_name: z.string() }).openapi("FoundOffering")
);

export const OneOffering = lazily(() => Success().extend({ offering: Offering() }));
export const OfferingList = lazily(() =>
  Success().extend({ offerings: z.array(Offering()), pagination: Pagination() })
);

export const OfferingPath = pathIds({ offering_id: "OFFERING_NOT_FOUND" });
