import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { readMyProfile, updateMyProfile } from "../../_shared/domain/provider_profiles.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { reasonOf } from "../../_shared/http/request_input.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { presentProfile } from "../present_profile.ts";
import { Completeness, ContactEmail, Name, Profile, SectionName, Sections } from "../profile_schemas.ts";
import { Done, Section, Success } from "../schemas.ts";

const tags = ["Facilitator Profile"];
const readErrors = errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "NOT_A_PROVIDER");
const writeErrors = errorResponses(
  errors,
  "INVALID_INPUT",
  "SIGN_IN_REQUIRED",
  "INVALID_TOKEN",
  "ORIGIN_NOT_ALLOWED",
  "NOT_A_PROVIDER",
  "IDEMPOTENCY_KEY_REUSED",
);

const readRoute = createRoute({
  method: "get",
  path: "/api/facilitator/profile",
  operationId: "readMyProfile",
  tags,
  summary: "Read my profile",
  responses: {
    200: jsonResponse(() => Success().extend({ profile: Profile() }), "The profile"),
    ...readErrors,
  },
});

const updateRoute = createRoute({
  method: "put",
  path: "/api/facilitator/profile",
  operationId: "updateMyProfile",
  tags,
  summary: "Change my profile",
  description: "Changes what is given. Sections merge by their top-level keys; null removes one.",
  request: {
    body: jsonBody(() =>
      Sections().partial().extend({ name: Name.optional(), email: ContactEmail.optional() })
    ),
  },
  responses: {
    200: jsonResponse(() => Done().extend({ profile: Profile() }), "The changed profile"),
    ...writeErrors,
  },
});

/** One form per section, so that the data of each is checked by its own schema. */
const SectionUpdate = lazily(() =>
  z.object({ section: SectionName, data: Section }).transform((given, context) => {
    const parsed = Sections().shape[given.section].safeParse(given.data);
    if (parsed.success) return { [given.section]: parsed.data };
    for (const issue of parsed.error.issues) {
      context.addIssue({ code: "custom", message: reasonOf(issue), path: ["data", ...issue.path] });
    }
    return z.NEVER;
  })
);

const sectionRoute = createRoute({
  method: "put",
  path: "/api/facilitator/profile/section",
  operationId: "updateMyProfileSection",
  tags,
  summary: "Change one section of my profile",
  description: "Merged by top-level key: what is given is replaced, null removes it, the rest stays.",
  request: { body: jsonBody(SectionUpdate) },
  responses: {
    200: jsonResponse(() => Done().extend({ profile: Profile() }), "The changed profile"),
    ...writeErrors,
  },
});

const completenessRoute = createRoute({
  method: "get",
  path: "/api/facilitator/profile/check-completeness",
  operationId: "readProfileCompleteness",
  tags,
  summary: "Check how complete my profile is",
  description: "25 % each for name and e-mail, the required fields; 12.5 % for each of basic_info, " +
    "professional_details, bio_about and experience that says something. The other two sections are optional.",
  responses: {
    200: jsonResponse(
      () =>
        Success().extend({
          completeness: Completeness(),
        }),
      "What is there, what is missing",
    ),
    ...readErrors,
  },
});

export function profileRoutes(contract: Contract): void {
  const routes = userRoutes(contract);
  const changed = { success: true as const, message: "Profile updated successfully" };

  routes.add(readRoute, async (c) => {
    const profile = await readMyProfile(c.get("db"));
    return c.json({ success: true as const, profile: presentProfile(profile) }, 200);
  });

  routes.add(updateRoute, async (c) => {
    const { name, email, ...sections } = c.req.valid("json");
    const profile = await updateMyProfile(c.get("db"), { name, email, sections });
    return c.json({ ...changed, profile: presentProfile(profile) }, 200);
  });

  routes.add(sectionRoute, async (c) => {
    const profile = await updateMyProfile(c.get("db"), { sections: c.req.valid("json") });
    return c.json({ ...changed, profile: presentProfile(profile) }, 200);
  });

  routes.add(completenessRoute, async (c) => {
    const { completeness } = await readMyProfile(c.get("db"));
    return c.json({ success: true as const, completeness }, 200);
  });
}
