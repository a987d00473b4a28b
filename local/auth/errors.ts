/** A refusal in GoTrue's words: its status, its `error_code`, its text. */
export class AuthError extends Error {
  override name = "AuthError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Further members of the answer, such as `weak_password`. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** A refusal in the words of OAuth 2, which GoTrue gives for broken token requests. */
export class OAuthError extends Error {
  override name = "OAuthError";

  constructor(readonly error: string, description: string) {
    super(description);
  }
}

const versionHeader = "x-supabase-api-version";
const versionWithTextCodes = "2024-01-01";
const unexpected = "Unexpected failure, please check server logs for more information";

/** The refusal of a body or parameter that does not fit. */
export function validationFailed(message: string): AuthError {
  return new AuthError(400, "validation_failed", message);
}

/** The refusal of a code or link; it does not tell which of its parts was wrong. */
export function codeRefused(): AuthError {
  return new AuthError(403, "otp_expired", "Token has expired or is invalid");
}

/** The refusal of an address that another user has. */
export function emailExists(): AuthError {
  return new AuthError(422, "email_exists", "A user with this email address has already been registered");
}

/** The refusal of a number that another user has. */
export function phoneExists(): AuthError {
  return new AuthError(422, "phone_exists", "A user with this phone number has already been registered");
}

/** Whether a row of `auth` exists already; the project's own triggers may violate other constraints. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, schema } = error as Error & Record<string, unknown>;
  return code === "23505" && schema === "auth";
}

/** The answer to a request that failed; what is not a refusal becomes GoTrue's 500. */
export function errorResponse(error: unknown, request: Request): Response {
  if (error instanceof OAuthError) {
    return Response.json({ error: error.error, error_description: error.message }, { status: 400 });
  }
  const refusal = error instanceof AuthError ? error : new AuthError(500, "unexpected_failure", unexpected);
  const { status, code, message, members } = refusal;
  const headers = new Headers({ "x-sb-error-code": code });
  // Clients that name this version read the code as text, older ones as the status.
  const version = request.headers.get(versionHeader) ?? "";
  if (/^\d{4}-\d\d-\d\d$/.test(version) && version >= versionWithTextCodes) {
    headers.set(versionHeader, versionWithTextCodes);
    return Response.json({ code, message, ...members }, { status, headers });
  }
  return Response.json({ code: status, error_code: code, msg: message, ...members }, { status, headers });
}
