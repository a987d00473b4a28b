import type { Review, ReviewListing, ReviewPage } from "../../_shared/domain/reviews.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";

export function presentReview(review: ReviewListing) {
  return {
    _id: review.id,
    rating: review.rating,
    reviewText: review.text ?? "",
    customerName: review.reviewer_name,
    aspects: {
      professionalism: review.professionalism,
      expertise: review.expertise,
      communication: review.communication,
      valueForMoney: review.value_for_money,
      punctuality: review.punctuality,
    },
    createdAt: toZonedUtcText(review.created_at),
    specialistResponse: review.response,
  };
}

export function presentReviewSummary({ ratingAverage, ratingCount, ratingCounts }: ReviewPage) {
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = ratingCounts;
  return {
    averageRating: ratingAverage ?? 0,
    totalReviews: ratingCount,
    ratingDistribution: { 5: five, 4: four, 3: three, 2: two, 1: one },
  };
}

export function presentNewReview(review: Review) {
  return {
    _id: review.id,
    bookingId: review.booking_id,
    rating: review.rating,
    createdAt: toZonedUtcText(review.created_at),
  };
}

export function presentAnsweredReview(review: Review) {
  return {
    ...presentNewReview(review),
    reviewText: review.text ?? "",
    specialistResponse: review.response,
    respondedAt: review.responded_at && toZonedUtcText(review.responded_at),
  };
}
