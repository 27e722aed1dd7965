/**
 * The two halves of a connection. A link has the socket, and knows nothing of requests; the session
 * (connection.ts) has everything else, and never waits. So sockets may live elsewhere one
 * day, on threads of their own, and a session can be driven without any.
 *
 * ```
 *   socket ── link ── received ──▶ session: requests carried out ──▶ output
 *              │ ▲                                                     │
 *              │ └──────────────── wake: there is something ◀──────────┤ of others
 *              └─ waitingOutput, once `proceed` has answered ◀─────────┘ of its own
 * ```
 */

import type { SocketAddress } from "../platform/socket.ts";

/** A socket, anywhere. Called on the thread that executes; never waits. */
export interface Link {
  readonly remoteAddress: SocketAddress;
  readonly localAddress: SocketAddress;
  /** There is output to send, or requests that waited are to go on. */
  wake(): void;
  /** Ends the connection once all output is sent. */
  finish(): void;
  /** Ends the connection now; the session is told all the same. */
  close(): void;
}

/** How a session goes on after `Connection.proceed`. */
export const Progress = {
  /** Everything that has come is carried out: send the output, then read. */
  Idle: 0,
  /** Send the output, then call again. */
  More: 1,
  /** Send the output; then the session waits until it wakes the link. Reading goes on meanwhile. */
  Held: 2,
  /** Send the output, then close. */
  Closing: 3,
} as const;
export type Progress = typeof Progress[keyof typeof Progress];
