/**
 * HELP, the subcommand that every container has: what the container's declarations say, line by
 * line.
 */

import { argumentsSyntax } from "../protocol/command_syntax.ts";
import type { Reply } from "../protocol/reply.ts";
import type { ArgumentDeclaration, CommandDeclaration, ContainerDeclaration } from "./registry.ts";

/** What help is about: one subcommand. */
export interface HelpTopic {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentDeclaration[];
}

/** The help of a container, without the one line for HELP itself. */
const HELP_TOPIC: HelpTopic = { name: "help", summary: "Prints this text." };

/** A container with its HELP subcommand, which came with version `since` of Redis. */
export function withHelp(container: ContainerDeclaration, since: string): ContainerDeclaration {
  const { name, subcommands, group } = container;
  const topics: HelpTopic[] = [...subcommands];
  if (container.run !== undefined) {
    topics.unshift({ name: "(no subcommand)", summary: container.summary });
  }
  const help: CommandDeclaration = {
    name: "help",
    arity: 2,
    complexity: "O(1)",
    group,
    since,
    summary: `Explains the subcommands of ${name.toUpperCase()}.`,
    flags: ["loading", "stale"],
    categories: container.categories,
    run: ({ reply }) => replyWithHelp(reply, name, topics),
  };
  return { ...container, subcommands: [...subcommands, help] };
}

/** Replies with one status line for each subcommand's syntax, and one for what it does. */
export function replyWithHelp(reply: Reply, name: string, topics: readonly HelpTopic[]): void {
  reply.array(3 + 2 * topics.length);
  reply.status(`${name.toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
  for (const topic of [...topics, HELP_TOPIC]) {
    const word = topic.name.startsWith("(") ? topic.name : topic.name.toUpperCase();
    reply.status(`${word} ${argumentsSyntax(topic.arguments)}`.trimEnd());
    reply.status(`    ${topic.summary}`);
  }
}
