import { denoRuntime } from "../_shared/runtime.ts";
import { createCrm } from "./app.ts";

export default createCrm(denoRuntime());
