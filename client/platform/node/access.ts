/** Node and Bun let a program do what its user may do. */

import type { Access } from "../access.ts";

export const access: Access = {
  missing: () => Promise.resolve(undefined),
  homeOptions: undefined,
};
