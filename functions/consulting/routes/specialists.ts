import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  describeProvider,
  findProviders,
  readProviderPortrait,
} from "../../_shared/domain/provider_portraits.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { given } from "../../_shared/http/given.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema, pathIds } from "../../_shared/http/openapi.ts";
import { exactHeader } from "../../_shared/http/pagination.ts";
import { publicRoutes, userRoutes, visitorRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { flag, text } from "../request_fields.ts";
import { presentChangedProfile, presentSpecialist, presentSpecialistCard } from "../present/specialists.ts";
import { answer, Id, Instant, pageAnswer, PageQuery, presentPagination, saidAnswer } from "../schemas.ts";

const tags = ["Specialists"];
const SpecialistPath = pathIds({ specialistId: "PROVIDER_NOT_FOUND" });

const Currency = z.string().toUpperCase().refine(
  (code) => Intl.supportedValuesOf("currency").includes(code),
  "must be an ISO 4217 code",
).openapi({ type: "string", example: "USD" });

const Profile = lazily(() =>
  z.object({
    _id: Id,
    name: z.string(),
    headline: z.string(),
    bio: z.string(),
    profileImage: z.string().nullable().openapi({ description: "An https address; null without picture" }),
    specialties: z.array(z.string()),
    basePrice: z.number().openapi({
      description: "Of an hour, in major units of currency; 0: free of charge",
    }),
    currency: z.string().openapi({ description: "Addition: ISO 4217" }),
  })
);

const Card = lazily(() =>
  Profile().extend({
    avgRating: z.number().openapi({ description: "0 without any review" }),
    reviewCount: z.int(),
    availability: z.object({
      isAvailable: z.boolean().openapi({ description: "Whether a time within 30 days is known to be open" }),
      nextAvailableSlot: Instant.nullable(),
    }),
  }).openapi("SpecialistCard")
);

const OwnProfile = lazily(() =>
  Profile().extend({
    languages: z.array(z.string()),
    yearsOfExperience: z.int().nullable(),
    certifications: z.array(z.string()),
  })
);

const Specialist = lazily(() =>
  OwnProfile().extend({
    email: z.string().nullable().openapi({ description: "null for everybody but the specialist" }),
    services: z.array(z.object({
      _id: Id,
      title: z.string(),
      description: z.string(),
      duration: z.int().nullable().openapi({ description: "Minutes; null while unsaid" }),
      price: z.number().nullable().openapi({ description: "In major units; null: on request" }),
      currency: z.string().openapi({ description: "Addition" }),
    })),
    reviews: z.object({
      avgRating: z.number(),
      totalReviews: z.int(),
      recentReviews: z.array(z.object({
        rating: z.int(),
        review: z.string(),
        customerName: z.string().openapi({ description: "First name and initial", example: "Jane S." }),
        date: Instant,
      })),
    }),
    availability: z.object({
      timezone: z.string(),
      isAvailable: z.boolean().openapi({ description: "Whether a time within 30 days is open" }),
      nextSlots: z.array(Instant),
    }),
  }).openapi("Specialist")
);

const amount = () => z.coerce.number({ error: "must be a number" });

const listRoute = createRoute({
  method: "get",
  path: "/specialists",
  operationId: "findProviders",
  tags,
  summary: "List specialists, best rated first",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        specialty: text(100).optional().openapi({ description: "A whole one, whatever case and accents" }),
        minRating: amount().min(1, "must be at least 1").max(5, "must be at most 5").optional(),
        maxPrice: amount().min(0, "must not be negative").optional().openapi({
          description: "Of an hour, in major units of each one's own currency",
        }),
        currency: Currency.optional().openapi({ description: "Addition: only those with prices in it" }),
        availability: flag("Only those with an open time within 30 days"),
        search: text(200).optional().openapi({ description: "A name or how one begins" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        pageAnswer(z.object({
          specialists: z.array(Card()),
          total: z.int().openapi({ description: "Counted up to 1000" }),
          page: z.int(),
        })),
      "The specialists",
    ),
    ...errorResponses(errors, "INVALID_INPUT"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/specialists/{specialistId}",
  operationId: "readProvider",
  tags,
  summary: "Read a specialist's profile, services, latest reviews and next open times",
  request: { params: SpecialistPath },
  responses: {
    200: jsonResponse(() => answer(Specialist()), "The specialist"),
    ...errorResponses(errors, "INVALID_TOKEN", "PROVIDER_NOT_FOUND"),
  },
});

const words = (maxWords: number, maxLength: number) =>
  z.array(text(maxLength).trim().min(1, "must not be empty"), { error: "must be a list" })
    .max(maxWords, `must have at most ${maxWords} entries`);

const Changes = lazily(() =>
  z.object({
    creatorName: text(200),
    bio: text(10_000),
    headline: text(200),
    specialties: words(30, 100).openapi({ example: ["pricing"] }),
    languages: words(30, 100).openapi({ example: ["English"] }),
    yearsOfExperience: z.int("must be a whole number").min(0, "must not be negative").max(
      80,
      "must be at most 80",
    ),
    certifications: words(50, 200).openapi({ description: "Addition" }),
    profileImage: text(2000).openapi({ description: "Addition: an https address, empty to remove it" }),
    basePrice: z.number({ error: "must be a number" }).min(0, "must not be negative").openapi({
      description: "Addition: of an hour, in major units of the currency",
    }),
    currency: Currency.openapi({ description: "Addition: with basePrice where there is a price already" }),
    availability: z.object({
      timezone: z.string(),
      isAvailable: z.boolean({ error: "must be true or false" }).openapi({
        description: "false: no time is shown or can be booked",
      }),
    }).partial(),
  }).partial()
);

const updateRoute = createRoute({
  method: "put",
  path: "/specialists/{specialistId}",
  operationId: "describeProvider",
  tags,
  summary: "Change what is given of one's own profile",
  request: { params: SpecialistPath, body: jsonBody(Changes) },
  responses: {
    200: jsonResponse(
      () =>
        saidAnswer(
          OwnProfile().extend({
            availability: z.object({
              timezone: z.string().nullable(),
              isAvailable: z.boolean().openapi({ description: "As the specialist said" }),
            }),
          }),
        ),
      "The profile is changed",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "NOT_A_PROVIDER",
      "NOT_YOUR_PROFILE",
      "PROVIDER_NOT_FOUND",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function specialistRoutes(contract: Contract): void {
  publicRoutes(contract).add(listRoute, async (c) => {
    const { minRating, maxPrice, availability, search, specialty, currency, ...query } = c.req.valid("query");
    const page = await findProviders(c.get("db"), {
      search,
      specialty,
      minRating,
      maxRate: maxPrice,
      currency,
      availableOnly: availability,
    }, query);
    return c.json(
      {
        success: true as const,
        data: { specialists: page.items.map(presentSpecialistCard), total: page.total, page: query.page },
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  visitorRoutes(contract).add(readRoute, async (c) => {
    const portrait = await readProviderPortrait(c.get("db"), c.req.valid("param").specialistId);
    return c.json({ success: true as const, data: presentSpecialist(portrait) }, 200);
  });

  userRoutes(contract).add(updateRoute, async (c) => {
    const { availability, ...changes } = c.req.valid("json");
    const provider = await describeProvider(
      c.get("db"),
      c.req.valid("param").specialistId,
      given({
        display_name: changes.creatorName,
        bio: changes.bio,
        headline: changes.headline,
        specialties: changes.specialties,
        languages: changes.languages,
        certifications: changes.certifications,
        years_of_experience: changes.yearsOfExperience,
        timezone: availability?.timezone,
        is_accepting: availability?.isAvailable,
        hourly_rate: changes.basePrice,
        currency: changes.currency,
        image_url: changes.profileImage,
      }),
    );
    const data = presentChangedProfile(provider);
    return c.json({ success: true as const, message: "Profile updated", data }, 200);
  });
}
