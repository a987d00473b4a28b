import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { register, type SignedIn, signIn } from "../../_shared/domain/accounts.ts";
import { clientAddress } from "../../_shared/http/client_address.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { preferredLanguage } from "../../_shared/http/language.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes } from "../../_shared/http/routes.ts";
import { signInLimit } from "../../_shared/http/sign_in_limit.ts";
import { errors } from "../errors.ts";
import { Id } from "../schemas.ts";

const tags = ["Authentication"];
const UserType = z.enum(["specialist", "customer"], "must be specialist or customer");

const Credentials = lazily(() =>
  z.object({
    email: z.email("must be an e-mail address").max(255).openapi({ example: "john@example.com" }),
    password: z.string().min(1, "must not be empty").max(72, "must have at most 72 characters")
      .openapi({ example: "password123" }),
  })
);

const NewAccount = lazily(() =>
  Credentials().extend({
    name: z.string().trim().min(1, "must not be empty").max(200, "must have at most 200 characters")
      .openapi({ example: "John Doe" }),
    userType: UserType.optional().openapi({ description: "Default: as isSpecialist says, else customer" }),
    isSpecialist: z.boolean().optional().openapi({ description: "The same in another word" }),
    membership: z.enum(["free", "pro"], "must be free or pro").default("free").openapi({
      description: "Every account begins as free; pro is not sold yet",
    }),
  }).refine(
    ({ userType, isSpecialist }) =>
      userType === undefined || isSpecialist === undefined || isSpecialist === (userType === "specialist"),
    { path: ["isSpecialist"], error: "must say the same as userType" },
  )
);

const SignedInAnswer = lazily(() =>
  z.object({
    success: z.literal(true),
    token: z.string().openapi({ description: "The access token" }),
    refresh_token: z.string().openapi({ description: "Addition: renews the session through Supabase Auth" }),
    expires_in: z.int().openapi({ description: "Addition: seconds until the access token expires" }),
    user: z.object({ id: Id, name: z.string(), email: z.string(), userType: UserType }),
  }).openapi("SignedIn")
);

const signUpRoute = createRoute({
  method: "post",
  path: "/auth/signup",
  operationId: "register",
  tags,
  summary: "Create a new account",
  request: { body: jsonBody(NewAccount) },
  responses: {
    200: jsonResponse(SignedInAnswer, "The account, signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "EMAIL_TAKEN", "WEAK_PASSWORD", "RATE_LIMITED"),
  },
});

const logInRoute = createRoute({
  method: "post",
  path: "/auth/login",
  operationId: "signIn",
  tags,
  summary: "Sign in with e-mail and password",
  description: "Addition: the document has no way to a token but signing up.",
  request: { body: jsonBody(Credentials) },
  responses: {
    200: jsonResponse(SignedInAnswer, "Signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "INVALID_CREDENTIALS", "RATE_LIMITED"),
  },
});

function presentSignedIn({ accessToken, refreshToken, expiresIn, account }: SignedIn) {
  return {
    success: true as const,
    token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresIn,
    user: {
      id: account.id,
      name: account.name,
      email: account.email,
      userType: account.isProvider ? "specialist" as const : "customer" as const,
    },
  };
}

export function authRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = publicRoutes(contract);
  const limit = signInLimit(runtime);

  routes.add(signUpRoute, async (c) => {
    const { userType, isSpecialist, membership: _, ...account } = c.req.valid("json");
    await limit(c, account.email);
    const signedIn = await register(runtime, {
      ...account,
      locale: preferredLanguage(c.req.header("accept-language")),
      ...(userType === "specialist" || isSpecialist ? { provider: {} } : {}),
    }, clientAddress(c, runtime.config));
    return c.json(presentSignedIn(signedIn), 200);
  });

  routes.add(logInRoute, async (c) => {
    const credentials = c.req.valid("json");
    await limit(c, credentials.email);
    return c.json(presentSignedIn(await signIn(runtime, credentials, clientAddress(c, runtime.config))), 200);
  });
}
