/** The version of Stripe's API that the simulator speaks: the one of the pinned SDK, whose types its objects have. */
export const apiVersion = "2026-10-28.endive";
