import type { Runtime } from "../_shared/runtime.ts";

/** Where a shared recording, or its transcript, is opened: `GET /recordings/{token}` of this contract. */
export function recordingLink({ config }: Runtime): (token: string, part?: "transcript") => string {
  const base = `${config.supabaseUrl}/functions/v1/consulting/recordings`;
  return (token, part) => part ? `${base}/${token}/${part}` : `${base}/${token}`;
}
