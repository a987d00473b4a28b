import { z } from "@hono/zod-openapi";
import type { Json } from "../database.types.ts";
import { AppError } from "../http/errors.ts";
import { call, type Db, type Views } from "./db.ts";

/** The sections of a provider's profile. */
export const sectionNames = [
  "basic_info",
  "professional_details",
  "bio_about",
  "experience",
  "certifications",
  "visual_profile",
] as const;
export type SectionName = (typeof sectionNames)[number];
export type Section = Record<string, Json>;

/** How complete a profile is; the formula is SQL's `private.profile_completeness`. */
export interface Completeness {
  required_fields_complete: boolean;
  completed_sections: SectionName[];
  missing_sections: SectionName[];
  /** 0 to 100. */
  overall_percentage: number;
}

/** A provider's own profile. */
export interface ProviderProfile {
  id: string;
  /** E.164; null for who signed up with an e-mail address alone. */
  phone: string | null;
  email: string | null;
  name: string;
  sections: Record<SectionName, Section>;
  completeness: Completeness;
  isActive: boolean;
  createdAt: string;
  updatedAt: string;
}

/** What can be changed of a profile; what is absent stays. */
export interface ProfileChanges {
  name?: string | undefined;
  email?: string | undefined;
  sections: Partial<Record<SectionName, Record<string, unknown> | undefined>>;
}

/** @throws {AppError} SIGN_IN_REQUIRED, NOT_A_PROVIDER */
export async function readMyProfile(db: Db): Promise<ProviderProfile> {
  return toProviderProfile(await call(db, "read_my_profile", {}));
}

/** Whether the session still exists, and then the profile, null before onboarding; null for a session that has ended. */
export async function readSignedIn(db: Db): Promise<{ profile: ProviderProfile | null } | null> {
  try {
    return { profile: await readMyProfile(db) };
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_A_PROVIDER") return { profile: null };
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  }
}

/** Makes a provider of the signed-in person. @throws {AppError} ALREADY_A_PROVIDER, INVALID_INPUT, SIGN_IN_REQUIRED */
export async function completeOnboarding(
  db: Db,
  { name, email, sections }: ProfileChanges & { name: string },
): Promise<ProviderProfile> {
  return toProviderProfile(
    await call(db, "complete_onboarding", {
      name,
      ...(email === undefined ? {} : { contact_email: email }),
      sections: toJson(sections),
    }),
  );
}

/**
 * Merges changes into the profile: within a section, keys that are given are replaced, null removes one.
 *
 * @throws {AppError} NOT_A_PROVIDER, INVALID_INPUT, SIGN_IN_REQUIRED
 */
export async function updateMyProfile(
  db: Db,
  { name, email, sections }: ProfileChanges,
): Promise<ProviderProfile> {
  return toProviderProfile(
    await call(db, "update_my_profile", {
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { contact_email: email }),
      sections: toJson(sections),
    }),
  );
}

const SectionNames = z.array(z.enum(sectionNames));
const CompletenessRow = z.object({
  required_fields_complete: z.boolean(),
  completed_sections: SectionNames,
  missing_sections: SectionNames,
  overall_percentage: z.int(),
});

/** A provider's profile in its sections, with how complete each is. */
export function toProviderProfile(row: Views["my_provider_profile"]["Row"]): ProviderProfile {
  return {
    id: row.id,
    phone: row.phone,
    email: row.email,
    name: row.name,
    sections: {
      basic_info: asSection(row.basic_info),
      professional_details: asSection(row.professional_details),
      bio_about: asSection(row.bio_about),
      experience: asSection(row.experience),
      certifications: asSection(row.certifications),
      visual_profile: asSection(row.visual_profile),
    },
    completeness: CompletenessRow.parse(row.completeness),
    isActive: row.is_active === true,
    createdAt: row.created_at,
    updatedAt: row.updated_at ?? row.created_at,
  };
}

/** A column that a constraint keeps an object; the generator calls every column of a view nullable. */
const asSection = (json: Json | null) => json as Section;

/** What a JSON body was parsed into is JSON; absent sections are left out. */
function toJson(sections: ProfileChanges["sections"]): Json {
  return Object.fromEntries(Object.entries(sections).filter(([, section]) => section !== undefined)) as Json;
}
