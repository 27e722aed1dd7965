// A run over many sequences: for a time, or for a number of them.

import { versionNumber } from "./call_writer.ts";
import { Duel } from "./duel.ts";
import { scriptOf, type Sequence } from "./sequence.ts";
import { isComparable, SequenceWriter } from "./sequence_writer.ts";
import { shrunk } from "./shrink.ts";

export interface CampaignOptions {
  /** Of the first sequence; each that follows has the next one. */
  readonly seed: number;
  /** Ends after so many sequences or seconds, whichever comes first. */
  readonly sequences?: number;
  readonly seconds?: number;
  /** Path of the redis-server to compare with. */
  readonly program?: string;
  /** Commands to generate, in lower case; all where it is left out. */
  readonly only?: readonly string[];
  /** Ends after so many kinds of failures. */
  readonly maxFailures?: number;
  readonly onFailure?: (report: string) => void;
}

export interface CampaignOutcome {
  readonly version: string;
  /** Commands and subcommands that were generated. */
  readonly commands: readonly string[];
  readonly sequences: number;
  readonly calls: number;
  /** One a kind, each with its seed and shortest sequence. */
  readonly failures: readonly string[];
}

/** Runs sequences until there have been enough. */
export async function campaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const { maxFailures = 20, seconds = Infinity, sequences = Infinity } = options;
  await using duel = await Duel.start(options.program);
  const writer = new SequenceWriter({
    version: duel.version,
    known: await duel.commandsOfRedis(),
    payloads: await duel.payloads(),
    only: options.only,
  });
  const failures = new Map<string, string>();
  const end = performance.now() + seconds * 1000;
  let done = 0;
  let calls = 0;
  while (done < sequences && performance.now() < end && failures.size < maxFailures) {
    const sequence = writer.write(options.seed + done);
    done++;
    calls += sequence.calls.length;
    const found = await duel.run(sequence).catch((cause) => {
      throw new Error(`seed ${sequence.seed} did not end:\n${scriptOf(sequence)}`, { cause });
    });
    if (found === undefined || failures.has(found.kind)) continue;
    const report = await reportOf(duel, sequence, found.kind);
    failures.set(found.kind, report);
    options.onFailure?.(report);
  }
  return {
    version: duel.version,
    commands: writer.names,
    sequences: done,
    calls,
    failures: [...failures.values()],
  };
}

async function reportOf(duel: Duel, sequence: Sequence, kind: string): Promise<string> {
  const version = versionNumber(duel.version);
  const short = await shrunk(
    sequence,
    async (candidate) =>
      candidate.calls.every((call) => isComparable(call, version)) &&
      (await duel.run(candidate))?.kind === kind,
  );
  const found = await duel.run(short);
  return `seed ${sequence.seed}: ${found?.difference ?? `${kind}, which does not come again`}\n` +
    `shortest sequence:\n${scriptOf(short)}\n`;
}
