/** Which arguments of a command are channels, or patterns of channels, that it publishes or subscribes to. */

/** Where a command's channels stand. */
export interface ChannelArguments {
  readonly first: number;
  /** Whether they go on to the last argument; else there is one. */
  readonly toTheEnd: boolean;
  readonly arePatterns: boolean;
}

const ONE: ChannelArguments = { first: 1, toTheEnd: false, arePatterns: false };
const ALL: ChannelArguments = { first: 1, toTheEnd: true, arePatterns: false };

/** By name of the command. Who unsubscribes is asked nothing. */
export const CHANNEL_ARGUMENTS: ReadonlyMap<string, ChannelArguments> = new Map([
  ["publish", ONE],
  ["spublish", ONE],
  ["subscribe", ALL],
  ["ssubscribe", ALL],
  ["psubscribe", { ...ALL, arePatterns: true }],
]);
