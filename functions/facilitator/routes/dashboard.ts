import { createRoute, z } from "@hono/zod-openapi";
import { readMyHome } from "../../_shared/domain/provider_home.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse } from "../../_shared/http/openapi.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { Offering } from "../offering_schemas.ts";
import { presentOffering } from "../present.ts";
import { presentLoginSession, presentProfile } from "../present_profile.ts";
import { Completeness, LoginSession, Profile } from "../profile_schemas.ts";
import { Success } from "../schemas.ts";

const dashboardRoute = createRoute({
  method: "get",
  path: "/api/facilitator/dashboard",
  operationId: "readMyHome",
  tags: ["Facilitator Profile"],
  summary: "Read my dashboard",
  responses: {
    200: jsonResponse(
      () =>
        Success().extend({
          profile: Profile(),
          completeness: Completeness(),
          offerings: z.array(Offering()).openapi({ description: "The latest 100, active or not" }),
          total_offerings: z.int(),
          session: LoginSession(),
        }),
      "Profile, offerings and session",
    ),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "NOT_A_PROVIDER"),
  },
});

export function dashboardRoutes(contract: Contract): void {
  userRoutes(contract).add(dashboardRoute, async (c) => {
    const { profile, offerings } = await readMyHome(c.get("db"));
    return c.json({
      success: true as const,
      profile: presentProfile(profile),
      completeness: profile.completeness,
      offerings: offerings.items.map(presentOffering),
      total_offerings: offerings.total,
      session: presentLoginSession(c.get("actor")),
    }, 200);
  });
}
