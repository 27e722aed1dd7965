/** How a client has its keys tracked: a facet, which only clients that ever asked for it have. */

import type { HashedBytes } from "../../structures/key_map.ts";
import type { Client, ClientNotes, Facet } from "../execution/client.ts";
import { After } from "../execution/settlement.ts";

/** What a tracker takes, about, and each of its prefixes beside its bytes. */
const TRACKER_BYTES = 256;
const PREFIX_BYTES = 768;

/** What CLIENT TRACKING ON is asked for. */
export interface TrackingOptions {
  /** Whether the client hears of every changed key that begins with one of its prefixes. */
  readonly broadcasts: boolean;
  /** Whether only what is read after CLIENT CACHING YES counts. */
  readonly optsIn: boolean;
  /** Whether what is read after CLIENT CACHING NO does not count. */
  readonly optsOut: boolean;
  /** Whether the client does not hear of what it changes itself. */
  readonly noLoop: boolean;
  /** The number of the client that gets the messages; 0: the client itself does. */
  readonly redirect: number;
}

const OFF: TrackingOptions = {
  broadcasts: false,
  optsIn: false,
  optsOut: false,
  noLoop: false,
  redirect: 0,
};

/** Whoever the facet belongs to. */
export interface TrackerHost {
  disable(tracker: Tracker): void;
  ended(tracker: Tracker): void;
}

/** See the top of the file. */
export class Tracker implements Facet {
  isOn = false;
  options = OFF;
  /** Whether CLIENT CACHING was called for the next request. */
  isCachingGiven = false;
  /** Whether the client that was to get the messages was gone when one came. */
  isBroken = false;
  /** In the order of their bytes. */
  readonly prefixes: HashedBytes[] = [];

  constructor(readonly client: Client, readonly host: TrackerHost) {}

  /** Begins to track, or goes on in another way. */
  begin(options: TrackingOptions): void {
    this.isOn = true;
    this.options = options;
    this.isBroken = false;
    // Who hears of all changes need not be watched reading.
    if (options.broadcasts) this.client.after &= ~After.Tracking;
    else this.client.after |= After.Tracking;
  }

  /** Tracks no more. */
  end(): void {
    this.isOn = false;
    this.options = OFF;
    this.isCachingGiven = false;
    this.isBroken = false;
    this.client.after &= ~After.Tracking;
  }

  /** Whether what the request at hand reads is to be remembered. */
  get remembers(): boolean {
    const { broadcasts, optsIn, optsOut } = this.options;
    if (!this.isOn || broadcasts) return false;
    return this.isCachingGiven ? !optsOut : !optsIn;
  }

  get memoryBytes(): number {
    return this.prefixes.reduce((sum, { length }) => sum + PREFIX_BYTES + length, TRACKER_BYTES);
  }

  note(notes: ClientNotes): void {
    if (!this.isOn) return;
    notes.flags += "t" + (this.isBroken ? "R" : "") + (this.options.broadcasts ? "B" : "");
    notes.redirect = this.options.redirect;
  }

  reset(): void {
    this.host.disable(this);
  }

  ended(): void {
    this.host.ended(this);
  }
}
