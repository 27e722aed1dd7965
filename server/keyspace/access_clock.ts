/**
 * What an entry remembers of its use, in 24 bits:
 *
 * ```
 *   when it was last used      │ seconds, modulo 2^24        │
 *   how often, by a policy     │ minutes, modulo 2^16 │ n  8 │    as of maxmemory-policy's *-lfu
 *   that goes by that
 * ```
 *
 * `n` is a logarithm: the more there is, the less probable is it that one more use adds to it
 * (lfu-log-factor), and it loses one for each so many minutes without (lfu-decay-time). So 255 stands
 * for a million uses, and who was often used once is forgotten. The rules are Redis's, which clients
 * see by OBJECT FREQ. Where the policy changes, what is remembered is taken for the other, as in
 * Redis.
 */

import { CLOCK_MODULUS } from "./entry_layout.ts";

/** What a use is counted by. */
export interface AccessSettings {
  /** Whether uses are counted, rather than their time noted. */
  countsUses: boolean;
  logFactor: number;
  /** Minutes without use that take one off; 0: none do. */
  decayMinutes: number;
}

/** Uses of what is new, so that it is not taken for never used. */
const NEW_USES = 5;
const MAX_USES = 255;
const USES_BITS = 8;
const MINUTES_MASK = 0xffff;

const RANDOM_BOUND = 2 ** 31;

/** The clock of an entry that is made now. O(1). */
export function newClock(settings: AccessSettings, nowMs: number): number {
  return settings.countsUses ? clockOfUses(nowMs, NEW_USES) : secondsClock(nowMs);
}

/** The clock of an entry that is used now, where times are noted; of INFO, too. */
export function secondsClock(nowMs: number): number {
  return Math.floor(nowMs / 1000) % CLOCK_MODULUS;
}

/** The clock of an entry that was last used so many seconds ago, where times are noted. */
export function clockOfIdle(nowMs: number, seconds: number | bigint): number {
  const idle = Number(BigInt(seconds) % BigInt(CLOCK_MODULUS));
  return (secondsClock(nowMs) - idle + CLOCK_MODULUS) % CLOCK_MODULUS;
}

/** Seconds since an entry was last used, where times are noted. O(1). */
export function idleSecondsOf(nowMs: number, clock: number): number {
  return idleSecondsBetween(clock, secondsClock(nowMs));
}

/** Seconds from one clock to a later one, where times are noted. O(1). */
export function idleSecondsBetween(clock: number, nowClock: number): number {
  return (nowClock - clock) & (CLOCK_MODULUS - 1);
}

function minutesOf(nowMs: number): number {
  return Math.floor(nowMs / 60_000) & MINUTES_MASK;
}

/** How often an entry is used, from 0 to 255. O(1). */
export function usesOf(settings: AccessSettings, nowMs: number, clock: number): number {
  const uses = clock & MAX_USES;
  const { decayMinutes } = settings;
  if (decayMinutes === 0) return uses;
  const now = minutesOf(nowMs);
  const then = clock >>> USES_BITS;
  const elapsed = now >= then ? now - then : MINUTES_MASK - then + now;
  return Math.max(0, uses - Math.floor(elapsed / decayMinutes));
}

/** An entry's clock once it has been used another time. O(1). */
export function clockAfterUse(
  settings: AccessSettings,
  nowMs: number,
  clock: number,
  randomInt: (bound: number) => number,
): number {
  const uses = usesOf(settings, nowMs, clock);
  const above = Math.max(0, uses - NEW_USES);
  const isCounted = uses < MAX_USES &&
    randomInt(RANDOM_BOUND) * (above * settings.logFactor + 1) < RANDOM_BOUND;
  return clockOfUses(nowMs, uses + (isCounted ? 1 : 0));
}

/** The clock of an entry that is used so often. */
export function clockOfUses(nowMs: number, uses: number): number {
  return minutesOf(nowMs) << USES_BITS | uses;
}
