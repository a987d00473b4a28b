import type { Json } from "../_shared/database.types.ts";
import type { Offering, OfferingListing } from "../_shared/domain/offerings.ts";
import type { FoundProvider } from "../_shared/domain/provider_search.ts";
import { toMajorUnits } from "../_shared/domain/money.ts";
import type { Page, PageQuery } from "../_shared/http/pagination.ts";
import { toZonedUtcText } from "../_shared/http/times.ts";

/** Where a page stands among all of its list. */
export function presentPagination({ page, limit }: PageQuery, { total }: Page<unknown>) {
  return { page, limit, total, pages: Math.ceil(total / limit) };
}

/** A column that a constraint keeps an object. */
const asObject = (json: Json) => json as Record<string, Json>;

export function presentOffering(offering: Offering | OfferingListing) {
  return {
    id: offering.id,
    facilitator_id: offering.provider_id,
    title: offering.title,
    description: offering.description,
    category: offering.category,
    category_id: offering.category_id,
    subcategory_id: offering.subcategory_id,
    basic_info: asObject(offering.basic_info),
    details: asObject(offering.details),
    price_schedule: asObject(offering.price_schedule),
    price: offering.price_minor === null ? null : toMajorUnits(offering.price_minor, offering.currency),
    currency: offering.currency,
    duration_minutes: offering.duration_minutes,
    is_active: offering.is_active,
    created_at: toZonedUtcText(offering.created_at),
    updated_at: toZonedUtcText(offering.updated_at),
  };
}

export function presentFoundOffering(offering: OfferingListing) {
  return { ...presentOffering(offering), facilitator_name: offering.provider_name };
}

export function presentFoundProvider({ id, display_name, bio, specialization, created_at }: FoundProvider) {
  return { id, name: display_name, bio, specialization, created_at: toZonedUtcText(created_at) };
}
