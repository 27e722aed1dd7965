/**
 * What a session load consists of: plain data, which is sent to Workers.
 *
 * Two kinds cover it. In a script, small groups of connections act in turn, each step with the exact
 * bytes that must come back:
 *
 * ```
 * connection 0   BLPOP k 0 ─▶                       ─▶ k, v    a group of two, one round
 * connection 1               LPUSH k v ─▶ :1
 * ```
 *
 * In a fan-out, one connection publishes and many read, see fan_out.ts.
 */

/** In texts of scripts: replaced by the number of the group, so that each has keys of its own. */
export const GROUP_MARK = "######";

/** One connection of a group sends something, or waits for something, or both. */
export interface ScriptStep {
  /** Which connection of the group. */
  readonly on: number;
  /** Bytes, as ASCII text. */
  readonly send?: string;
  /** The very bytes that must come back before the next step. */
  readonly expect?: string;
}

export interface ScriptPlan {
  readonly kind: "script";
  readonly hostname: string;
  readonly port: number;
  /** Groups that follow the script side by side, each on connections of its own. */
  readonly groups: number;
  /** For each connection of a group, what it sends once after it is opened; any reply but an error. */
  readonly preparation: readonly (readonly (readonly string[])[])[];
  /** Rounds that differ; each group takes one after the other, and begins at another. */
  readonly rounds: readonly (readonly ScriptStep[])[];
  /** What a round counts for; one operation if it is not given. */
  readonly operationsARound?: number;
}

export interface FanOutPlan {
  readonly kind: "fan-out";
  readonly hostname: string;
  readonly port: number;
  readonly subscribers: number;
  /** Messages that are published in one write. */
  readonly pipeline: number;
  /** Messages that are published and not yet read by everyone, at most; no less than `pipeline`. */
  readonly window: number;
  readonly messageBytes: number;
}

export type SessionPlan = ScriptPlan | FanOutPlan;

/** What was done in one span: operations of a script, or messages that arrived. */
export interface SessionResult {
  readonly operations: number;
  readonly elapsedMs: number;
}

/** A load whose connections are open. */
export interface SessionLoad {
  /** Rejects at the first wrong byte. */
  run(durationMs: number): Promise<SessionResult>;
  close(): void;
}

/** A text of a script as a group of that number has it. */
export function forGroup(text: string, group: number): string {
  return text.replaceAll(GROUP_MARK, String(group).padStart(GROUP_MARK.length, "0"));
}

/** A request as text; all of it is ASCII. */
export function requestText(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map(bulkText).join("")}`;
}

/** A bulk string as text. */
export function bulkText(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
