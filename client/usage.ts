/** What `client --help` prints. */

import { process } from "../server/platform/platform.ts";
import { access } from "./platform/platform.ts";

export function clientHelp(): string {
  const { invocation, runtimeName } = process;
  return `Talk to a Ravel server, or any other that speaks Redis's protocol.

Usage:
  ${invocation} client [options] [command …]

With a command the client sends it and prints the reply. Without one it runs a session in the
terminal, or, when standard input is no terminal, each of its lines as a command. The exit code is 1
when any command got an error reply; later lines run all the same.

Options, before the command:
  -h, --host NAME        the server's address; default 127.0.0.1
  -p, --port NUMBER      default 1234
  -s, --socket PATH      a Unix socket, in place of address and port
  -u, --uri ADDRESS      redis://user:password@host:port/database, or rediss://… for TLS
      --tls              speak TLS, and trust what ${runtimeName} trusts
      --cacert FILE      trust the certificates in FILE too
      --insecure         speak TLS with whoever answers
  -a, --password TEXT    sent with AUTH
      --user NAME        the user that the password is for; default: the default user
  -n, --db NUMBER        the database to select
  -3                     speak RESP3
      --native           speak Ravel's native protocol
      --raw              print replies as they are; default when the output is no terminal
      --no-raw           print replies with their types; default on a terminal
      --help             show this help

${memory()}; "help" in a session tells more.`;
}

function memory(): string {
  const { homeOptions } = access;
  const where = ".ravel_history of the home directory";
  return homeOptions === undefined
    ? `A session remembers its lines in ${where}`
    : `With ${homeOptions} a session remembers its lines in\n${where}`;
}
