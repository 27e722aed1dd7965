/**
 * What `--help` prints. The list of settings is read from the table that the server itself uses.
 */

import { DIRECTIVES } from "../config/directives.ts";
import { process } from "../platform/platform.ts";
import { ravelVersion } from "../version.ts";

export function mainHelp(): string {
  const { invocation } = process;
  return `Ravel ${ravelVersion}: an in-memory data server that speaks Redis's protocol

Usage:
  ${invocation} serve [FILE] [--setting value …]
  ${invocation} client [options] [command …]

Commands:
  serve       start a server; "serve --help" lists its settings
  client      talk to a server; "client --help" lists its options

Options:
  --help      show this help
  --version   show the version`;
}

export function serveHelp(): string {
  const { invocation, takesPermissions } = process;
  const needed = takesPermissions ? " (reading it needs --allow-read)" : "";
  return `Start a Ravel server.

Usage:
  ${invocation} serve [FILE] [--setting value …] [-]

FILE is a configuration file in redis.conf's form${needed}, and a last "-"
reads one from standard input. Settings on the command line win over those in a file. Sizes take
units: 1k is 1000 bytes, 1kb is 1024, likewise m mb g gb.

Examples:
  ${invocation} serve --port 7000 --maxmemory 1gb
  ${process.invocationWith({ read: "ravel.conf" })} serve ravel.conf --loglevel verbose

Settings:
${DIRECTIVES.filter(({ hasEffect }) => hasEffect).map(describe).join("\n")}

Settings of Redis that have no effect in this version. They are checked as Redis checks them, so
that its files and tools work, and those that are given another value than their default are named
in a warning when the server starts:
${wrap(namesWithoutEffect().join(" "))}`;
}

function namesWithoutEffect(): string[] {
  return DIRECTIVES.filter(({ hasEffect, hidden }) => !hasEffect && !hidden)
    .map(({ name }) => name).sort();
}

/** What a description says of permissions, where there are such. */
const PERMISSION = / \(needs --allow-\w+\)/;

const WIDTH = 96;
const INDENT = "      ";

function describe(directive: typeof DIRECTIVES[number]): string {
  const value = directive.initialText;
  const head = wrap(directive.form, `  --${directive.name}  `);
  const { description } = directive;
  const what = process.takesPermissions ? description : description.replace(PERMISSION, "");
  const text = `${what} Default: ${value === "" ? '""' : value}`;
  return head + "\n" + wrap(text);
}

/** A text in lines, of which the first begins in another way. */
function wrap(text: string, opening = INDENT): string {
  const lines = [opening];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last.length + word.length > WIDTH) lines.push(INDENT + word);
    else lines[lines.length - 1] = last.endsWith(" ") ? last + word : `${last} ${word}`;
  }
  return lines.join("\n");
}
