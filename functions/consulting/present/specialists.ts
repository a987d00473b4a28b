import { toMajorUnits } from "../../_shared/domain/money.ts";
import type { ProviderCard, ProviderPortrait } from "../../_shared/domain/provider_portraits.ts";
import type { Tables } from "../../_shared/domain/db.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";

export function presentSpecialistCard(card: ProviderCard) {
  return {
    _id: card.id,
    name: card.display_name,
    headline: card.headline ?? "",
    bio: card.bio ?? "",
    profileImage: card.image_url,
    specialties: card.specialties,
    avgRating: card.rating_average ?? 0,
    reviewCount: card.rating_count,
    basePrice: toMajorUnits(card.hourly_rate_minor, card.currency),
    currency: card.currency,
    availability: {
      isAvailable: card.next_open_at !== null,
      nextAvailableSlot: card.next_open_at && toZonedUtcText(card.next_open_at),
    },
  };
}

export function presentSpecialist({ provider, email, offerings, reviews, openTimes }: ProviderPortrait) {
  return {
    ...presentProfile(provider),
    email,
    services: offerings.map((offering) => ({
      _id: offering.id,
      title: offering.title,
      description: offering.description,
      duration: offering.duration_minutes,
      price: offering.price_minor === null ? null : toMajorUnits(offering.price_minor, offering.currency),
      currency: offering.currency,
    })),
    reviews: {
      avgRating: provider.rating_average ?? 0,
      totalReviews: provider.rating_count,
      recentReviews: reviews.map((review) => ({
        rating: review.rating,
        review: review.text ?? "",
        customerName: review.reviewer_name,
        date: toZonedUtcText(review.created_at),
      })),
    },
    availability: {
      timezone: provider.timezone,
      isAvailable: openTimes.length > 0,
      nextSlots: openTimes.map(toZonedUtcText),
    },
  };
}

type Profile = Omit<
  ProviderPortrait["provider"],
  "rating_average" | "rating_count" | "timezone" | "is_accepting"
>;

function presentProfile(provider: Profile) {
  return {
    _id: provider.id,
    name: provider.display_name,
    headline: provider.headline ?? "",
    bio: provider.bio ?? "",
    profileImage: provider.image_url,
    specialties: provider.specialties,
    languages: provider.languages,
    yearsOfExperience: provider.years_of_experience,
    certifications: provider.certifications,
    basePrice: toMajorUnits(provider.hourly_rate_minor, provider.currency),
    currency: provider.currency,
  };
}

/** A profile as its specialist left it: `isAvailable` is what they said, not whether a time is open. */
export function presentChangedProfile(provider: Tables["providers"]["Row"]) {
  return {
    ...presentProfile(provider),
    availability: { timezone: provider.timezone, isAvailable: provider.is_accepting },
  };
}
