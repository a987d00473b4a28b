/**
 * Every error that the domain or the HTTP kit can give: its status and its words. SQL commands raise the same codes;
 * a contract may have its own status and words for one (see `errorRenderer`).
 */
export const ERRORS = {
  INVALID_INPUT: [400, "The request is not valid"],
  MALFORMED_JSON: [400, "The body is not valid JSON"],
  INVALID_SIGNATURE: [400, "The webhook is not signed by its sender, or too old"],
  SIGN_IN_REQUIRED: [401, "Authentication is required"],
  INVALID_TOKEN: [401, "The access token is not valid or has expired"],
  INVALID_REFRESH_TOKEN: [401, "The refresh token is not valid or its session has ended"],
  INVALID_CREDENTIALS: [401, "Invalid credentials"],
  INVALID_CODE: [401, "The code is wrong or has expired"],
  INVALID_IDENTITY: [401, "The identity token does not prove this account"],
  UNVERIFIED_IDENTITY: [403, "The provider has not verified this e-mail address"],
  ORIGIN_NOT_ALLOWED: [403, "This website may not do that with your cookies"],
  PAYMENT_FAILED: [402, "The payment failed"],
  NOT_A_PROVIDER: [403, "This is for providers only"],
  NOT_YOUR_EVENT: [403, "This event belongs to somebody else"],
  NOT_YOUR_PROFILE: [403, "This profile is somebody else's"],
  NOT_YOUR_REVIEW: [403, "This review is of another provider"],
  NOT_YOUR_BOOKING: [403, "Only who booked it may pay it"],
  NOT_YOUR_NOTES: [403, "Each side writes its own notes only"],
  NOT_THE_PROVIDER: [403, "Only the provider of this booking may do this"],
  NOT_YOUR_AVAILABILITY: [403, "This availability is somebody else's"],
  COMMAND_REQUIRED: [403, "A status changes through a command"],
  NOT_FOUND: [404, "There is nothing here"],
  EVENT_NOT_FOUND: [404, "Event not found"],
  PROVIDER_NOT_FOUND: [404, "Provider not found"],
  BOOKING_NOT_FOUND: [404, "Booking not found"],
  WEBHOOK_NOT_FOUND: [404, "Webhook not found"],
  REVIEW_NOT_FOUND: [404, "Review not found"],
  WAITING_ENTRY_NOT_FOUND: [404, "You do not wait for this"],
  NOTIFICATION_NOT_FOUND: [404, "Notification not found"],
  PAYMENT_NOT_FOUND: [404, "Payment not found"],
  OFFERING_NOT_FOUND: [404, "Offering not found"],
  SCHEDULE_NOT_FOUND: [404, "Availability schedule not found"],
  BLOCKED_TIME_NOT_FOUND: [404, "Blocked time not found"],
  SLOT_NOT_FOUND: [404, "Slot not found"],
  RECEIPT_NOT_FOUND: [404, "This booking has no receipt: it was not paid"],
  RECORDING_NOT_FOUND: [404, "Recording not found"],
  METHOD_NOT_ALLOWED: [405, "This method is not available here"],
  EMAIL_TAKEN: [409, "Email already registered"],
  ALREADY_A_PROVIDER: [409, "You are a provider already"],
  ALREADY_BOOKED: [409, "You have booked this event already"],
  EVENT_FULL: [409, "The event is fully booked"],
  EVENT_CANCELLED: [409, "The event is cancelled"],
  EVENT_STARTED: [409, "The event has begun already"],
  PREPAYMENT_REQUIRED: [409, "This event must be paid before it is booked"],
  PROVIDER_NOT_FREE: [409, "Another booking has this time"],
  CAPACITY_BELOW_BOOKINGS: [409, "The capacity is below the seats already taken"],
  SCHEDULE_EXISTS: [409, "There is an active availability schedule already: change or deactivate it"],
  SCHEDULE_NOT_ACTIVE: [409, "The availability schedule is not active"],
  SLOT_NOT_AVAILABLE: [409, "Slot not available"],
  BOOKING_NOT_CANCELLABLE: [409, "The booking cannot be cancelled any more"],
  BOOKING_NOT_COMPLETED: [409, "Only a completed booking can be reviewed"],
  ALREADY_REVIEWED: [409, "You have reviewed this booking already"],
  BOOKING_NOT_MOVABLE: [409, "The booking cannot be moved any more"],
  RESCHEDULE_NOT_ALLOWED: [409, "The time for moving the booking is over"],
  NOTHING_TO_PAY: [409, "There is nothing to pay for this booking"],
  PAYMENT_PENDING: [409, "The payment is not finished yet"],
  REFUND_NOT_ALLOWED: [409, "This payment cannot be refunded"],
  NO_SHOW_NOT_ALLOWED: [409, "The booking cannot be marked as a no-show"],
  CRM_RECORD_DIFFERS: [409, "This booking is known as another's"],
  MONEY_IN_FLIGHT: [409, "A paid booking, a payment, a refund or a payout is still under way"],
  TOO_MANY_WEBHOOKS: [409, "There are too many webhooks already"],
  WEBHOOK_DISABLED: [409, "The webhook is disabled"],
  IDEMPOTENCY_KEY_IN_USE: [409, "A request with this Idempotency-Key is still running"],
  MEETING_NOT_OPEN: [409, "The meeting is not open"],
  MEETING_NOT_JOINED: [409, "You have not joined this meeting"],
  TOO_MANY_NOTES: [409, "There are too many notes on this booking already"],
  RECORDING_EXPIRED: [410, "This recording is not shared any more"],
  STILL_AVAILABLE: [409, "This can be booked: there is nothing to wait for"],
  TOO_MANY_WAITING: [409, "You are on too many waiting lists already"],
  BOOKING_EXPIRED: [410, "The time to pay this booking has passed"],
  BODY_TOO_LARGE: [413, "The body is too large"],
  UNSUPPORTED_MEDIA_TYPE: [415, "The body must be application/json"],
  IDEMPOTENCY_KEY_REUSED: [422, "This Idempotency-Key came with another request"],
  WEAK_PASSWORD: [422, "The password is too weak"],
  RATE_LIMITED: [429, "Too many requests, try again later"],
  TOO_MANY_TRIES: [429, "Too many wrong codes, ask for a new one"],
  TOO_MANY_HOLDS: [429, "Too many unpaid bookings, pay or cancel one first"],
  INTERNAL: [500, "Something went wrong on our side"],
  SIGN_IN_NOT_CONFIGURED: [503, "Sign-in is not configured here"],
  PAYMENTS_NOT_CONFIGURED: [503, "Payments are not set up here"],
  TRY_AGAIN: [503, "The service is not available at the moment, try again"],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorStatus = (typeof ERRORS)[ErrorCode][0];

/** A field of the request and what is wrong with it. */
export interface FieldError {
  field: string;
  reason: string;
}

/** An error that its client may read. `details` are whitelisted facts, `cause` is for the log only. */
export class AppError extends Error {
  override name = "AppError";
  readonly details: FieldError[];
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    options: { details?: FieldError[]; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(ERRORS[code][1], { cause: options.cause });
    this.details = options.details ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): ErrorStatus {
    return ERRORS[this.code][0];
  }
}

/** Whether a word is one of our error codes. */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(ERRORS, word);
}
