import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db, type Tables } from "./db.ts";

export type Review = Tables["reviews"]["Row"];

const Rating = z.number();

/** A review as everybody sees it. */
const ReviewListing = lazily(() =>
  z.object({
    id: z.string(),
    rating: Rating,
    professionalism: Rating.nullable(),
    expertise: Rating.nullable(),
    communication: Rating.nullable(),
    value_for_money: Rating.nullable(),
    punctuality: Rating.nullable(),
    text: z.string().nullable(),
    /** First name and initial; empty once the account is deleted. */
    reviewer_name: z.string(),
    response: z.string().nullable(),
    responded_at: z.string().nullable(),
    created_at: z.string(),
  })
);
export type ReviewListing = z.output<ReturnType<typeof ReviewListing>>;

/** A page of a provider's reviews with the rating that all of them give. */
export interface ReviewPage extends Page<ReviewListing> {
  /** Null without any review. */
  ratingAverage: number | null;
  ratingCount: number;
  /** How many gave 1, 2, 3, 4 and 5. */
  ratingCounts: number[];
}

export interface NewReview {
  rating: number;
  text?: string;
  professionalism?: number;
  expertise?: number;
  communication?: number;
  value_for_money?: number;
  punctuality?: number;
}

export const reviewSorts = ["newest", "oldest", "highest", "lowest"] as const;

/**
 * Reviews a completed booking of the signed-in person.
 *
 * @throws {AppError} BOOKING_NOT_FOUND, BOOKING_NOT_COMPLETED, ALREADY_REVIEWED, INVALID_INPUT
 */
export function reviewBooking(db: Db, bookingId: string, review: NewReview): Promise<Review> {
  return call(db, "review_booking", { booking_id: bookingId, ...review });
}

/**
 * Publishes the signed-in provider's answer to a review of theirs; a later one takes its place.
 *
 * @throws {AppError} NOT_A_PROVIDER, NOT_YOUR_REVIEW, REVIEW_NOT_FOUND, INVALID_INPUT
 */
export function respondToReview(db: Db, reviewId: string, response: string): Promise<Review> {
  return call(db, "respond_to_review", { review_id: reviewId, response });
}

/** Reviews of a provider, of one rating or of all. @throws {AppError} PROVIDER_NOT_FOUND */
export async function listReviews(
  db: Db,
  providerId: string,
  { rating, sort }: { rating?: number | undefined; sort: typeof reviewSorts[number] },
  query: PageQuery,
): Promise<ReviewPage> {
  const page = await call(db, "list_reviews", {
    provider_id: providerId,
    sort,
    ...pageSlice(query),
    ...(rating === undefined ? {} : { rating }),
  });
  return {
    items: parseReviews(page.items),
    total: page.total ?? 0,
    totalIsExact: true,
    ratingAverage: page.rating_average,
    ratingCount: page.rating_count ?? 0,
    ratingCounts: page.rating_counts ?? [],
  };
}

/** Reviews in the form of private.present_reviews. */
export function parseReviews(json: unknown): ReviewListing[] {
  return z.array(ReviewListing()).parse(json);
}
