import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OPENAPI_VARIABLE } from "../../lib/devnet/mirror/checked.ts";

// Every devnet of a test run, in this process or another, holds its REST answers to the mirror node's own
// specification, where that lies beside the project.
const file = fileURLToPath(new URL("../../../shared/openapi/mirror-node.yml", import.meta.url));
if (existsSync(file)) process.env[OPENAPI_VARIABLE] ??= file;
