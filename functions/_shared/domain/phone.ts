import { AppError } from "../http/errors.ts";

/**
 * A phone number in E.164, however it was written.
 *
 * @throws {AppError} INVALID_INPUT when it is none, or one that no SMS reaches (landline, toll-free, extension)
 */
export async function normalizePhone(text: string): Promise<string> {
  // With the metadata of mobile numbers alone, only they are valid.
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/mobile");
  const phone = parsePhoneNumberFromString(text, { extract: false });
  if (!phone || !phone.isPossible() || phone.ext) {
    throw invalid("must be a phone number such as +12025550123");
  }
  if (!phone.isValid()) throw invalid("must be a mobile number that can receive SMS");
  return phone.number;
}

function invalid(reason: string): AppError {
  return new AppError("INVALID_INPUT", { details: [{ field: "phone_number", reason }] });
}
