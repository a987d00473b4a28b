import { denoRuntime } from "../_shared/runtime.ts";
import { createSessions } from "./app.ts";

export default createSessions(denoRuntime());
