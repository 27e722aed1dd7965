// The list of settings in docs/configuration.md, made from the table that the server itself uses. What
// stands around it is written by hand.

import type { Directive } from "../../server/config/directive.ts";
import { DIRECTIVES } from "../../server/config/directives.ts";
import { textOfByteString } from "../../structures/bytes/byte_string.ts";

const START = "<!-- made by `deno task docs:configuration` -->";
const END = "<!-- made until here -->";

/** The page with its list as it has to be. */
export function withSettings(page: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) throw new Error("the page has no place for the list of settings");
  return `${page.slice(0, start)}${START}\n\n${settings()}\n${page.slice(end)}`;
}

function settings(): string {
  const [effective, others] = [true, false].map((hasEffect) =>
    DIRECTIVES.filter((directive) => directive.hasEffect === hasEffect)
  );
  const sorted = others.toSorted((a, b) => a.name < b.name ? -1 : 1);
  return [
    `### Those that do something: ${effective.length}\n`,
    ...effective.map((directive) => `${headOf(directive)}\\\n  ${directive.description}`),
    `\n### Those without effect: ${others.length}\n`,
    ...sorted.map(headOf),
    "",
  ].join("\n");
}

function headOf(directive: Directive): string {
  const { aliases, form, initialText, name } = directive;
  const shown = textOfByteString(initialText);
  return `- \`${name}\` takes ${code(form)}, ${code(shown === "" ? '""' : shown)} by default; ` +
    `${whenOf(directive)}` +
    (aliases.length === 0 ? "" : `; also called ${aliases.map(code).join(", ")}`);
}

/** When a value takes effect, or when it may be given one. */
function whenOf({ hasEffect, hidden, isProtected, mutable }: Directive): string {
  const when = !mutable
    ? "set at the start alone"
    : hasEffect
    ? "takes effect at once"
    : "may be set at any time";
  return when + (isProtected ? ", if `enable-protected-configs` lets it" : "") +
    (hidden ? "; shown when asked for by its whole name" : "");
}

function code(text: string): string {
  return `\`${text}\``;
}
