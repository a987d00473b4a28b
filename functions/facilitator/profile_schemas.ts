import { z } from "@hono/zod-openapi";
import { lazily } from "../_shared/lazily.ts";
import { sectionNames } from "../_shared/domain/provider_profiles.ts";
import { DateTime, Id, isShallow, maxDepth, Section, text } from "./schemas.ts";

/** A section as it is sent: what the document names is typed, everything else is kept as it comes. */
function section<S extends z.ZodRawShape>(name: string, shape: S) {
  return z.looseObject(shape).refine(
    (value) => isShallow(value),
    `must not be nested deeper than ${maxDepth}`,
  )
    .openapi(name, {
      description: "Merged by top-level key: what is given is replaced, null removes it, the rest stays",
    });
}

const BasicInfo = section("BasicInfo", {
  age: z.int("must be a whole number").min(0, "must not be negative").max(150, "must be at most 150")
    .nullish()
    .openapi({ example: 30 }),
  location: text(200).nullish().openapi({ example: "New York" }),
  languages: z.array(text(100)).max(100, "must have at most 100 entries").nullish()
    .openapi({ example: ["English", "Spanish"] }),
});

export const Sections = lazily(() =>
  z.object({
    basic_info: BasicInfo,
    professional_details: section("ProfessionalDetails", {}),
    bio_about: section("BioAbout", {}),
    experience: section("Experience", {}),
    certifications: section("Certifications", {}),
    visual_profile: section("VisualProfile", {}),
  })
);

export const SectionName = z.enum(sectionNames, `must be one of ${sectionNames.join(", ")}`)
  .openapi({ example: "basic_info" });

export const Name = z.string().trim().min(1, "must not be empty").max(200, "must have at most 200 characters")
  .openapi({ example: "John Doe" });
export const ContactEmail = z.email("must be an e-mail address").max(255, "must have at most 255 characters")
  .openapi({ description: "Unverified: never used to sign in", example: "john@example.com" });

export const Profile = lazily(() =>
  z.object({
    id: Id,
    phone_number: z.string().nullable().openapi({ example: "+12025550123" }),
    email: z.string().nullable().openapi({ example: "john@example.com" }),
    name: z.string(),
    basic_info: Section,
    professional_details: Section,
    bio_about: Section,
    experience: Section,
    certifications: Section,
    visual_profile: Section,
    is_active: z.boolean(),
    created_at: DateTime,
    updated_at: DateTime,
  }).openapi("Profile")
);

const SectionNames = z.array(z.enum(sectionNames));

export const Completeness = lazily(() =>
  z.object({
    required_fields_complete: z.boolean(),
    completed_sections: SectionNames,
    missing_sections: SectionNames,
    overall_percentage: z.int().openapi({ example: 75 }),
  }).openapi("Completeness")
);

export const LoginSession = lazily(() =>
  z.object({
    user_id: Id,
    via: z.enum(["cookie", "token"]).openapi({ description: "How the request was signed in" }),
    expires_at: DateTime.openapi({ description: "When the cookie or the access token expires" }),
  }).openapi("LoginSession")
);
