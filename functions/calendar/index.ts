import { denoRuntime } from "../_shared/runtime.ts";
import { createCalendar } from "./app.ts";

export default createCalendar(denoRuntime());
