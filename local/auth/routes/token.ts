import type { Exchange, Handler } from "../context.ts";
import { AuthError } from "../errors.ts";
import { grantIdToken } from "./token_id_token.ts";
import { grantPassword } from "./token_password.ts";
import { grantPkce } from "./token_pkce.ts";
import { grantRefreshToken } from "./token_refresh.ts";

const grants: Record<string, Handler> = {
  password: grantPassword,
  refresh_token: grantRefreshToken,
  id_token: grantIdToken,
  pkce: grantPkce,
};

/** `POST /token`; all grants share one limit, as in GoTrue. */
export async function token(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const type = exchange.url.searchParams.get("grant_type") ?? "";
  const grant = Object.hasOwn(grants, type) ? grants[type] : undefined;
  if (!grant) throw new AuthError(400, "invalid_credentials", "unsupported_grant_type");
  auth.limits.take("token", exchange.address);
  return await grant(exchange);
}
