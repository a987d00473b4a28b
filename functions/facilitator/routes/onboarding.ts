import { createRoute } from "@hono/zod-openapi";
import { completeOnboarding } from "../../_shared/domain/provider_profiles.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { presentProfile } from "../present_profile.ts";
import { ContactEmail, Name, Profile, Sections } from "../profile_schemas.ts";
import { Done } from "../schemas.ts";

const onboarding = createRoute({
  method: "post",
  path: "/api/auth/complete-onboarding",
  operationId: "completeOnboarding",
  tags: ["Authentication"],
  summary: "Create the facilitator's profile",
  description: "For who has signed in and is no facilitator yet.",
  request: {
    body: jsonBody(() => Sections().partial().extend({ name: Name, email: ContactEmail.optional() })),
  },
  responses: {
    201: jsonResponse(() => Done().extend({ facilitator: Profile() }), "The facilitator"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "ORIGIN_NOT_ALLOWED",
      "ALREADY_A_PROVIDER",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export function onboardingRoutes(contract: Contract): void {
  userRoutes(contract).add(onboarding, async (c) => {
    const { name, email, ...sections } = c.req.valid("json");
    const profile = await completeOnboarding(c.get("db"), { name, email, sections });
    return c.json({
      success: true as const,
      message: "Onboarding completed successfully",
      facilitator: presentProfile(profile),
    }, 201);
  });
}
