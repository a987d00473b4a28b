import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db, type Tables } from "./db.ts";
import { toPage } from "./page.ts";
import { parseReviews, type ReviewListing } from "./reviews.ts";

/** A provider as lists show them to who looks for one-to-one time. */
export interface ProviderCard {
  id: string;
  display_name: string;
  headline: string | null;
  bio: string | null;
  image_url: string | null;
  specialties: string[];
  /** Null without any review. */
  rating_average: number | null;
  rating_count: number;
  hourly_rate_minor: number;
  currency: string;
  is_accepting: boolean;
  /** Null when none is known within 30 days, or they take no bookings. */
  next_open_at: string | null;
}

const Provider = lazily(() =>
  z.object({
    id: z.string(),
    display_name: z.string(),
    headline: z.string().nullable(),
    bio: z.string().nullable(),
    image_url: z.string().nullable(),
    specialties: z.array(z.string()),
    languages: z.array(z.string()),
    certifications: z.array(z.string()),
    years_of_experience: z.number().nullable(),
    rating_average: z.number().nullable(),
    rating_count: z.number(),
    hourly_rate_minor: z.number(),
    currency: z.string(),
    timezone: z.string(),
    is_accepting: z.boolean(),
  })
);

const Offering = lazily(() =>
  z.object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    duration_minutes: z.number().nullable(),
    price_minor: z.number().nullable(),
    currency: z.string(),
  })
);

/** A provider with what they offer, how they were reviewed and when they are free. */
export interface ProviderPortrait {
  provider: z.output<ReturnType<typeof Provider>>;
  /** For themselves alone. */
  email: string | null;
  offerings: z.output<ReturnType<typeof Offering>>[];
  /** The latest five. */
  reviews: ReviewListing[];
  /** The beginnings of the next five, ISO 8601. */
  openTimes: string[];
}

/** Whom to find; what is absent does not matter. */
export interface ProviderFilter {
  search?: string | undefined;
  specialty?: string | undefined;
  minRating?: number | undefined;
  /** Of an hour, in major units of each one's own currency. */
  maxRate?: number | undefined;
  currency?: string | undefined;
  availableOnly: boolean;
}

/** What a provider may say of themselves. `hourly_rate` is in major units of `currency`. */
export interface ProviderChanges {
  display_name?: string;
  bio?: string;
  headline?: string;
  specialties?: string[];
  languages?: string[];
  certifications?: string[];
  years_of_experience?: number;
  timezone?: string;
  is_accepting?: boolean;
  hourly_rate?: number;
  currency?: string;
  image_url?: string;
}

/** Active providers, best rated first, or best match first when a name is searched. */
export async function findProviders(
  db: Db,
  { search, specialty, minRating, maxRate, currency, availableOnly }: ProviderFilter,
  query: PageQuery,
): Promise<Page<ProviderCard>> {
  return toPage(
    await call(db, "find_providers", {
      ...pageSlice(query),
      available_only: availableOnly,
      ...(search ? { search } : {}),
      ...(specialty ? { specialty } : {}),
      ...(minRating === undefined ? {} : { min_rating: minRating }),
      ...(maxRate === undefined ? {} : { max_rate: maxRate }),
      ...(currency ? { currency } : {}),
    }),
  );
}

/** One active provider. @throws {AppError} PROVIDER_NOT_FOUND */
export async function readProviderPortrait(db: Db, providerId: string): Promise<ProviderPortrait> {
  const row = await call(db, "read_provider", { provider_id: providerId });
  return {
    provider: Provider().parse(row.provider),
    email: row.email,
    offerings: z.array(Offering()).parse(row.offerings),
    reviews: parseReviews(row.reviews),
    openTimes: z.array(z.string()).parse(row.open_times),
  };
}

/**
 * Changes what is given of the signed-in provider's profile.
 *
 * @throws {AppError} NOT_A_PROVIDER, NOT_YOUR_PROFILE, PROVIDER_NOT_FOUND, INVALID_INPUT
 */
export function describeProvider(
  db: Db,
  providerId: string,
  changes: ProviderChanges,
): Promise<Tables["providers"]["Row"]> {
  return call(db, "describe_provider", { provider_id: providerId, ...changes });
}

const refreshedAtOnce = 10;

/** Computes anew when providers are free next, for whom that is due, in small portions until the time is up. */
export async function refreshOpenings(db: Db, { until }: { until: () => boolean }): Promise<void> {
  for (;;) {
    const refreshed = await call(db, "refresh_openings", { max_providers: refreshedAtOnce });
    if (refreshed < refreshedAtOnce || until()) return;
  }
}
