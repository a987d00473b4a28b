import type { Page } from "../http/pagination.ts";
import { call, type Db, type Views } from "./db.ts";
import type { OfferingListing } from "./offerings.ts";
import { toPage } from "./page.ts";
import { type ProviderProfile, toProviderProfile } from "./provider_profiles.ts";

/** What a provider's start page shows: the profile, and the latest 100 offerings. */
export interface ProviderHome {
  profile: ProviderProfile;
  offerings: Page<OfferingListing>;
}

/** @throws {AppError} SIGN_IN_REQUIRED, NOT_A_PROVIDER */
export async function readMyHome(db: Db): Promise<ProviderHome> {
  const row = await call(db, "read_my_home", {});
  return {
    // A row of the view as JSON, see the type's comment in SQL.
    profile: toProviderProfile(row.profile as unknown as Views["my_provider_profile"]["Row"]),
    offerings: toPage({
      items: row.offerings,
      total: row.offerings_total,
      total_is_exact: row.offerings_total_is_exact,
    }),
  };
}
