/**
 * Who is told of what a call did, where that is written down or sent on: hooks of After.Propagate
 * (settlement.ts) see each call when it has run.
 *
 * ```
 * EVAL ─▶ SET   depth 1, propagates to all             ┐ one transaction,
 *      ─▶ DEL   depth 1, after redis.set_repl: nobody  ├ complete with the call of depth 0,
 *      ─▶ EVAL  depth 0, which changes nothing itself  ┘ which is not told itself
 * ```
 */

/** Bits. A script may choose by redis.set_repl. */
export const PropagateTo = { Nobody: 0, File: 1, Replicas: 2, All: 3 } as const;
