import { denoRuntime } from "../_shared/runtime.ts";
import { createConsulting } from "./app.ts";

export default createConsulting(denoRuntime());
