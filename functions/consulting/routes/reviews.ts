import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { listReviews, respondToReview, reviewBooking, reviewSorts } from "../../_shared/domain/reviews.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { given } from "../../_shared/http/given.ts";
import { errorResponses, jsonBody, jsonResponse, lazySchema, pathIds } from "../../_shared/http/openapi.ts";
import { exactHeader } from "../../_shared/http/pagination.ts";
import { publicRoutes, userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { text } from "../request_fields.ts";
import {
  presentAnsweredReview,
  presentNewReview,
  presentReview,
  presentReviewSummary,
} from "../present/reviews.ts";
import { Id, Instant, pageAnswer, PageQuery, presentPagination, saidAnswer } from "../schemas.ts";

const tags = ["Reviews"];

const Rating = z.int("must be a whole number").min(1, "must be at least 1").max(5, "must be at most 5")
  .openapi({ example: 5 });
const aspect = () => z.int().nullable();

const Aspects = lazily(() =>
  z.object({
    professionalism: Rating,
    expertise: Rating,
    communication: Rating,
    valueForMoney: Rating,
    punctuality: Rating,
  }).partial()
);

const Review = lazily(() =>
  z.object({
    _id: Id,
    rating: z.int(),
    reviewText: z.string().openapi({ description: "As it was written: data, never markup" }),
    customerName: z.string().openapi({
      description: "First name and initial; empty once the account is deleted",
      example: "Jane S.",
    }),
    aspects: z.object({
      professionalism: aspect(),
      expertise: aspect(),
      communication: aspect(),
      valueForMoney: aspect(),
      punctuality: aspect(),
    }),
    createdAt: Instant,
    specialistResponse: z.string().nullable(),
  }).openapi("Review")
);

const count = () => z.int();

const NewReview = lazily(() => z.object({ _id: Id, bookingId: Id, rating: z.int(), createdAt: Instant }));

const createReviewRoute = createRoute({
  method: "post",
  path: "/reviews",
  operationId: "reviewBooking",
  tags,
  summary: "Review a completed session, once",
  request: {
    body: jsonBody(() =>
      z.object({
        bookingId: Id,
        rating: Rating,
        reviewText: text(5000).optional().openapi({ example: "Very helpful" }),
        aspects: Aspects().optional(),
      })
    ),
  },
  responses: {
    200: jsonResponse(() => saidAnswer(NewReview()), "The review is published"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "BOOKING_NOT_FOUND",
      "BOOKING_NOT_COMPLETED",
      "ALREADY_REVIEWED",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/reviews/specialist/{specialistId}",
  operationId: "listReviews",
  tags,
  summary: "Read a specialist's reviews",
  description: "`total` is of the filtered list, `summary` of all reviews.",
  request: {
    params: pathIds({ specialistId: "PROVIDER_NOT_FOUND" }),
    query: lazySchema(() =>
      PageQuery.extend({
        rating: z.coerce.number({ error: "must be a number" }).pipe(Rating).optional().openapi({
          type: "integer",
          minimum: 1,
          maximum: 5,
        }),
        sort: z.enum(reviewSorts, "must be newest, oldest, highest or lowest").default("newest"),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        pageAnswer(z.object({
          reviews: z.array(Review()),
          summary: z.object({
            averageRating: z.number().openapi({ description: "To two decimals; 0 without any review" }),
            totalReviews: count(),
            ratingDistribution: z.object({ 5: count(), 4: count(), 3: count(), 2: count(), 1: count() }),
          }),
          total: z.int(),
          page: z.int(),
        })),
      "The reviews",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "PROVIDER_NOT_FOUND"),
  },
});

const respondRoute = createRoute({
  method: "post",
  path: "/reviews/{reviewId}/respond",
  operationId: "respondToReview",
  tags,
  summary: "Answer a review of oneself; a later answer takes the place of an earlier one",
  request: {
    params: pathIds({ reviewId: "REVIEW_NOT_FOUND" }),
    body: jsonBody(() =>
      z.object({
        response: text(5000).trim().min(1, "must not be empty").openapi({ example: "Thank you" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        saidAnswer(
          NewReview().extend({
            reviewText: z.string(),
            specialistResponse: z.string().nullable(),
            respondedAt: Instant.nullable(),
          }),
        ),
      "The answer is published",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "NOT_A_PROVIDER",
      "NOT_YOUR_REVIEW",
      "REVIEW_NOT_FOUND",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function reviewRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(createReviewRoute, async (c) => {
    const { bookingId, rating, reviewText, aspects: { valueForMoney, ...aspects } = {} } = c.req.valid(
      "json",
    );
    const review = await reviewBooking(c.get("db"), bookingId, {
      rating,
      ...given({ text: reviewText, value_for_money: valueForMoney, ...aspects }),
    });
    return c.json(
      { success: true as const, message: "Review submitted", data: presentNewReview(review) },
      200,
    );
  });

  publicRoutes(contract).add(listRoute, async (c) => {
    const { rating, sort, ...query } = c.req.valid("query");
    const { specialistId } = c.req.valid("param");
    const page = await listReviews(c.get("db"), specialistId, { rating, sort }, query);
    return c.json(
      {
        success: true as const,
        data: {
          reviews: page.items.map(presentReview),
          summary: presentReviewSummary(page),
          total: page.total,
          page: query.page,
        },
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(respondRoute, async (c) => {
    const { response } = c.req.valid("json");
    const review = await respondToReview(c.get("db"), c.req.valid("param").reviewId, response);
    const data = presentAnsweredReview(review);
    return c.json({ success: true as const, message: "Response added", data }, 200);
  });
}
