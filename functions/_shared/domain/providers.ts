import { AppError } from "../http/errors.ts";
import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db, rowsOf } from "./db.ts";
import { toPage } from "./page.ts";

/** Who publishes and is booked, as everybody sees them. */
export interface Provider {
  id: string;
  display_name: string;
  bio: string | null;
  specialization: string | null;
  created_at: string;
}

/** Active providers, by name. */
export async function listProviders(db: Db, query: PageQuery): Promise<Page<Provider>> {
  return toPage(await call(db, "list_providers", pageSlice(query)));
}

/** One active provider. @throws {AppError} PROVIDER_NOT_FOUND */
export async function readProvider(db: Db, providerId: string): Promise<Provider> {
  const row = await rowsOf(
    db.client.from("providers").select("id, display_name, bio, specialization, created_at")
      .eq("id", providerId).is("retired_at", null).maybeSingle(),
  );
  if (!row) throw new AppError("PROVIDER_NOT_FOUND");
  return row;
}
