import type { PhoneSignIn } from "../_shared/domain/phone_sign_in.ts";
import type { ProviderProfile } from "../_shared/domain/provider_profiles.ts";
import type { UserActor } from "../_shared/http/actor.ts";
import { toZonedUtcText } from "../_shared/http/times.ts";

export function presentProfile(profile: ProviderProfile) {
  return {
    id: profile.id,
    phone_number: profile.phone,
    email: profile.email,
    name: profile.name,
    ...profile.sections,
    is_active: profile.isActive,
    created_at: toZonedUtcText(profile.createdAt),
    updated_at: toZonedUtcText(profile.updatedAt),
  };
}

export function presentSignIn({ session, profile }: PhoneSignIn) {
  return {
    success: true as const,
    is_new_user: profile === null,
    ...(profile ? { facilitator: presentProfile(profile) } : {}),
    redirect_to: profile ? "dashboard" as const : "onboarding" as const,
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    expires_in: session.expiresIn,
  };
}

export function presentLoginSession({ id, via, endsAtMs }: UserActor) {
  return { user_id: id, via, expires_at: toZonedUtcText(new Date(endsAtMs).toISOString()) };
}
