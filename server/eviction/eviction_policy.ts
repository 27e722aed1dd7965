/**
 * The values of `maxmemory-policy`, taken apart: among which keys, and which of them goes first.
 *
 * ```
 * volatile-lru
 * │        └── order      which goes first
 * └── among              all keys, or those that expire
 * ```
 */

import type { MaxMemoryPolicy } from "../config/settings.ts";

/** Which key goes first. */
export const EvictionOrder = {
  /** None goes at all. */
  Never: 0,
  /** The one whose last use is longest ago. */
  LeastRecentlyUsed: 1,
  /** The one that is used least often. */
  LeastOftenUsed: 2,
  /** The one that expires first. */
  FirstToExpire: 3,
  /** Any. */
  Random: 4,
} as const;
export type EvictionOrder = typeof EvictionOrder[keyof typeof EvictionOrder];

export interface EvictionPolicy {
  readonly order: EvictionOrder;
  /** Whether only keys go that have an expiry. */
  readonly isVolatile: boolean;
}

const { FirstToExpire, LeastOftenUsed, LeastRecentlyUsed, Never, Random } = EvictionOrder;

export const EVICTION_POLICIES: Readonly<Record<MaxMemoryPolicy, EvictionPolicy>> = {
  "volatile-lru": { order: LeastRecentlyUsed, isVolatile: true },
  "volatile-lfu": { order: LeastOftenUsed, isVolatile: true },
  "volatile-random": { order: Random, isVolatile: true },
  "volatile-ttl": { order: FirstToExpire, isVolatile: true },
  "allkeys-lru": { order: LeastRecentlyUsed, isVolatile: false },
  "allkeys-lfu": { order: LeastOftenUsed, isVolatile: false },
  "allkeys-random": { order: Random, isVolatile: false },
  noeviction: { order: Never, isVolatile: false },
};
