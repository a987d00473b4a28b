import { denoRuntime } from "../_shared/runtime.ts";
import { createEvents } from "./app.ts";

export default createEvents(denoRuntime());
