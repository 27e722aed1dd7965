// Downloads what the tests of the npm package need, so that they run here too.

import { install } from "../harness/npm_installation.ts";

await install();
