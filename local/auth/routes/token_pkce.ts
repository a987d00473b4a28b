import type { AuthenticationMethod } from "../access_tokens.ts";
import { type Exchange, inTransaction } from "../context.ts";
import { decodeBody } from "../decode.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { deleteFlow, findFlow, fitsVerifier, isFlowExpired } from "../pkce.ts";
import { issueSession } from "../sessions.ts";
import { findUserById } from "../users.ts";

/** `POST /token?grant_type=pkce`: exchanges the code of a followed link or redirect. */
export async function grantPkce(exchange: Exchange): Promise<Response> {
  const { auth_code, code_verifier } = await decodeBody(exchange.request, "PKCEGrantParams", {
    auth_code: "string",
    code_verifier: "string",
  });
  if (auth_code === "" || code_verifier === "") {
    throw validationFailed("invalid request: both auth code and code verifier should be non-empty");
  }
  const answer = await inTransaction(exchange, async (work) => {
    const flow = await findFlow(work.sql, auth_code);
    const user = flow?.user_id ? await findUserById(work.sql, flow.user_id, { lock: true }) : null;
    if (!flow || !user) {
      throw new AuthError(404, "flow_state_not_found", "invalid flow state, no valid flow state found");
    }
    if (isFlowExpired(flow, work.now)) {
      throw new AuthError(422, "flow_state_expired", "invalid flow state, flow state has expired");
    }
    if (!fitsVerifier(flow, code_verifier)) {
      throw new AuthError(
        400,
        "bad_code_verifier",
        "code challenge does not match previously saved code verifier",
      );
    }
    const method: AuthenticationMethod = flow.authentication_method;
    const session = await issueSession(work, { user, method });
    await deleteFlow(work.sql, flow);
    return {
      ...session,
      ...(flow.provider_access_token ? { provider_token: flow.provider_access_token } : {}),
      ...(flow.provider_refresh_token ? { provider_refresh_token: flow.provider_refresh_token } : {}),
    };
  });
  return Response.json(answer);
}
