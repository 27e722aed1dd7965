/** The user that a client acts as, as far as those have to know it who carry out its requests. */

import type { ByteString } from "../../structures/bytes/byte_string.ts";

export interface ClientUser {
  readonly name: ByteString;
  /** Whether everything is open to it, so that nobody has to ask. */
  readonly isUnrestricted: boolean;
}

/** Whoever is nobody's client, such as what scripts call as, and is asked elsewhere what it may. */
export const NO_USER: ClientUser = { name: "(superuser)", isUnrestricted: true };
